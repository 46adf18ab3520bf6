/** How many tokens a counter may hold at a time, so that it stays within its memory. */

import { BimixError } from '../errors/index.ts';
import { groupBits } from './pair-block-writer.ts';
import { TOKENS_PER_SEGMENT } from './token-buffer.ts';

/** A smaller buffer would be all runs and no counting. */
const FEWEST_TOKENS = 1 << 12;
/** A larger one is no faster, and its tables would not hold the counts. */
const MAX_TOKENS = 1 << 30;
/** Blocks of runs and files that are read and written. */
const BLOCK_BYTES = 4 << 20;

/** @throws BimixError invalid-memory when the tables and a small buffer do not fit */
export function tokenCapacity(vocabulary: number, groups: number, memoryBytes: number): number {
  const idBytes = vocabulary <= 0x10000 ? 2 : 4;
  // Buffer and bucket of each token, and a share of a segment: start, end, place in the order, group.
  const tokenBytes = 2 * idBytes + 13 / TOKENS_PER_SEGMENT;
  // Unigrams and places by group and token; counts of a row, of groups rounded up to a power of 2; groups seen.
  const tableBytes = vocabulary * ((8 + 4) * groups + 2 ** groupBits(groups) + 4.25);
  const least = tableBytes + BLOCK_BYTES + FEWEST_TOKENS * tokenBytes;
  if (memoryBytes < least) {
    const mebibytes = (bytes: number) => `${Math.ceil(bytes / 2 ** 20)} MiB`;
    throw new BimixError(
      'invalid-memory',
      `invalid memory: ${mebibytes(memoryBytes)} a worker, and the tables of ${vocabulary} ids in ${groups} groups take ${mebibytes(least)}`,
      { hint: 'Give more memory, or use fewer workers.' },
    );
  }
  return Math.min(MAX_TOKENS, Math.floor((memoryBytes - tableBytes - BLOCK_BYTES) / tokenBytes));
}
