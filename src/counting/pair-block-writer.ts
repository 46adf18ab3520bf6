/**
 * Rows of pairs as blocks of bytes, each block readable by itself. docs/counts-format.md, "Blocks of pairs", says the same:
 *
 *   block = row*
 *   row   = first, pair*, 0             first as its distance from the block's last row, the first row's from -1
 *   pair  = second, entry, entry*       second as its distance from the row's last pair, the first pair's from -1
 *   entry = (count - 1) 2^(b+1) + 2 group + more        b: bits of a group; more: 1 when an entry of the pair follows
 *
 * each number as a varint of 7 bits a byte, lowest first. A row too long for a block goes on in the next one, which
 * repeats its first. No block holds rows of two stretches of `FIRSTS_PER_STRETCH` firsts: what is between two stretches can
 * be read, written and merged apart from the rest.
 */

/** Bytes a block is filled to. */
const BLOCK_BYTES = 128 * 1024;
/** The longest pair: a second and 16 entries of 8 bytes each, with room for what closes a row. */
const LONGEST_PAIR = 256;

const FIRSTS_PER_STRETCH = 256;

/** Bits that a group's number takes in an entry. */
export function groupBits(groups: number): number {
  return 32 - Math.clz32(groups - 1);
}

export class PairBlockWriter {
  readonly groupBits: number;
  /** The block under way; `PairRow` writes its pairs here itself. */
  readonly bytes = new Uint8Array(BLOCK_BYTES + LONGEST_PAIR);
  at = 0;
  /** A pair may begin while `at` is below it. */
  readonly limit = BLOCK_BYTES;
  /** Second of the row's last pair. */
  second = -1;
  #first = -1;
  #lastFirst = -1;
  readonly #emit: (block: Uint8Array) => void;

  /** @param emit takes a finished block, whose bytes are overwritten afterwards */
  constructor(groups: number, emit: (block: Uint8Array) => void) {
    this.groupBits = groupBits(groups);
    this.#emit = emit;
  }

  /** Rows come by ascending first. */
  openRow(first: number): void {
    if (this.at >= this.limit || stretchOf(first) !== stretchOf(this.#lastFirst)) this.flush();
    this.at = writeVarint(this.bytes, this.at, first - this.#lastFirst);
    this.#first = first;
    this.#lastFirst = first;
    this.second = -1;
  }

  closeRow(): void {
    this.bytes[this.at++] = 0;
  }

  /** Begins a new block within a row. */
  cutRow(): void {
    this.closeRow();
    this.flush();
    this.openRow(this.#first);
  }

  /** One pair of the open row; `counts` by group, some positive. */
  pair(second: number, counts: Float64Array): void {
    if (this.at >= this.limit) this.cutRow();
    this.at = writeVarint(this.bytes, this.at, second - this.second);
    this.second = second;
    let left = counts.reduce((present, count) => present + (count > 0 ? 1 : 0), 0);
    for (let group = 0; left > 0; group++) {
      if (counts[group] === 0) continue;
      left--;
      const entry = (counts[group] - 1) * 2 ** (this.groupBits + 1) + 2 * group + (left > 0 ? 1 : 0);
      this.at = writeVarint(this.bytes, this.at, entry);
    }
  }

  /** Emits what is left, at the end and between sections. */
  flush(): void {
    if (this.at > 0) this.#emit(this.bytes.subarray(0, this.at));
    this.at = 0;
    this.#lastFirst = -1;
  }
}

/** First token of the stretch that a first token is in. */
export function stretchOf(first: number): number {
  return first - (first % FIRSTS_PER_STRETCH);
}

/** Any integer in [0, 2^53); returns where the next byte goes. */
export function writeVarint(bytes: Uint8Array, at: number, value: number): number {
  let rest = value;
  let end = at;
  while (rest > 0x7fffffff) {
    bytes[end++] = (rest % 128) | 128;
    rest = Math.floor(rest / 128);
  }
  while (rest > 127) {
    bytes[end++] = (rest & 127) | 128;
    rest >>>= 7;
  }
  bytes[end++] = rest;
  return end;
}
