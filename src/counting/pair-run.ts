/** Sorted runs: the pairs of one buffer on disk, in the blocks of a count file, until they are merged. */

import { FrameReader, FrameWriter } from './frames.ts';
import { PairBlockReader } from './pair-block-reader.ts';
import { PairBlockWriter } from './pair-block-writer.ts';

/** @param write gives the pairs by ascending first and second */
export function writeRun(path: string, groups: number, write: (out: PairBlockWriter) => void): void {
  const frames = new FrameWriter(path);
  try {
    write(new PairBlockWriter(groups, block => frames.write('PAIR', block)));
  } finally {
    frames.finish();
  }
}

export interface PairRun {
  readonly pairs: PairBlockReader;
  close(): void;
}

export function openRun(path: string, vocabulary: number, groups: number): PairRun {
  const frames = new FrameReader(path);
  const pairs = new PairBlockReader(
    vocabulary,
    groups,
    () => (frames.kind === 'PAIR' ? frames.read() : null),
    what => frames.refuse(`its counts hold ${what}`),
  );
  return { pairs, close: () => frames.close() };
}
