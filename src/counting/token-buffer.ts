/**
 * Tokens waiting to be counted, as segments of one group each. Every token of a segment but its last is the first of a
 * pair; the last is there to be its second. Each group fills pages of its own, so that its tokens are read in order.
 */

/** One segment to so many tokens, at the most; documents that are shorter fill the segments before the tokens. */
export const TOKENS_PER_SEGMENT = 32;
const MAX_PAGE = 1 << 15;

export class TokenBuffer {
  readonly tokens: Uint16Array | Uint32Array;
  /** First token of each segment. */
  readonly starts: Uint32Array;
  /** Exclusive. */
  readonly ends: Uint32Array;
  readonly groups: Uint8Array;
  /** Segments held. */
  segments = 0;
  readonly #pageLength: number;
  #pages = 0;
  /** Where each group's next token goes. */
  readonly #at: Uint32Array;
  /** Where each group's page ends. */
  readonly #pageEnds: Uint32Array;

  /** @param capacity tokens at most; at least 8 a group */
  constructor(vocabulary: number, groups: number, capacity: number) {
    this.tokens = vocabulary <= 0x10000 ? new Uint16Array(capacity) : new Uint32Array(capacity);
    const segments = Math.ceil(capacity / TOKENS_PER_SEGMENT) + groups;
    this.starts = new Uint32Array(segments);
    this.ends = new Uint32Array(segments);
    this.groups = new Uint8Array(segments);
    this.#pageLength = Math.min(MAX_PAGE, Math.floor(capacity / (4 * groups)));
    this.#at = new Uint32Array(groups);
    this.#pageEnds = new Uint32Array(groups);
  }

  /** Opens a segment with room for two tokens at least; false when the buffer is full. */
  open(group: number): boolean {
    if (this.segments === this.starts.length) return false;
    if (this.#at[group] + 2 > this.#pageEnds[group]) {
      const start = this.#pages * this.#pageLength;
      if (start + this.#pageLength > this.tokens.length) return false;
      this.#pages++;
      this.#at[group] = start;
      this.#pageEnds[group] = start + this.#pageLength;
    }
    this.starts[this.segments] = this.#at[group];
    this.ends[this.segments] = this.#at[group];
    this.groups[this.segments++] = group;
    return true;
  }

  /** Adds to the segment opened last as many of `source[from..to)` as its page has room for, and says how many. */
  append(source: Uint16Array | Uint32Array, from: number, to: number): number {
    const group = this.groups[this.segments - 1];
    const at = this.#at[group];
    const count = Math.min(to - from, this.#pageEnds[group] - at);
    this.tokens.set(source.subarray(from, from + count), at);
    this.#at[group] = at + count;
    this.ends[this.segments - 1] = at + count;
    return count;
  }

  /** Adds one token to a segment that has room for it. */
  push(token: number): void {
    const at = this.#at[this.groups[this.segments - 1]]++;
    this.tokens[at] = token;
    this.ends[this.segments - 1] = at + 1;
  }

  clear(): void {
    this.segments = 0;
    this.#pages = 0;
    this.#at.fill(0);
    this.#pageEnds.fill(0);
  }
}
