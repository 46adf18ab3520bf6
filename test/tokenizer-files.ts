/** The text of tokenizer.json files of real size, built from the ranks in js-tiktoken. */

import { spellBytes } from '../src/corpus/vocabulary.ts';

export interface Ranks {
  readonly bpe_ranks: string;
  readonly pat_str: string;
}

/** Bytes of each id, one character a byte. */
export function tokensOfRanks({ bpe_ranks }: Ranks): string[] {
  return bpe_ranks
    .split('\n')
    .filter(line => line !== '')
    .flatMap(line => line.split(' ').slice(2))
    .map(base64 => Buffer.from(base64, 'base64').toString('latin1'));
}

export const byteLevel = { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: true };

export function splitBy(expression: string): object {
  const split = { type: 'Split', pattern: { Regex: expression }, behavior: 'Isolated', invert: false };
  return { type: 'Sequence', pretokenizers: [split, { ...byteLevel, use_regex: false }] };
}

export function addedToken(id: number, content: string, rest: object = {}): object {
  return {
    id,
    content,
    single_word: false,
    lstrip: false,
    rstrip: false,
    normalized: false,
    special: true,
    ...rest,
  };
}

/** A BPE model with GPT-2's one merge a token: the last pair that its bytes leave under the lower ranks. */
export function tokenizerFile(
  ranks: Ranks,
  parts: { readonly [key: string]: unknown } = {},
  model: object = {},
): string {
  return JSON.stringify({
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: [],
    normalizer: null,
    pre_tokenizer: byteLevel,
    post_processor: byteLevel,
    decoder: byteLevel,
    ...parts,
    model: {
      type: 'BPE',
      dropout: null,
      unk_token: null,
      continuing_subword_prefix: '',
      end_of_word_suffix: '',
      fuse_unk: false,
      ...vocabularyOf(ranks),
      ...model,
    },
  });
}

const vocabularies = new Map<Ranks, { readonly vocab: object; readonly merges: readonly string[][] }>();

function vocabularyOf(ranks: Ranks) {
  const known = vocabularies.get(ranks);
  if (known !== undefined) return known;
  const tokens = tokensOfRanks(ranks);
  const rankOf = new Map(tokens.map((token, rank) => [token, rank]));
  const made = {
    vocab: Object.fromEntries(tokens.map((token, id) => [spellBytes(token), id])),
    merges: tokens.filter(token => token.length > 1).map(token => mergedBefore(token, rankOf).map(spellBytes)),
  };
  vocabularies.set(ranks, made);
  return made;
}

function mergedBefore(token: string, rankOf: ReadonlyMap<string, number>): string[] {
  const parts = [...token];
  const limit = rankOf.get(token) ?? 0;
  while (parts.length > 2) {
    const ranks = parts.slice(1).map((part, i) => rankOf.get(parts[i] + part) ?? limit);
    const lowest = ranks.indexOf(Math.min(...ranks));
    parts.splice(lowest, 2, parts[lowest] + parts[lowest + 1]);
  }
  return parts;
}
