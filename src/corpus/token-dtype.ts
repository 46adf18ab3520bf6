/** Bytes as token ids, each checked against the vocabulary. */

import { BimixError } from '../errors/index.ts';
import type { ReadOptions, TokenDtype } from './documents.ts';

export type TokenArray = Uint16Array | Uint32Array;

export const ITEM_BYTES: Readonly<Record<TokenDtype, number>> = { u16: 2, u32: 4, i32: 4, i64: 8 };

/** No vocabulary in use is larger: an id beyond it was never an id. */
export const MAX_VOCABULARY = 1_048_576;

/** What ids are checked against, and what to say of one that fails. */
export interface IdRule {
  readonly path: string;
  readonly dtype: TokenDtype;
  /** Ids are below it, but for `eos`: tokenizers often place it after their own ids. */
  readonly limit: number;
  readonly eos: number | undefined;
  /** The way out when the dtype is not to blame: where it comes from. */
  readonly hint: string;
}

/**
 * The rule for a file's ids.
 *
 * @param hint what the dtype comes from
 * @throws BimixError `invalid-eos` when the `eos` that was stated can never occur
 */
export function idRule(path: string, dtype: TokenDtype, options: ReadOptions, hint: string): IdRule {
  const widest = dtype === 'u16' ? 65_536 : MAX_VOCABULARY;
  const limit = Math.min(options.vocabularyLimit ?? widest, dtype === 'u16' ? widest : 2 ** 31);
  const { eos } = options;
  if (eos !== undefined && eos >= widest) {
    throw new BimixError('invalid-eos', `invalid eos ${eos} for ${path}: ids of ${dtype} are below ${widest}`, {
      where: { file: path },
    });
  }
  return { path, dtype, limit, eos, hint };
}

/**
 * The ids in these bytes: a view where the type allows it. Signed types come as unsigned: their ids are not negative.
 *
 * @param bytes whole ids, aligned to their size
 * @param byte where the bytes stand in the file
 * @throws BimixError `invalid-tokens` with the byte of the first id that is negative or not below the limit
 */
export function tokensOf(bytes: Buffer, rule: IdRule, byte: number): TokenArray {
  const { buffer, byteOffset, byteLength } = bytes;
  if (rule.dtype === 'u16') {
    const ids = new Uint16Array(buffer, byteOffset, byteLength / 2);
    if (rule.limit < 65_536) checkIds(ids, rule, byte, 2);
    return ids;
  }
  if (rule.dtype === 'i64') {
    const words = new Uint32Array(buffer, byteOffset, byteLength / 4);
    const ids = new Uint32Array(words.length / 2);
    for (let i = 0; i < ids.length; i++) ids[i] = words[2 * i + 1] === 0 ? words[2 * i] : 0xffffffff;
    checkIds(ids, rule, byte, 8);
    return ids;
  }
  const ids = new Uint32Array(buffer, byteOffset, byteLength / 4);
  checkIds(ids, rule, byte, 4);
  return ids;
}

/** @param itemBytes how far ids stand apart in the file, for the byte of a wrong one */
export function checkIds(ids: TokenArray, rule: IdRule, byte: number, itemBytes: number): void {
  const { limit, eos } = rule;
  for (let i = 0; i < ids.length; i++) {
    if (ids[i] >= limit && ids[i] !== eos) throw invalidId(ids[i], rule, byte + i * itemBytes);
  }
}

function invalidId(id: number, { path, dtype, limit, hint }: IdRule, byte: number): BimixError {
  const shown = dtype === 'i64' && id === 0xffffffff ? 'negative or above 32 bits' : dtype === 'i32' ? id | 0 : id;
  return new BimixError('invalid-tokens', `invalid token id ${shown} in ${path}: ids are below ${limit}`, {
    hint,
    where: { file: path, byte },
  });
}

/**
 * How many ids a stretch of a file holds.
 *
 * @throws BimixError `invalid-tokens` with the byte where the last one is cut
 */
export function wholeIds(path: string, dtype: TokenDtype, start: number, bytes: number): number {
  const rest = bytes % ITEM_BYTES[dtype];
  if (rest === 0) return bytes / ITEM_BYTES[dtype];
  const message = `invalid size of ${path}: ${bytes} bytes are not a whole number of ${dtype} ids`;
  throw new BimixError('invalid-tokens', message, {
    hint: 'Is it cut off, or of another dtype?',
    where: { file: path, byte: start + bytes - rest },
  });
}
