/** Reads rows of pairs from blocks, as `pair-block-writer.ts` describes them. */

import { groupBits } from './pair-block-writer.ts';
import type { PairRow } from './pair-row.ts';

/** First of a reader that has come to its end: above every id. */
export const NO_ROW = 0x7fffffff;

/** Says what is wrong with the block under way; never returns. */
export type RefuseBlock = (what: string) => never;

export class PairBlockReader {
  /** Of the current row, whose pairs `nextPair` gives; `NO_ROW` at the end. */
  first = -1;
  /** Of the current pair. */
  second = -1;
  /** How many groups the current pair was seen in. */
  entries = 0;
  /** Ascending; the first `entries` are the current pair's. */
  readonly groups = new Uint8Array(16);
  /** Count in each of those groups. */
  readonly counts = new Float64Array(16);
  readonly #vocabulary: number;
  readonly #groupCount: number;
  readonly #bits: number;
  readonly #nextBlock: () => Uint8Array | null;
  readonly #refuse: RefuseBlock;
  #bytes: Uint8Array = new Uint8Array(0);
  #at = 0;
  #lastFirst = -1;

  /**
   * Stands at the first row.
   *
   * @param nextBlock the next block, or null after the last one; a block's bytes are not needed once the next is asked for
   */
  constructor(vocabulary: number, groups: number, nextBlock: () => Uint8Array | null, refuse: RefuseBlock) {
    this.#vocabulary = vocabulary;
    this.#groupCount = groups;
    this.#bits = groupBits(groups);
    this.#nextBlock = nextBlock;
    this.#refuse = refuse;
    this.#openRow();
  }

  /** Goes to the row's next pair; after its last one goes to the next row and gives false. */
  nextPair(): boolean {
    const bytes = this.#bytes;
    let distance = bytes[this.#at];
    if (distance < 128) this.#at++;
    else distance = this.#varint();
    if (distance === 0) return this.#endRow();
    const bits = this.#bits;
    const groupMask = (1 << bits) - 1;
    this.second += distance;
    if (this.second >= this.#vocabulary) this.#refuse(`second token ${this.second} of vocabulary ${this.#vocabulary}`);
    let entries = 0;
    let previous = -1;
    let more: number;
    do {
      let group: number;
      let entry = bytes[this.#at];
      if (entry < 128) this.#at++;
      else entry = this.#varint();
      if (entry <= 0x7fffffff) {
        more = entry & 1;
        group = (entry >>> 1) & groupMask;
        this.counts[entries] = (entry >>> (bits + 1)) + 1;
      } else {
        const scale = 2 ** (bits + 1);
        more = entry % 2;
        group = (entry % scale) >>> 1;
        this.counts[entries] = Math.floor(entry / scale) + 1;
      }
      if (group <= previous || group >= this.#groupCount) this.#refuse(`group ${group} of ${this.#groupCount}`);
      this.groups[entries++] = group;
      previous = group;
    } while (more === 1);
    this.entries = entries;
    return true;
  }

  /** Adds the current row, up to the end of the block if it goes on in the next one, and goes on behind it. */
  addRowTo(row: PairRow): void {
    this.#at = row.addEncoded(this.#bytes, this.#at, this.#refuse);
    this.#openRow();
  }

  /** A row that a block cut goes on in the next block; the cut is not to be seen from outside. */
  #endRow(): boolean {
    const { first, second } = this;
    this.#openRow();
    if (this.first !== first) return false;
    if (!this.nextPair()) this.#refuse('an empty row');
    if (this.second <= second) this.#refuse(`pair ${first}, ${this.second} after pair ${first}, ${second}`);
    return true;
  }

  #openRow(): void {
    const before = this.first;
    if (this.#at === this.#bytes.length) {
      const block = this.#nextBlock();
      if (block === null) {
        this.first = NO_ROW;
        return;
      }
      this.#bytes = block;
      this.#at = 0;
      this.#lastFirst = -1;
    }
    this.first = this.#lastFirst + this.#varint();
    if (this.first < before) this.#refuse(`row ${this.first} after row ${before}`);
    if (this.first >= this.#vocabulary) this.#refuse(`first token ${this.first} of vocabulary ${this.#vocabulary}`);
    this.#lastFirst = this.first;
    this.second = -1;
  }

  #varint(): number {
    const bytes = this.#bytes;
    let value = 0;
    let scale = 1;
    for (;;) {
      const byte = bytes[this.#at++];
      if (byte === undefined) this.#refuse('a number that is cut off');
      if (byte < 128) return value + byte * scale;
      value += (byte - 128) * scale;
      scale *= 128;
    }
  }
}

/** First token of a block's first row, from the block's first bytes. */
export function firstOfBlock(bytes: Uint8Array): number {
  let value = 0;
  for (let i = 0; i < bytes.length; i++) {
    value += (bytes[i] & 127) * 128 ** i;
    if (bytes[i] < 128) break;
  }
  return value - 1;
}

/** Bytes that hold the number of a block's first row. */
export const FIRST_BYTES = 3;
