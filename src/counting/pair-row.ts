/**
 * The pairs that share one first token, while they are counted: a count for each second token and group. Tables as wide as
 * the vocabulary are kept from row to row, and two levels of bit sets say which of it a row touched, so that a row leaves
 * sorted by second, and costs what it holds, whatever the vocabulary.
 *
 * The loops that run once a token or once a pair have no branches that depend on the data where that can be helped: these
 * cost more than the work they would save.
 */

import type { RefuseBlock } from './pair-block-reader.ts';
import { groupBits, type PairBlockWriter, writeVarint } from './pair-block-writer.ts';

/** Counts from it on are kept in a map: so small a table stays in the processor's cache, and few counts are so large. */
const TABLE_LIMIT = 0x100;
/** Numbers of up to this many bits are read as integers, larger ones as floating point. */
const INTEGER_BITS = 28;

const CARRIED = 1 << 16;

export class PairRow {
  readonly #groups: number;
  readonly #bits: number;
  /** Of each second, bit g: seen in group g; bit 16 + g: its count in group g is carried. */
  readonly #seen: Uint32Array;
  /** By second and group: count modulo `TABLE_LIMIT`. */
  readonly #counts: Uint8Array;
  /** The rest of the counts that are carried, by place in `#counts`. */
  readonly #carried = new Map<number, number>();
  /** Bit s: second s is in the row. */
  readonly #seconds: Int32Array;
  /** Bit w: word w of `#seconds` is not 0. */
  readonly #words: Int32Array;

  /**
   * @param vocabulary ids are below it
   * @param groups at most 16
   */
  constructor(vocabulary: number, groups: number) {
    this.#groups = groups;
    this.#bits = groupBits(groups);
    this.#seen = new Uint32Array(vocabulary);
    this.#counts = new Uint8Array(vocabulary << this.#bits);
    this.#seconds = new Int32Array((vocabulary + 31) >>> 5);
    this.#words = new Int32Array((this.#seconds.length + 31) >>> 5);
  }

  /** Counts `seconds[from..to)`, each once. */
  addSeconds(seconds: Uint16Array | Uint32Array, from: number, to: number, group: number): void {
    if (this.#bits === 0) this.#addUngrouped(seconds, from, to);
    else this.#addGrouped(seconds, from, to, group);
  }

  /** What `#addGrouped` does, less a third of the work. */
  #addUngrouped(seconds: Uint16Array | Uint32Array, from: number, to: number): void {
    const counts = this.#counts;
    const words = this.#words;
    const present = this.#seconds;
    for (let i = from; i < to; i++) {
      const second = seconds[i];
      const word = second >>> 5;
      present[word] |= 1 << second;
      words[word >>> 5] |= 1 << word;
      const count = counts[second] + 1;
      counts[second] = count;
      if (count === TABLE_LIMIT) this.#carry(second, TABLE_LIMIT);
    }
  }

  #addGrouped(seconds: Uint16Array | Uint32Array, from: number, to: number, group: number): void {
    const seen = this.#seen;
    const counts = this.#counts;
    const words = this.#words;
    const present = this.#seconds;
    const bits = this.#bits;
    const bit = 1 << group;
    for (let i = from; i < to; i++) {
      const second = seconds[i];
      const word = second >>> 5;
      seen[second] |= bit;
      present[word] |= 1 << second;
      words[word >>> 5] |= 1 << word;
      const place = (second << bits) | group;
      const count = counts[place] + 1;
      counts[place] = count;
      if (count === TABLE_LIMIT) this.#carry(place, TABLE_LIMIT);
    }
  }

  /**
   * Adds the pairs of a row in a block.
   *
   * @param at where the row's first pair begins
   * @returns where the next row begins
   * @throws what `refuse` throws, when the bytes are no such pairs
   */
  addEncoded(bytes: Uint8Array, at: number, refuse: RefuseBlock): number {
    const seen = this.#seen;
    const counts = this.#counts;
    const words = this.#words;
    const present = this.#seconds;
    const bits = this.#bits;
    const groups = this.#groups;
    const groupMask = (1 << bits) - 1;
    let next = at;
    let second = -1;
    for (;;) {
      let distance = bytes[next++];
      for (let shift = 7, high = distance; high > 127 && shift < INTEGER_BITS; shift += 7) {
        high = bytes[next++];
        distance += (high - 1) << shift;
      }
      if (distance === 0) return next;
      second += distance;
      if (!(second < seen.length)) refuse(`second token ${second} of vocabulary ${seen.length}`);
      const word = second >>> 5;
      present[word] |= 1 << second;
      words[word >>> 5] |= 1 << word;
      let entry: number;
      do {
        entry = bytes[next++];
        let high = entry;
        for (let shift = 7; high > 127 && shift < INTEGER_BITS; shift += 7) {
          high = bytes[next++];
          entry += (high - 1) << shift;
        }
        let count = (entry >>> (bits + 1)) + 1;
        if (high > 127) {
          let large = entry;
          for (let scale = 2 ** INTEGER_BITS; high > 127; scale *= 128) {
            high = bytes[next++];
            large += (high - 1) * scale;
          }
          count = Math.floor(large / 2 ** (bits + 1)) + 1;
        }
        const group = (entry >>> 1) & groupMask;
        if (group >= groups) refuse(`group ${group} of ${groups}`);
        seen[second] |= 1 << group;
        const place = (second << bits) | group;
        const sum = counts[place] + count;
        if (sum < TABLE_LIMIT) {
          counts[place] = sum;
        } else {
          counts[place] = sum % TABLE_LIMIT;
          this.#carry(place, sum - (sum % TABLE_LIMIT));
        }
      } while ((entry & 1) === 1);
    }
  }

  #carry(place: number, count: number): void {
    const group = place & ((1 << this.#bits) - 1);
    this.#seen[place >>> this.#bits] |= CARRIED << group;
    this.#carried.set(place, (this.#carried.get(place) ?? 0) + count);
  }

  /** Writes the row, sorted by second, and leaves it empty. */
  drainTo(out: PairBlockWriter, first: number): void {
    const seen = this.#seen;
    const counts = this.#counts;
    const words = this.#words;
    const present = this.#seconds;
    const bits = this.#bits;
    const carries = this.#carried.size > 0;
    const bytes = out.bytes;
    const limit = out.limit;
    out.openRow(first);
    let at = out.at;
    let previous = -1;
    for (let w = 0; w < words.length; w++) {
      for (let wordSet = words[w]; wordSet !== 0; wordSet &= wordSet - 1) {
        const word = (w << 5) | (31 - Math.clz32(wordSet & -wordSet));
        for (let secondSet = present[word]; secondSet !== 0; secondSet &= secondSet - 1) {
          const second = (word << 5) | (31 - Math.clz32(secondSet & -secondSet));
          if (at >= limit) {
            out.at = at;
            out.cutRow();
            at = out.at;
            previous = -1;
          }
          let distance = second - previous;
          previous = second;
          while (distance > 127) {
            bytes[at++] = (distance & 127) | 128;
            distance >>>= 7;
          }
          bytes[at++] = distance;
          const flags = seen[second];
          let groupSet = bits === 0 ? 1 : flags & (CARRIED - 1);
          seen[second] = 0;
          do {
            const group = 31 - Math.clz32(groupSet & -groupSet);
            groupSet &= groupSet - 1;
            const place = (second << bits) | group;
            let entry = ((counts[place] - 1) << (bits + 1)) | (group << 1) | (groupSet === 0 ? 0 : 1);
            counts[place] = 0;
            if (carries && (flags & (CARRIED << group)) !== 0) {
              entry += (this.#carried.get(place) as number) * 2 ** (bits + 1);
              at = writeVarint(bytes, at, entry);
            } else {
              while (entry > 127) {
                bytes[at++] = (entry & 127) | 128;
                entry >>>= 7;
              }
              bytes[at++] = entry;
            }
          } while (groupSet !== 0);
        }
        present[word] = 0;
      }
      words[w] = 0;
    }
    out.at = at;
    out.closeRow();
    if (carries) this.#carried.clear();
  }
}
