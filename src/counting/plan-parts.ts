/**
 * How a domain is cut into parts. The cut depends on the files alone, not on workers or memory, so that a rerun with other
 * workers finds the parts that are done, and any number of machines count the same parts.
 */

import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { createTokenizer, openDocuments } from '../corpus/index.ts';
import { BimixError } from '../errors/index.ts';
import type { DomainSpec } from './domain-spec.ts';
import { fingerprint } from './fingerprint.ts';
import type { FileStretch, PartTask } from './part-task.ts';

/** Bytes of one part, be it many small files or a piece of a large one: seconds of work. */
const PART_BYTES = {
  text: 32 << 20,
  // Ids are counted faster than text, and fewer parts merge faster.
  tokens: 128 << 20,
};
const MAX_PARTS = 256;

export interface DomainPlan {
  readonly domain: string;
  readonly tasks: readonly PartTask[];
}

/**
 * @param vocabulary of domains that state none and have no tokenizer
 * @throws BimixError missing-files, missing-file, invalid-files (one given twice), and what readers and tokenizers throw
 */
export async function planDomain(
  spec: DomainSpec,
  settings: { readonly workFolder: string; readonly groups: number; readonly vocabulary: number },
): Promise<DomainPlan> {
  const { domain, tokenizer, read, acrossDocuments = false } = spec;
  const { workFolder, groups } = settings;
  const known = tokenizer === null ? null : await createTokenizer(tokenizer);
  const identity = known?.identity ?? null;
  const vocabulary = spec.vocabulary ?? known?.vocabulary ?? settings.vocabulary;
  const counted = { domain, read, identity, vocabulary, acrossDocuments, groups };
  if (spec.files.length === 0) throw new BimixError('missing-files', `missing files: domain "${domain}" has none`);
  // Of a domain with text and ids, the first file decides how large parts are: that changes how long they take, no more.
  const partBytes = spec.partBytes ?? PART_BYTES[(await openDocuments(spec.files[0], read)).kind];
  const bundles = bundle(await stretchesOf(spec, vocabulary, partBytes), partBytes);
  const tasks = bundles.map(stretches => {
    const files = stretches.map(({ stretch }) => stretch);
    const key = hashOf([counted, files, stretches.map(({ modified }) => modified)]);
    const bytes = stretches.reduce((sum, { work }) => sum + work, 0);
    return { ...counted, tokenizer, files, bytes, out: pathOf(workFolder, domain, key) };
  });
  return { domain, tasks };
}

/** Where the counts of these parts of a domain are once they are merged. */
export function mergedPath({ domain, tasks }: DomainPlan, workFolder: string): string {
  if (tasks.length === 1) return join(workFolder, basename(tasks[0].out));
  return pathOf(workFolder, domain, hashOf(tasks.map(({ out }) => basename(out))));
}

interface Planned {
  readonly stretch: FileStretch;
  /** Bytes to read, roughly. */
  readonly work: number;
  readonly modified: number;
}

async function stretchesOf(spec: DomainSpec, vocabulary: number, partBytes: number): Promise<Planned[]> {
  const files = await describeFiles(spec);
  const limits = limitsOf(
    files.map(({ bytes }) => bytes),
    spec.sampleTokens,
  );
  const planned: Planned[] = [];
  for (const [position, { path, bytes, modified, content }] of files.entries()) {
    const limit = limits[position];
    if (limit === 0) continue;
    const isWhole = limit !== null || spec.acrossDocuments === true || bytes <= partBytes;
    const wanted = Math.min(MAX_PARTS, Math.ceil(bytes / partBytes));
    const parts = isWhole ? [null] : await partsOf(path, wanted, { ...spec.read, vocabularyLimit: vocabulary });
    const work = limit === null ? bytes / parts.length : Math.min(bytes, limit * 4);
    for (const [index, part] of parts.entries()) {
      const stretch = { path, bytes, fingerprint: content, position, index, of: parts.length, part, limit };
      planned.push({ stretch, work, modified });
    }
  }
  return planned;
}

interface DescribedFile {
  readonly path: string;
  readonly bytes: number;
  readonly content: string;
  readonly modified: number;
}

async function describeFiles({ domain, files, read }: DomainSpec): Promise<DescribedFile[]> {
  const seen = new Set<string>();
  const described: DescribedFile[] = [];
  for (const path of files) {
    if (seen.has(path)) {
      throw new BimixError('invalid-files', `invalid files of domain "${domain}": ${path} is given twice`);
    }
    seen.add(path);
    const stats = await stat(path).catch(() => null);
    const bytes = stats?.isFile() ? stats.size : (await openDocuments(path, read)).bytes;
    described.push({ path, bytes, ...(await fingerprint(path)) });
  }
  return described;
}

/** Tokens to take from each file, in proportion to its bytes; null without a limit. */
function limitsOf(bytes: readonly number[], sampleTokens: number | undefined): (number | null)[] {
  if (sampleTokens === undefined) return bytes.map(() => null);
  const total = bytes.reduce((sum, size) => sum + size, 0);
  let before = 0;
  return bytes.map(size => {
    const from = Math.round((sampleTokens * before) / total);
    before += size;
    return Math.round((sampleTokens * before) / total) - from;
  });
}

async function partsOf(path: string, wanted: number, read: DomainSpec['read']) {
  const parts = await (await openDocuments(path, read)).parts(wanted);
  return parts.length === 1 ? [null] : parts;
}

/** Neighbours as long as they are small together; parts of a file stay alone. */
function bundle(planned: readonly Planned[], partBytes: number): Planned[][] {
  const bundles: Planned[][] = [];
  let size = Number.POSITIVE_INFINITY;
  for (const next of planned) {
    const isPart = next.stretch.of > 1;
    if (!isPart && size + next.work <= partBytes) {
      bundles[bundles.length - 1].push(next);
      size += next.work;
    } else {
      bundles.push([next]);
      size = isPart ? Number.POSITIVE_INFINITY : next.work;
    }
  }
  return bundles;
}

/** Changes with whatever could change the counts, and with this file format. */
function hashOf(key: unknown): string {
  const text = JSON.stringify(['counts 1', key]);
  return createHash('sha256').update(text).digest('hex').slice(0, 24);
}

function pathOf(workFolder: string, domain: string, key: string): string {
  const name = domain.replace(/[^\w.-]+/g, '_').slice(0, 40);
  return join(workFolder, `${name}-${key}.counts`);
}
