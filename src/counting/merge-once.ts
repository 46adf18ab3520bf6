/** One merge of count files, all of them open at a time. */

import { CountsFileReader, CountsFileWriter } from './counts-file.ts';
import type { CountsHeader } from './counts-header.ts';
import { mergeHeaders } from './merge-headers.ts';
import { mergePairs } from './merge-pairs.ts';
import { PairRow } from './pair-row.ts';

/** @param scratch path of the unfinished file */
export async function mergeOnce(
  paths: readonly string[],
  out: string,
  scratch: string,
  signal?: AbortSignal,
): Promise<void> {
  await withCountFiles(paths, async files => {
    const header = mergeHeaders(files);
    const writer = new CountsFileWriter(scratch, header, sumUnigrams(files, header));
    try {
      const pairs = files.map(file => file.pairs());
      await mergePairs(pairs, new PairRow(header.vocabulary, header.groups), writer.pairs(header.groups), signal);
      for (const file of files) file.readEnd();
      writer.finish(out);
    } finally {
      writer.close();
    }
  });
}

/** By group and token. */
export function sumUnigrams(files: readonly CountsFileReader[], { vocabulary, groups }: CountsHeader): Float64Array {
  const unigrams = new Float64Array(vocabulary * groups);
  for (const file of files) file.addUnigramsTo(unigrams);
  return unigrams;
}

export async function withCountFiles(
  paths: readonly string[],
  use: (files: readonly CountsFileReader[]) => Promise<void>,
): Promise<void> {
  const files: CountsFileReader[] = [];
  try {
    for (const path of paths) files.push(new CountsFileReader(path));
    await use(files);
  } finally {
    for (const file of files) file.close();
  }
}
