/** Sample corpora written as files: a folder a domain, and the `corpus.yaml` over them. */

import path from 'node:path';
import { BimixError } from '../errors/index.ts';
import { makeFolder, writeWholeFile } from '../files/index.ts';
import { cutText } from './cut-text.ts';
import type { ProxyDomain } from './proxy-run.ts';
import { SAMPLE_BYTES, type SampleGroup, sampleGroup } from './sample-groups.ts';
import { loadSamplePackage, readSampleDomain, SAMPLE_PACKAGE, type SamplePackage } from './sample-package.ts';
import { type SampleDocument, type SampleSplit, splitSample } from './split-sample.ts';

export interface SampleOptions {
  /** Folder in or above which `bimix-sample-corpora` is looked for before bimix's own. Default: the working folder. */
  readonly from?: string;
  /** Called after each domain is written. */
  readonly onDomain?: (domain: WrittenDomain) => void;
}

/** A domain as written; its `train` and `validation` are one JSON-lines file each. */
export interface WrittenDomain extends ProxyDomain {
  readonly title: string;
  readonly packages: readonly { readonly name: string; readonly version: string }[];
  /** SPDX identifier of the text's licence. */
  readonly licence: string;
  /** Documents, before the long ones were cut. */
  readonly documents: { readonly train: number; readonly validation: number };
  /** UTF-8 bytes of text. */
  readonly bytes: { readonly train: number; readonly validation: number };
  /** Documents left out, by reason. */
  readonly leftOut: SampleSplit['leftOut'];
  /** Share of the 32-byte windows of validation text that training text has too, from 0 to 1. */
  readonly seen: number;
}

export interface WrittenCorpora {
  readonly group: SampleGroup;
  /** Path of `corpus.yaml`, whose domains' files are the training text. */
  readonly corpus: string;
  readonly domains: readonly WrittenDomain[];
}

/** Most bytes of a document in the files. */
export const DOCUMENT_BYTES = 8192;

/**
 * Writes a group of sample corpora: `<folder>/<domain>/train.jsonl` and `validation.jsonl` with `id` and `text` on each
 * line, then `<folder>/corpus.yaml`, with bytes as tokens. The same bytes on every machine. Duplicates are removed and the
 * split is made between whole documents, see `splitSample`; then long documents are cut into parts of at most 8 KiB, named
 * `id#1`, `id#2` and so on.
 *
 * @param folder made where missing; files of the same names in it are written over
 * @param groupName one of `sampleGroups()`
 * @throws BimixError `unknown-sample`, `missing-corpora` when `bimix-sample-corpora` is not installed, `invalid-output`
 *
 * @example
 * ```js
 * import { writeSampleCorpora } from 'bimix/node';
 *
 * const { corpus, domains } = await writeSampleCorpora('text', 'prose-and-code');
 * ```
 */
export async function writeSampleCorpora(
  folder: string,
  groupName: string,
  { from = process.cwd(), onDomain }: SampleOptions = {},
): Promise<WrittenCorpora> {
  const group = sampleGroup(groupName);
  const samples = await loadSamplePackage([from, import.meta.dirname]);
  const domains: WrittenDomain[] = [];
  for (const name of group.domains) {
    const domain = await writeDomain(samples, name, path.join(folder, name));
    domains.push(domain);
    onDomain?.(domain);
  }
  const corpus = path.join(folder, 'corpus.yaml');
  await writeWholeFile(corpus, corpusYaml(group));
  return { group, corpus, domains };
}

async function writeDomain(samples: SamplePackage, name: string, folder: string): Promise<WrittenDomain> {
  const domain = samples.domains.find(candidate => candidate.name === name);
  if (domain === undefined) {
    const message = `missing sample domain "${name}": the ${SAMPLE_PACKAGE} that is installed does not have it`;
    throw new BimixError('missing-corpora', message, { hint: `Install the latest: npm i ${SAMPLE_PACKAGE}@latest` });
  }
  const { documents, packages } = await readSampleDomain(samples, domain);
  const { train, validation, leftOut, seen } = splitSample(documents, SAMPLE_BYTES[name]);
  const files = { train: path.join(folder, 'train.jsonl'), validation: path.join(folder, 'validation.jsonl') };
  await makeFolder(folder);
  await writeWholeFile(files.train, jsonLines(train));
  await writeWholeFile(files.validation, jsonLines(validation));
  return {
    name,
    title: domain.title,
    packages,
    licence: domain.licence,
    train: [files.train],
    validation: [files.validation],
    documents: { train: train.length, validation: validation.length },
    bytes: { train: bytesOf(train), validation: bytesOf(validation) },
    leftOut,
    seen,
  };
}

function* jsonLines(documents: readonly SampleDocument[]): Generator<string> {
  for (const { id, text } of documents) {
    const parts = cutText(text, DOCUMENT_BYTES);
    for (const [index, part] of parts.entries()) {
      yield `${JSON.stringify({ id: parts.length === 1 ? id : `${id}#${index + 1}`, text: part })}\n`;
    }
  }
}

function bytesOf(documents: readonly SampleDocument[]): number {
  return documents.reduce((total, { text }) => total + Buffer.byteLength(text), 0);
}

function corpusYaml({ name, domains }: SampleGroup): string {
  const lines = domains.map(domain => `  ${domain}: {files: [${domain}/train.jsonl]}\n`);
  return `# Sample corpora "${name}": training text. Validation text is in validation.jsonl beside it.\ntokenizer: bytes\ndomains:\n${lines.join('')}`;
}
