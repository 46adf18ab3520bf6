/**
 * Trains a byte-level BPE on text: starting from bytes, the pair of neighbours that occurs most often becomes a token, over
 * and over (Sennrich, Haddow and Birch 2016). Words are cut by GPT-2's pattern. Ties go to the pair with the lower left
 * id, then the lower right id, so the same text in any order gives the same merges.
 */

import TinyQueue from 'tinyqueue';
import { gpt2Pattern, preTokenExpression } from './pre-token-pattern.ts';
import type { BpeMerges } from './tokenizer-spec.ts';

/** A longer word counts as several, so that a file without spaces does not take quadratic time. */
const LONGEST_WORD = 1024;
const longestParts = new RegExp(`[^]{1,${LONGEST_WORD}}`, 'gu');
const MAX_ID = 2 ** 20;

interface Pair {
  readonly left: number;
  readonly right: number;
  /** Occurrences in the text. */
  count: number;
  /** Numbers of the words it was seen in; some may have lost it since, some are there twice. */
  readonly words: number[];
}

export class BpeTrainer {
  /** Occurrences of each word in the texts so far. */
  readonly #words = new Map<string, number>();
  readonly #preToken = preTokenExpression(gpt2Pattern);

  /** Counts the words of a text. Memory grows with the number of different words: a sample of 100 MB is plenty. */
  add(text: string): void {
    for (const word of text.match(this.#preToken) ?? []) {
      if (word.length <= LONGEST_WORD) this.#count(word);
      else for (const part of word.match(longestParts) ?? []) this.#count(part);
    }
  }

  /**
   * The merges for a vocabulary of so many ids, bytes included; fewer when no pair of the text occurs twice any more.
   *
   * @param vocabulary 257 to 262,144
   */
  merges(vocabulary: number): BpeMerges {
    const text = new MergedWords(this.#words);
    const merges: number[] = [];
    for (let result = 256; result < vocabulary; result++) {
      const pair = text.mostFrequentPair();
      if (pair === undefined) break;
      merges.push(pair.left, pair.right);
      text.merge(pair, result);
    }
    return merges;
  }

  #count(word: string): void {
    const count = this.#words.get(word);
    // A copy, because a word cut from a text keeps the whole text in memory.
    if (count === undefined) this.#words.set(Buffer.from(word, 'utf16le').toString('utf16le'), 1);
    else this.#words.set(word, count + 1);
  }
}

/** The different words as sequences of ids, with the count of every pair of neighbours kept up to date. */
class MergedWords {
  readonly #ids: Uint32Array;
  readonly #starts: Uint32Array;
  readonly #lengths: Uint32Array;
  readonly #counts: Float64Array;
  readonly #pairs = new Map<number, Pair>();
  /** Pairs with their count when they were put in, which is never below the present one. */
  readonly #queue = new TinyQueue<{ readonly pair: Pair; readonly count: number }>([], (a, b) =>
    a.count === b.count ? a.pair.left - b.pair.left || a.pair.right - b.pair.right : b.count - a.count,
  );

  constructor(words: ReadonlyMap<string, number>) {
    const encoded = Array.from(words.keys(), word => Buffer.from(word, 'utf8'));
    this.#ids = Uint32Array.from(Buffer.concat(encoded));
    this.#counts = Float64Array.from(words.values());
    this.#lengths = Uint32Array.from(encoded, bytes => bytes.length);
    this.#starts = new Uint32Array(words.size);
    for (let word = 1; word < words.size; word++) {
      this.#starts[word] = this.#starts[word - 1] + this.#lengths[word - 1];
    }
    for (let word = 0; word < words.size; word++) this.#countPairs(word, 1);
    for (const pair of this.#pairs.values()) this.#queue.push({ pair, count: pair.count });
  }

  /** The pair to merge next, or undefined when none occurs twice. */
  mostFrequentPair(): Pair | undefined {
    for (let first = this.#queue.pop(); first !== undefined; first = this.#queue.pop()) {
      const { pair } = first;
      if (pair.count === first.count) return pair.count >= 2 ? pair : undefined;
      this.#queue.push({ pair, count: pair.count });
    }
    return undefined;
  }

  merge(pair: Pair, result: number): void {
    const made = new Set<Pair>();
    for (const word of new Set(pair.words)) {
      this.#countPairs(word, -1);
      this.#replace(word, pair, result);
      this.#countPairs(word, 1, result, made);
    }
    for (const neighbours of made) this.#queue.push({ pair: neighbours, count: neighbours.count });
  }

  #replace(word: number, { left, right }: Pair, result: number): void {
    const ids = this.#ids;
    const start = this.#starts[word];
    const end = start + this.#lengths[word];
    let to = start;
    for (let from = start; from < end; to++) {
      const found = from + 1 < end && ids[from] === left && ids[from + 1] === right;
      ids[to] = found ? result : ids[from];
      from += found ? 2 : 1;
    }
    this.#lengths[word] = to - start;
  }

  /** Adds or takes away the pairs of a word; notes the word at pairs with the id `fresh`, and those pairs in `made`. */
  #countPairs(word: number, sign: 1 | -1, fresh?: number, made?: Set<Pair>): void {
    const count = sign * this.#counts[word];
    const start = this.#starts[word];
    const end = start + this.#lengths[word];
    for (let i = start; i + 1 < end; i++) {
      const left = this.#ids[i];
      const right = this.#ids[i + 1];
      const pair = this.#pair(left, right);
      pair.count += count;
      if (sign === 1 && (fresh === undefined || left === fresh || right === fresh)) {
        pair.words.push(word);
        made?.add(pair);
      }
    }
  }

  #pair(left: number, right: number): Pair {
    const key = left * MAX_ID + right;
    let pair = this.#pairs.get(key);
    if (pair === undefined) {
      pair = { left, right, count: 0, words: [] };
      this.#pairs.set(key, pair);
    }
    return pair;
  }
}
