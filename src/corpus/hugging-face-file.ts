/** A Hugging Face `tokenizer.json` as it lies on disk (format: https://huggingface.co/docs/tokenizers). */

import { z } from 'zod';
import { BimixError, parseCheckedJson } from '../errors/index.ts';
import { readInputFile } from '../files/index.ts';
import { unicodeVersion } from './pre-token-pattern.ts';
import type { TokenizerIdentity } from './tokenizer.ts';

const addedToken = z.looseObject({
  id: z.int().nonnegative(),
  content: z.string(),
  single_word: z.boolean().optional(),
  lstrip: z.boolean().optional(),
  rstrip: z.boolean().optional(),
  /** Looked for in the text after the normalizer, not before. */
  normalized: z.boolean().optional(),
  special: z.boolean().optional(),
});

/** Two tokens, in a list or with a space between them. */
type Merge = string | readonly [string, string];

/** What this room reads of it; the vocabulary is checked where it is used. */
const tokenizerJson = z.looseObject({
  added_tokens: z.array(addedToken).nullish(),
  normalizer: z.unknown().optional(),
  pre_tokenizer: z.unknown().optional(),
  model: z.looseObject({
    type: z.string().optional(),
    vocab: z.custom<object>(value => typeof value === 'object' && value !== null, 'expected the ids of its tokens'),
    merges: z.custom<readonly Merge[]>(areMerges, 'expected pairs of tokens').optional(),
  }),
});

export type AddedToken = z.infer<typeof addedToken>;
export type TokenizerJson = z.infer<typeof tokenizerJson>;

export interface HuggingFaceFile {
  readonly path: string;
  readonly identity: TokenizerIdentity;
  readonly content: TokenizerJson;
}

/** @throws BimixError missing-file, invalid-file, or invalid-tokenizer when it is not a tokenizer.json */
export async function readHuggingFaceFile(path: string): Promise<HuggingFaceFile> {
  const file = await readInputFile(path);
  const content = parseCheckedJson(file.text(), tokenizerJson, {
    code: 'invalid-tokenizer',
    what: `tokenizer ${path}`,
    file: path,
    hint: FILE_HINT,
  });
  return {
    path,
    identity: { name: shortName(path), version: `sha256:${file.sha256}`, unicode: unicodeVersion },
    content,
  };
}

const FILE_HINT = 'Give the tokenizer.json that Hugging Face tokenizers writes.';

export function invalidTokenizer(path: string, why: string, cause?: unknown): BimixError {
  return new BimixError('invalid-tokenizer', `invalid tokenizer ${path}: ${why}`, {
    hint: FILE_HINT,
    where: { file: path },
    cause,
  });
}

function areMerges(value: unknown): value is readonly Merge[] {
  const isMerge = (merge: unknown): boolean =>
    typeof merge === 'string' ||
    (Array.isArray(merge) && merge.length === 2 && merge.every(token => typeof token === 'string'));
  return Array.isArray(value) && value.every(isMerge);
}

/** Its directory names a tokenizer better than `tokenizer.json` does. */
function shortName(path: string): string {
  const parts = path.split(/[\\/]/).filter(part => part !== '' && part !== '.' && part !== '..');
  return parts.slice(parts.at(-1) === 'tokenizer.json' ? -2 : -1).join('/');
}
