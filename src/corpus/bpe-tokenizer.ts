/** Byte-level BPE from text to ids: the text cut into pre-tokens, each looked up in the cache or merged from its bytes. */

import { BimixError } from '../errors/index.ts';
import { BpeMerger, type BpeRules } from './bpe-merger.ts';
import { PreTokenCache } from './pre-token-cache.ts';
import { preTokenExpression } from './pre-token-pattern.ts';
import type { Tokenizer, TokenizerIdentity } from './tokenizer.ts';
import { showBytes } from './vocabulary.ts';

export interface BpeDefinition {
  readonly identity: TokenizerIdentity;
  /** Bytes of each id, one character a byte; holes where an id is not used. */
  readonly tokens: readonly (string | undefined)[];
  readonly rules: BpeRules;
  /** One of `pre-token-pattern.ts`, or another that leaves no gap. */
  readonly pattern: string;
  /** Pre-tokens that are a token although no merge makes them, by their bytes. */
  readonly whole?: ReadonlyMap<string, number>;
}

/**
 * @param cachedWords most pre-tokens whose ids are kept, a power of two from 16; ids never depend on it
 */
export function bpeTokenizer(definition: BpeDefinition, cachedWords?: number): Tokenizer {
  const { identity, tokens } = definition;
  const encoder = new BpeEncoder(definition, cachedWords);
  return {
    identity,
    vocabulary: tokens.length,
    encode(text) {
      encoder.clear();
      encoder.add(text);
      return encoder.ids();
    },
    show: id => showToken(tokens[id], id),
  };
}

/** Bytes of a token for people; ids without one are named by number. */
export function showToken(bytes: string | undefined, id: number): string {
  return bytes === undefined ? `<id ${id}>` : showBytes(bytes);
}

/** Collects the ids of a text given in sections; nothing merges across sections. */
export class BpeEncoder {
  readonly #merger: BpeMerger;
  readonly #cache: PreTokenCache;
  readonly #preToken: RegExp;
  readonly #whole: ReadonlyMap<string, number> | undefined;
  readonly #utf8 = new TextEncoder();
  #bytes = new Uint8Array(1024);
  #ids = new Uint32Array(65_536);
  #count = 0;

  constructor({ rules, pattern, whole }: Omit<BpeDefinition, 'identity' | 'tokens'>, cachedWords?: number) {
    this.#merger = new BpeMerger(rules);
    this.#cache = new PreTokenCache(cachedWords);
    this.#preToken = preTokenExpression(pattern);
    this.#whole = whole;
  }

  clear(): void {
    this.#count = 0;
  }

  /** A copy of the ids collected. */
  ids(): Uint32Array {
    return this.#ids.slice(0, this.#count);
  }

  addId(id: number): void {
    this.#makeRoom(1);
    this.#ids[this.#count++] = id;
  }

  /** @throws BimixError invalid-text when one pre-token is too long for the expression engine: millions of letters */
  add(section: string): void {
    const preToken = this.#preToken;
    preToken.lastIndex = 0;
    let start = 0;
    while (this.#findEnd(section)) {
      const end = preToken.lastIndex;
      // UTF-8 has at most three bytes for each unit of UTF-16, and an id at least one byte.
      this.#makeRoom(3 * (end - start));
      const known = this.#cache.copy(section, start, end, this.#ids, this.#count);
      this.#count += known === 0 ? this.#merge(section, start, end) : known;
      start = end;
    }
  }

  #findEnd(section: string): boolean {
    try {
      return this.#preToken.test(section);
    } catch (cause) {
      if (!(cause instanceof RangeError)) throw cause;
      throw new BimixError('invalid-text', 'invalid text: millions of characters without any break between words', {
        hint: 'Is it text? Count it with --tokenizer bytes, or leave the file out.',
        cause,
      });
    }
  }

  /** Writes the ids of a pre-token that is not in the cache; returns how many. */
  #merge(section: string, start: number, end: number): number {
    if (this.#bytes.length < 3 * (end - start)) this.#bytes = new Uint8Array(6 * (end - start));
    const bytes = this.#bytes;
    const { written } = this.#utf8.encodeInto(section.slice(start, end), bytes);
    const whole = this.#whole?.get(Buffer.from(bytes.buffer, 0, written).toString('latin1'));
    const ids = whole === undefined ? this.#merger.merge(bytes, written) : Uint32Array.of(whole);
    this.#ids.set(ids, this.#count);
    this.#cache.add(section, start, end, ids);
    return ids.length;
  }

  #makeRoom(more: number): void {
    if (this.#count + more <= this.#ids.length) return;
    const larger = new Uint32Array(2 * (this.#count + more));
    larger.set(this.#ids.subarray(0, this.#count));
    this.#ids = larger;
  }
}
