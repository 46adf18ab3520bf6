/** The readers, and which of them reads a file. A new format is one new file and one line here. */

import { BimixError, didYouMean } from '../errors/index.ts';
import { datatrove } from './datatrove.ts';
import { detectReader } from './detect-format.ts';
import type { DocumentFile, DocumentReader, ReadOptions } from './documents.ts';
import { jsonl } from './jsonl.ts';
import { llmc } from './llmc.ts';
import { mds } from './mds.ts';
import { megatron } from './megatron.ts';
import { nanogpt } from './nanogpt.ts';
import { npy } from './npy.ts';
import { olmoNpy } from './olmo-npy.ts';
import { parquet } from './parquet.ts';
import { text } from './text.ts';

/** In the order they are asked: formats with magic numbers and companion files before those that are only plausible. */
const READERS: readonly DocumentReader[] = [
  mds,
  megatron,
  datatrove,
  parquet,
  npy,
  llmc,
  jsonl,
  text,
  olmoNpy,
  nanogpt,
];

export function readerNames(): readonly string[] {
  return READERS.map(({ name }) => name);
}

/**
 * Opens a file of a corpus: checks what can be checked without reading it all.
 *
 * @param path a file; for mds a folder, for megatron also the prefix of `.bin` and `.idx`
 * @throws BimixError `unknown-format`, `ambiguous-format` when the format has to be stated, `missing-file`, and what the
 * reader throws
 */
export async function openDocuments(path: string, options: ReadOptions = {}): Promise<DocumentFile> {
  const { format } = options;
  if (format === undefined) return (await detectReader(path, READERS)).open(path, options);
  const reader = READERS.find(({ name }) => name === format);
  if (reader === undefined) {
    throw new BimixError('unknown-format', `unknown format "${format}" of ${path}`, {
      hint: didYouMean(format, readerNames()),
    });
  }
  return reader.open(path, options);
}
