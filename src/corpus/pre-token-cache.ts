/**
 * Ids of the pre-tokens met before. Text repeats its words, so most of encoding is looking them up here: an open hash table
 * over the characters themselves, which makes no string of a word it knows. (A `Map` keyed by strings takes twice the time,
 * and keys cut from a document keep the whole document alive.)
 *
 * Holds a bounded number of words and starts over when full; what it returns never depends on what it holds.
 */

/** Words of more characters or ids are not kept. */
const LONGEST_WORD = 64;
/** Room per word on average; the cache also starts over when this runs out first. */
const CHARS_PER_WORD = 12;
const IDS_PER_WORD = 6;
/** Numbers kept of a word: hash, first character, length, first id, number of ids. */
const FIELDS = 5;

export class PreTokenCache {
  readonly #words: number;
  /** Number of the word plus one at the slot its hash leads to, or a slot after it; 0 where free. Half stay free. */
  readonly #slots: Int32Array;
  readonly #entries: Int32Array;
  readonly #chars: Uint16Array;
  readonly #ids: Uint32Array;
  #size = 0;
  #charsUsed = 0;
  #idsUsed = 0;

  /** @param words most words held, a power of two from 16; 76 bytes each */
  constructor(words = 2 ** 16) {
    this.#words = words;
    this.#slots = new Int32Array(2 * words);
    this.#entries = new Int32Array(FIELDS * words);
    this.#chars = new Uint16Array(CHARS_PER_WORD * words);
    this.#ids = new Uint32Array(IDS_PER_WORD * words);
  }

  get size(): number {
    return this.#size;
  }

  /** Copies the ids of `text` from `start` to `end` to `out` at `at`; returns how many, 0 when the word is not known. */
  copy(text: string, start: number, end: number, out: Uint32Array, at: number): number {
    const entries = this.#entries;
    const chars = this.#chars;
    const length = end - start;
    const hash = hashOf(text, start, end);
    const last = this.#slots.length - 1;
    for (let slot = spread(hash) & last; ; slot = (slot + 1) & last) {
      const number = this.#slots[slot];
      if (number === 0) return 0;
      const entry = (number - 1) * FIELDS;
      if (entries[entry] !== hash || entries[entry + 2] !== length) continue;
      let char = entries[entry + 1];
      let i = start;
      while (i < end && chars[char] === text.charCodeAt(i)) {
        i++;
        char++;
      }
      if (i < end) continue;
      const first = entries[entry + 3];
      const count = entries[entry + 4];
      for (let k = 0; k < count; k++) out[at + k] = this.#ids[first + k];
      return count;
    }
  }

  /** Remembers `ids` for `text` from `start` to `end`, which is not known yet. */
  add(text: string, start: number, end: number, ids: Uint32Array): void {
    const length = end - start;
    if (length > LONGEST_WORD || ids.length > LONGEST_WORD) return;
    const full =
      this.#size === this.#words ||
      this.#charsUsed + length > this.#chars.length ||
      this.#idsUsed + ids.length > this.#ids.length;
    if (full) this.#forget();
    const hash = hashOf(text, start, end);
    const entry = this.#size * FIELDS;
    this.#entries[entry] = hash;
    this.#entries[entry + 1] = this.#charsUsed;
    this.#entries[entry + 2] = length;
    this.#entries[entry + 3] = this.#idsUsed;
    this.#entries[entry + 4] = ids.length;
    for (let i = start; i < end; i++) this.#chars[this.#charsUsed++] = text.charCodeAt(i);
    this.#ids.set(ids, this.#idsUsed);
    this.#idsUsed += ids.length;
    const last = this.#slots.length - 1;
    let slot = spread(hash) & last;
    while (this.#slots[slot] !== 0) slot = (slot + 1) & last;
    this.#slots[slot] = ++this.#size;
  }

  #forget(): void {
    this.#slots.fill(0);
    this.#size = 0;
    this.#charsUsed = 0;
    this.#idsUsed = 0;
  }
}

function hashOf(text: string, start: number, end: number): number {
  let hash = 0;
  for (let i = start; i < end; i++) hash = (Math.imul(hash, 31) + text.charCodeAt(i)) | 0;
  return hash;
}

function spread(hash: number): number {
  const mixed = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  return mixed ^ (mixed >>> 12);
}
