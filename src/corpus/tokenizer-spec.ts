/** Which tokenizer to count with: as the user names it, and as plain data that a worker or a count file can carry. */

import { BimixError } from '../errors/index.ts';

const rankNames = ['gpt2', 'o200k'] as const;

/** Everything a worker needs to build the same tokenizer; survives JSON and structured clone. */
export type TokenizerSpec =
  | { readonly kind: 'bytes' }
  | { readonly kind: 'ranks'; readonly name: RankName }
  /** A Hugging Face `tokenizer.json`. */
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'bpe'; readonly merges: BpeMerges };

/** Byte pair encodings whose ranks come with a package. */
export type RankName = (typeof rankNames)[number];

/**
 * Merges of a byte-level BPE in the order they were learned: left and right id of each, one after the other. Ids 0 to 255
 * are the bytes; merge number i makes id 256 + i.
 */
export type BpeMerges = readonly number[];

/** What `--tokenizer` may ask for: a tokenizer that exists, or one still to be trained on the corpus. */
export type TokenizerRequest = TokenizerSpec | { readonly kind: 'train'; readonly vocabulary: number };

const smallestBpe = 257;
const largestBpe = 262_144;

/**
 * Reads `bytes`, `gpt2`, `o200k`, `bpe:8192` (to be trained on the corpus), or a path to a tokenizer.json: anything that
 * ends in `.json` or holds a slash.
 *
 * @throws BimixError unknown-tokenizer for any other name, invalid-tokenizer for a BPE size that is not a count in
 *   [257, 262144]
 */
export function parseTokenizerName(text: string): TokenizerRequest {
  const name = text.trim();
  if (name === 'bytes') return { kind: 'bytes' };
  const ranks = rankNames.find(known => known === name);
  if (ranks !== undefined) return { kind: 'ranks', name: ranks };
  if (name.startsWith('bpe:')) return { kind: 'train', vocabulary: bpeSize(name) };
  if (name.endsWith('.json') || /[\\/]/.test(name)) return { kind: 'file', path: name };
  throw new BimixError('unknown-tokenizer', `unknown tokenizer "${text}"`, {
    hint: 'Use bytes, gpt2, o200k, bpe:8192 (trained on the corpus), or the path of a tokenizer.json.',
  });
}

function bpeSize(name: string): number {
  const digits = name.slice('bpe:'.length);
  const size = Number(digits);
  if (/^\d+$/.test(digits) && size >= smallestBpe && size <= largestBpe) return size;
  throw new BimixError(
    'invalid-tokenizer',
    `invalid tokenizer "${name}": "${digits}" is not a vocabulary size from ${smallestBpe} to ${largestBpe}`,
    { hint: 'Write bpe: and the number of ids, bytes included, such as bpe:8192.' },
  );
}
