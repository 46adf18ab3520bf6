/**
 * Counts pairs of neighbouring tokens: the seconds of all pairs are put into one bucket for each first token, by counting
 * firsts, prefix sums and one scatter, and each bucket is counted in a dense table. Two passes over the tokens and no hash
 * table: memory is touched in order, but for the scatter. Within a bucket groups lie one after the other.
 */

import type { PairBlockWriter } from './pair-block-writer.ts';
import type { PairRow } from './pair-row.ts';
import type { TokenBuffer } from './token-buffer.ts';

export class PairKernel {
  readonly #vocabulary: number;
  readonly #groups: number;
  /** By group and first token: how many pairs, then where the next one's second goes, then where the bucket ends. */
  readonly #places: Uint32Array;
  readonly #seconds: Uint16Array | Uint32Array;
  readonly #row: PairRow;

  /**
   * @param capacity pairs at most
   * @param row empty; left empty
   */
  constructor(vocabulary: number, groups: number, capacity: number, row: PairRow) {
    this.#vocabulary = vocabulary;
    this.#groups = groups;
    this.#places = new Uint32Array(vocabulary * groups);
    this.#seconds = vocabulary <= 0x10000 ? new Uint16Array(capacity) : new Uint32Array(capacity);
    this.#row = row;
  }

  /**
   * Sorts the pairs of a buffer into buckets, for `drainTo` to count.
   *
   * @param firstCounts by group and token: each token is added here as often as it is a first
   */
  fill(buffer: TokenBuffer, firstCounts: Float64Array): void {
    const byGroup = segmentsByGroup(buffer, this.#groups);
    this.#places.fill(0);
    for (let group = 0; group < this.#groups; group++) countFirsts(buffer, byGroup[group], this.#placesOf(group));
    this.#countsToPlaces(firstCounts);
    for (let group = 0; group < this.#groups; group++) {
      scatter(buffer, byGroup[group], this.#placesOf(group), this.#seconds);
    }
  }

  #placesOf(group: number): Uint32Array {
    return this.#places.subarray(group * this.#vocabulary, (group + 1) * this.#vocabulary);
  }

  #countsToPlaces(firstCounts: Float64Array): void {
    const places = this.#places;
    const vocabulary = this.#vocabulary;
    let next = 0;
    for (let first = 0; first < vocabulary; first++) {
      for (let place = first; place < places.length; place += vocabulary) {
        const count = places[place];
        firstCounts[place] += count;
        places[place] = next;
        next += count;
      }
    }
  }

  /** Writes the pairs of the last `fill`, sorted by first and second, with their counts by group. */
  drainTo(out: PairBlockWriter): void {
    const places = this.#places;
    const vocabulary = this.#vocabulary;
    const row = this.#row;
    let at = 0;
    for (let first = 0; first < vocabulary; first++) {
      const begin = at;
      for (let place = first, group = 0; place < places.length; place += vocabulary, group++) {
        const end = places[place];
        if (end === at) continue;
        row.addSeconds(this.#seconds, at, end, group);
        at = end;
      }
      if (at > begin) row.drainTo(out, first);
    }
    out.flush();
  }
}

function countFirsts({ tokens, starts, ends }: TokenBuffer, segments: Uint32Array, counts: Uint32Array): void {
  for (let s = 0; s < segments.length; s++) {
    const last = ends[segments[s]] - 1;
    for (let i = starts[segments[s]]; i < last; i++) counts[tokens[i]]++;
  }
}

function scatter(
  { tokens, starts, ends }: TokenBuffer,
  segments: Uint32Array,
  places: Uint32Array,
  seconds: Uint16Array | Uint32Array,
): void {
  for (let s = 0; s < segments.length; s++) {
    const start = starts[segments[s]];
    const end = ends[segments[s]];
    let first = tokens[start];
    for (let i = start + 1; i < end; i++) {
      const second = tokens[i];
      seconds[places[first]++] = second;
      first = second;
    }
  }
}

/** Numbers of each group's segments: tables of one group at a time stay in the processor's cache. */
function segmentsByGroup({ groups, segments }: TokenBuffer, groupCount: number): Uint32Array[] {
  const begins = new Uint32Array(groupCount + 1);
  for (let segment = 0; segment < segments; segment++) begins[groups[segment] + 1]++;
  for (let group = 0; group < groupCount; group++) begins[group + 1] += begins[group];
  const order = new Uint32Array(segments);
  const next = begins.slice();
  for (let segment = 0; segment < segments; segment++) order[next[groups[segment]]++] = segment;
  return Array.from({ length: groupCount }, (_, group) => order.subarray(begins[group], begins[group + 1]));
}
