/** A merge cut into ranges of first tokens, for several workers at a time. The result is the file that one merge gives. */

import { CountsFileReader, CountsFileWriter, type StretchRange } from './counts-file.ts';
import { mergeHeaders } from './merge-headers.ts';
import { sumUnigrams, withCountFiles } from './merge-once.ts';
import { mergePairs } from './merge-pairs.ts';
import { NO_ROW } from './pair-block-reader.ts';
import { PairRow } from './pair-row.ts';
import { RunWriter } from './pair-run.ts';

/** At most `count` ranges with about equally many bytes of a file; together they hold every first token. */
export function rangesOf(path: string, count: number): StretchRange[] {
  const file = new CountsFileReader(path);
  try {
    const blocks = [...file.blocks()];
    const total = blocks.reduce((sum, { bytes }) => sum + bytes, 0);
    const ranges: StretchRange[] = [];
    let [from, before] = [0, 0];
    for (const { stretch, bytes } of blocks) {
      if (stretch > from && before >= (total * (ranges.length + 1)) / count) {
        ranges.push({ from, to: stretch });
        from = stretch;
      }
      before += bytes;
    }
    return [...ranges, { from, to: NO_ROW }];
  } finally {
    file.close();
  }
}

/** Merges the pairs of one range into a run. */
export async function mergeRange(paths: readonly string[], range: StretchRange, run: string): Promise<void> {
  await withCountFiles(paths, async files => {
    const { vocabulary, groups } = files[0].header;
    const writer = new RunWriter(run, groups);
    try {
      const pairs = files.map(file => file.pairsOfStretches(range));
      await mergePairs(pairs, new PairRow(vocabulary, groups), writer.pairs);
      for (const file of files) file.readEnd();
      writer.finish();
    } finally {
      writer.close();
    }
  });
}

/**
 * Writes the count file whose pairs the runs hold.
 *
 * @param runs of all ranges, in their order
 * @param scratch path of the unfinished file
 */
export async function joinRanges(
  paths: readonly string[],
  runs: readonly string[],
  out: string,
  scratch: string,
): Promise<void> {
  await withCountFiles(paths, async files => {
    const header = mergeHeaders(files);
    const writer = new CountsFileWriter(scratch, header, sumUnigrams(files, header));
    try {
      for (const run of runs) writer.addRun(run);
      writer.finish(out);
    } finally {
      writer.close();
    }
  });
}
