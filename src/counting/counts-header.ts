/** What a count file says of itself before its counts. */

import * as z from 'zod';
import type { TokenizerIdentity } from '../corpus/index.ts';
import { type BimixError, parseCheckedJson } from '../errors/index.ts';

export interface CountsHeader {
  readonly domain: string;
  /** null when the files hold token ids and their tokenizer is not stated. */
  readonly tokenizer: TokenizerIdentity | null;
  /** Ids are below it. */
  readonly vocabulary: number;
  /** Whether pairs reach from one document of a file into the next. */
  readonly acrossDocuments: boolean;
  /** How many groups documents are dealt to. */
  readonly groups: number;
  /** Of each group. */
  readonly documents: readonly number[];
  /** Of each group, the last of each document included. */
  readonly tokens: readonly number[];
  /** Bytes of text (UTF-8) behind the tokens; null when any file was tokenized already. */
  readonly textBytes: number | null;
  /** Sorted by path. */
  readonly sources: readonly CountedFile[];
}

/** A file whose tokens are in the counts. */
export interface CountedFile {
  /** As the user gave it. */
  readonly path: string;
  readonly bytes: number;
  /** Tells whether two parts saw the same file: hash of its size and of its first and last bytes. */
  readonly fingerprint: string;
  /** Position in the domain, from 0. */
  readonly position: number;
  /** Into how many parts the file was split. */
  readonly of: number;
  /** Which of them are here, ascending, from 0. */
  readonly parts: readonly number[];
  /** Tokens at most, when only the file's beginning was asked for; null for the whole file. */
  readonly limit: number | null;
  /** What the reader assumed or found odd. */
  readonly notes: readonly string[];
}

/** Largest tokenizers in use have 2^18 ids and added ones beyond them. */
export const MAX_VOCABULARY = 1 << 20;
export const MAX_GROUPS = 16;

const count = z.int().nonnegative();
const schema = z.object({
  domain: z.string(),
  tokenizer: z.object({ name: z.string(), version: z.string(), unicode: z.string() }).nullable(),
  vocabulary: z.int().min(1).max(MAX_VOCABULARY),
  acrossDocuments: z.boolean(),
  groups: z.int().min(1).max(MAX_GROUPS),
  documents: z.array(count),
  tokens: z.array(count),
  textBytes: count.nullable(),
  sources: z.array(
    z.object({
      path: z.string(),
      bytes: count,
      fingerprint: z.string(),
      position: count,
      of: z.int().min(1),
      parts: z.array(count).min(1),
      limit: count.nullable(),
      notes: z.array(z.string()),
    }),
  ),
});

/** @param refuse is told what is wrong; never returns */
export function parseCountsHeader(json: Uint8Array, refuse: (what: string) => never): CountsHeader {
  let data: z.infer<typeof schema>;
  try {
    const check = { code: 'invalid-counts', what: 'header' } as const;
    data = parseCheckedJson(Buffer.from(json).toString('utf8'), schema, check);
  } catch (cause) {
    return refuse(`its header is damaged, ${(cause as BimixError).message.replace('invalid header: ', '')}`);
  }
  if (data.documents.length !== data.groups || data.tokens.length !== data.groups) {
    refuse(`its header counts ${data.groups} groups, but documents or tokens of another number`);
  }
  return data;
}
