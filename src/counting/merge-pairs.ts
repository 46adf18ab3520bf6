/** Sorted pairs of several sources as one, their counts added. */

import { setImmediate } from 'node:timers/promises';
import { NO_ROW, type PairBlockReader } from './pair-block-reader.ts';
import type { PairBlockWriter } from './pair-block-writer.ts';
import type { PairRow } from './pair-row.ts';

/** Rows between two looks at the signal. */
const ROWS_AT_A_TIME = 512;

/**
 * Merges row by row: each row is summed in a dense table, which is as fast for many sources as for few, and needs no heap.
 *
 * @param row empty; left empty, unless the signal stops the merge
 */
export async function mergePairs(
  sources: readonly PairBlockReader[],
  row: PairRow,
  out: PairBlockWriter,
  signal?: AbortSignal,
): Promise<void> {
  for (let rows = 1; ; rows++) {
    let first = NO_ROW;
    for (const source of sources) first = Math.min(first, source.first);
    if (first === NO_ROW) break;
    for (const source of sources) while (source.first === first) source.addRowTo(row);
    row.drainTo(out, first);
    if (rows % ROWS_AT_A_TIME === 0) {
      await setImmediate();
      signal?.throwIfAborted();
    }
  }
  out.flush();
}
