/** Text of a project that was not split yet: read, freed of duplicates, split by document, and kept beside the runs. */

import { existsSync } from 'node:fs';
import path from 'node:path';
import * as z from 'zod';
import { openDocuments, type ReadOptions } from '../corpus/index.ts';
import { BimixError, parseCheckedJson } from '../errors/index.ts';
import { makeFolder, readInputFile, writeWholeFile } from '../files/index.ts';
import { cutText } from './cut-text.ts';
import type { Project } from './project.ts';
import { type DomainText, projectText } from './project-text.ts';
import type { ProxyDomain } from './proxy-run.ts';
import { type SampleDocument, type SampleSplit, splitSample } from './split-sample.ts';
import { taskIds } from './task-id.ts';

/** So much more text is read than wanted, as duplicates are dropped. */
const SURPLUS = 1.2;
/** Documents are cut to this where there are too few to leave some for validation. */
const PART_BYTES = 4096;
/** Files that are read side by side: a few of many, spread evenly. */
const FILES_READ = 64;

const side = z.object({ file: z.string(), documents: z.number(), bytes: z.number() });
const splitRecord = z.object({
  version: z.literal(1),
  /** Most bytes of text a domain. */
  bytes: z.number(),
  domains: z.array(
    z.object({ name: z.string(), train: side, validation: side, duplicates: z.number(), isCut: z.boolean() }),
  ),
});

type SplitRecord = z.infer<typeof splitRecord>;
/** What became of the text of a domain. */
export type SplitDomain = SplitRecord['domains'][number];

/**
 * The domains of the embedded trainer's runs. Files that the project names as training and validation are taken as they are; other
 * text is split once, into `text/` of the folder, and used from there ever after, whatever becomes of its files.
 *
 * @param bytes most bytes of text a domain
 * @param onDomain called with each domain that was split in this call
 * @throws BimixError `missing-documents` when a domain has too little text, `missing-files`, and as the corpus readers
 */
export async function prepareText(
  project: Project,
  folder: string,
  bytes: number,
  onDomain?: (domain: SplitDomain) => void,
): Promise<readonly ProxyDomain[]> {
  const own = path.join(folder, 'text');
  const recordFile = path.join(own, 'split.json');
  const unsplit = project.domains.filter(({ files }) => files.length > 0);
  let domains: readonly SplitDomain[] = [];
  if (existsSync(recordFile)) domains = (await readRecord(recordFile)).domains;
  else if (unsplit.length > 0) {
    const texts = (await projectText(project)).filter(({ files }) => files.length > 0);
    const ids = taskIds(texts.map(({ domain }) => domain.name));
    await makeFolder(own);
    const written: SplitDomain[] = [];
    for (const [index, text] of texts.entries()) {
      written.push(await splitDomain(text, bytes, own, ids[index]));
      onDomain?.(written[index]);
    }
    domains = written;
    const record: SplitRecord = { version: 1, bytes, domains: written };
    await writeWholeFile(recordFile, `${JSON.stringify(record, null, 2)}\n`);
  }
  return project.domains.map(({ name, train, validation, text, format }) => {
    const found = domains.find(domain => domain.name === name);
    if (found !== undefined) {
      return { name, train: [path.join(own, found.train.file)], validation: [path.join(own, found.validation.file)] };
    }
    const read = { ...(text === null ? {} : { text }), ...(format === null ? {} : { format }) };
    const resolved = (files: readonly string[]) => files.map(file => path.resolve(project.folder, file));
    return {
      name,
      train: resolved(train),
      validation: resolved(validation),
      ...(Object.keys(read).length === 0 ? {} : { read }),
    };
  });
}

async function splitDomain(text: DomainText, bytes: number, folder: string, id: string): Promise<SplitDomain> {
  const { name } = text.domain;
  const documents = await gather(text, bytes * SURPLUS);
  let split = splitSample(documents, bytes);
  const isCut = split.train.length === 0 || split.validation.length === 0;
  if (isCut) {
    const parts = documents.flatMap(({ id: document, text: whole }) =>
      cutText(whole, PART_BYTES).map((part, n) => ({ id: `${document}:${n + 1}`, text: part })),
    );
    split = splitSample(parts, bytes);
  }
  if (split.train.length === 0 || split.validation.length === 0) {
    throw new BimixError(
      'missing-documents',
      `missing documents of "${name}": too little text to keep some for validation`,
      {
        hint: 'Give it more text, or name its train and validation files.',
        where: { file: text.files[0] },
      },
    );
  }
  const { leftOut } = split;
  const write = async (part: 'train' | 'validation'): Promise<z.infer<typeof side>> => {
    const file = `${id}-${part}.jsonl`;
    await writeWholeFile(path.join(folder, file), lines(split[part]));
    const size = split[part].reduce((sum, document) => sum + Buffer.byteLength(document.text), 0);
    return { file, documents: split[part].length, bytes: size };
  };
  return {
    name,
    train: await write('train'),
    validation: await write('validation'),
    duplicates: leftOut.exact + leftOut.near,
    isCut,
  };
}

function* lines(documents: SampleSplit['train']): Generator<string> {
  for (const { text } of documents) yield `${JSON.stringify({ text })}\n`;
}

/** Documents of all files in turn, so that no file stands for all. */
async function gather({ domain, files }: DomainText, bytes: number): Promise<SampleDocument[]> {
  const { text, format, name } = domain;
  const options: ReadOptions = {
    ...(text === null ? {} : { text }),
    ...(format === null ? {} : { format }),
    batchBytes: Math.max(65_536, Math.min(2_097_152, Math.round(bytes / FILES_READ))),
  };
  const step = Math.max(1, files.length / FILES_READ);
  const chosen = Array.from({ length: Math.min(files.length, FILES_READ) }, (_, n) => files[Math.floor(n * step)]);
  const sources = await Promise.all(
    chosen.map(async file => {
      const opened = await openDocuments(file, options);
      if (opened.kind === 'text') return { file, batches: opened.batches()[Symbol.asyncIterator](), count: 0 };
      throw new BimixError(
        'invalid-files',
        `invalid files of "${name}": ${file} holds tokens, and the embedded trainer reads text`,
        {
          hint: 'Name the text that the tokens were made from, or train with a command of your own.',
          where: { file },
        },
      );
    }),
  );
  const documents: SampleDocument[] = [];
  let size = 0;
  let open = sources;
  while (open.length > 0 && size < bytes) {
    for (const source of open) {
      const { done, value } = await source.batches.next();
      if (done) open = open.filter(other => other !== source);
      else {
        for (const document of value.texts) {
          source.count++;
          documents.push({ id: `${source.file}:${source.count}`, text: document });
          size += Buffer.byteLength(document);
        }
      }
      if (size >= bytes) break;
    }
  }
  await Promise.all(open.map(({ batches }) => batches.return?.()));
  return documents;
}

async function readRecord(file: string): Promise<SplitRecord> {
  return parseCheckedJson((await readInputFile(file)).text(), splitRecord, {
    code: 'invalid-record',
    what: `record ${file}`,
    hint: 'It is damaged, or of another version of bimix. Start the runs in another folder.',
    file,
  });
}
