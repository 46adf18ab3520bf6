/**
 * The byte pair encodings of OpenAI, from the rank files in js-tiktoken: a token's rank is its id, and two neighbours merge
 * when their bytes together are a token (tiktoken's rule).
 */

import { createHash } from 'node:crypto';
import type { TiktokenBPE } from 'js-tiktoken/lite';
import type { BpeRules } from './bpe-merger.ts';
import { type BpeDefinition, bpeTokenizer } from './bpe-tokenizer.ts';
import { unicodeVersion } from './pre-token-pattern.ts';
import type { Tokenizer } from './tokenizer.ts';
import type { RankName } from './tokenizer-spec.ts';

/**
 * GPT-2's (50,257 ids) or GPT-4o's (200,019 ids). The text of special tokens, such as `<|endoftext|>`, is encoded as the
 * ordinary text it is.
 */
export async function rankTokenizer(name: RankName): Promise<Tokenizer> {
  return bpeTokenizer(rankDefinition(name, await loadRanks(name)));
}

async function loadRanks(name: RankName): Promise<TiktokenBPE> {
  const { default: ranks } = await (name === 'gpt2'
    ? import('js-tiktoken/ranks/gpt2')
    : import('js-tiktoken/ranks/o200k_base'));
  return ranks;
}

/** @param file in js-tiktoken's notation: lines of a label, the first rank and the tokens of that and the next ranks */
export function rankDefinition(name: string, file: TiktokenBPE): BpeDefinition {
  const tokens: string[] = [];
  for (const line of file.bpe_ranks.split('\n').filter(line => line !== '')) {
    const [, first, ...encoded] = line.split(' ');
    encoded.forEach((base64, i) => {
      tokens[Number(first) + i] = Buffer.from(base64, 'base64').toString('latin1');
    });
  }
  const rules = rulesOfRanks(tokens);
  for (const [text, id] of Object.entries(file.special_tokens)) tokens[id] = Buffer.from(text).toString('latin1');
  const hash = createHash('sha256').update(file.pat_str).update('\n').update(file.bpe_ranks).digest('hex');
  return {
    identity: { name, version: `sha256:${hash}`, unicode: unicodeVersion },
    tokens,
    rules,
    pattern: file.pat_str,
  };
}

/** Every way to put a token together from two others. */
function rulesOfRanks(tokens: readonly string[]): BpeRules {
  const ranks = new Map(tokens.map((token, rank) => [token, rank]));
  const left: number[] = [];
  const right: number[] = [];
  const rank: number[] = [];
  tokens.forEach((token, result) => {
    for (let cut = 1; cut < token.length; cut++) {
      const before = ranks.get(token.slice(0, cut));
      if (before === undefined) continue;
      const after = ranks.get(token.slice(cut));
      if (after === undefined) continue;
      left.push(before);
      right.push(after);
      rank.push(result);
    }
  });
  const byteIds = Array.from({ length: 256 }, (_, byte) => ranks.get(String.fromCharCode(byte)) ?? 0);
  return { byteIds, left, right, rank, resultOfRank: tokens.map((_, id) => id) };
}
