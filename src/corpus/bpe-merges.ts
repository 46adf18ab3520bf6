/** A byte-level BPE that is nothing but its merges, as `BpeTrainer` makes it: as a tokenizer, and as a tokenizer.json. */

import { createHash } from 'node:crypto';
import { BimixError } from '../errors/index.ts';
import { bpeTokenizer } from './bpe-tokenizer.ts';
import { gpt2Pattern, unicodeVersion } from './pre-token-pattern.ts';
import type { Tokenizer } from './tokenizer.ts';
import type { BpeMerges } from './tokenizer-spec.ts';
import { spellBytes } from './vocabulary.ts';

/** @throws BimixError invalid-merges when a merge is not of two ids made before it */
export function mergesTokenizer(merges: BpeMerges): Tokenizer {
  const tokens = tokensOf(merges);
  const left = merges.filter((_, i) => i % 2 === 0);
  const right = merges.filter((_, i) => i % 2 === 1);
  return bpeTokenizer({
    identity: {
      name: `bpe-${tokens.length}`,
      version: `sha256:${createHash('sha256').update(JSON.stringify(merges)).digest('hex')}`,
      unicode: unicodeVersion,
    },
    tokens,
    rules: {
      byteIds: Array.from({ length: 256 }, (_, byte) => byte),
      left,
      right,
      rank: left.map((_, rank) => rank),
      resultOfRank: left.map((_, rank) => 256 + rank),
    },
    pattern: gpt2Pattern,
  });
}

/**
 * The same as the text of a tokenizer.json with the same ids, for `--tokenizer` later and for Hugging Face tools.
 *
 * @throws BimixError as `mergesTokenizer`
 */
export function mergesFile(merges: BpeMerges): string {
  const spelled = tokensOf(merges).map(spellBytes);
  const byteLevel = { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: true };
  return JSON.stringify({
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: [],
    normalizer: null,
    pre_tokenizer: byteLevel,
    post_processor: byteLevel,
    decoder: byteLevel,
    model: {
      type: 'BPE',
      dropout: null,
      unk_token: null,
      continuing_subword_prefix: null,
      end_of_word_suffix: null,
      fuse_unk: false,
      byte_fallback: false,
      ignore_merges: false,
      vocab: Object.fromEntries(spelled.map((token, id) => [token, id])),
      merges: Array.from({ length: merges.length / 2 }, (_, i) => [spelled[merges[2 * i]], spelled[merges[2 * i + 1]]]),
    },
  });
}

/** Bytes of each id. */
function tokensOf(merges: BpeMerges): string[] {
  const tokens = Array.from({ length: 256 }, (_, byte) => String.fromCharCode(byte));
  for (let i = 0; i < merges.length; i += 2) {
    const left = tokens[merges[i]];
    const right = tokens[merges[i + 1]];
    if (left === undefined || right === undefined) {
      const message = `invalid merges: number ${i / 2 + 1} joins ids ${merges[i]} and ${merges[i + 1]}, of which one is not made yet`;
      throw new BimixError('invalid-merges', message);
    }
    tokens.push(left + right);
  }
  return tokens;
}
