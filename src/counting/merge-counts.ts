/** Merging count files of a domain into one. */

import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { BimixError } from '../errors/index.ts';
import { outputError, temporaryBeside } from '../files/index.ts';
import { CountsFileReader } from './counts-file.ts';
import type { CountsHeader } from './counts-header.ts';
import { mergeHeaders } from './merge-headers.ts';
import { mergeOnce } from './merge-once.ts';

/** Files merged at a time; each holds one block in memory. */
export const MAX_AT_A_TIME = 64;

/**
 * Merges count files of one domain. The result is the same, bit for bit, in whatever order and by whatever steps they are
 * merged. Memory: tables for the vocabulary and one block a file, however large the files.
 *
 * @param paths at least one
 * @param out written whole or not at all
 * @throws BimixError missing-file; invalid-counts when files are damaged, differ in domain, tokenizer, vocabulary, groups or
 *   pairs across documents, or hold the same part
 */
export async function mergeCountFiles(
  paths: readonly string[],
  out: string,
  { signal }: { readonly signal?: AbortSignal } = {},
): Promise<CountsHeader> {
  signal?.throwIfAborted();
  if (paths.length === 0) throw new BimixError('missing-files', 'missing count files: there are none to merge');
  const header = mergeHeaders(paths.map(path => ({ path, header: readCountsHeader(path) })));
  const scratch = await scratchBeside(out);
  try {
    let left = [...paths];
    for (let step = 0; left.length > MAX_AT_A_TIME; step++) {
      const merged = join(scratch, `step-${step}.counts`);
      await mergeOnce(left.splice(0, MAX_AT_A_TIME), merged, join(scratch, 'unfinished'), signal);
      left = [...left, merged];
    }
    await mergeOnce(left, out, join(scratch, 'unfinished'), signal);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
  return header;
}

/** @throws BimixError missing-file, invalid-counts */
export function readCountsHeader(path: string): CountsHeader {
  const file = new CountsFileReader(path);
  file.close();
  return file.header;
}

async function scratchBeside(out: string): Promise<string> {
  const folder = temporaryBeside(out);
  try {
    await mkdir(folder);
    return folder;
  } catch (cause) {
    throw outputError(out, cause);
  }
}
