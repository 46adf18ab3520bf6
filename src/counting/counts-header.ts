/** What a count file says of itself before its counts. */

import type { TokenizerIdentity } from '../corpus/index.ts';

export interface CountsHeader {
  readonly domain: string;
  /** null when the files were tokenised by something that nobody named. */
  readonly tokenizer: TokenizerIdentity | null;
  /** Ids are below it. */
  readonly vocabulary: number;
  /** Whether pairs reach from one document into the next. */
  readonly acrossDocuments: boolean;
  /** How many groups documents are dealt to. */
  readonly groups: number;
  /** Of each group. */
  readonly documents: readonly number[];
  /** Of each group, the last of each document included. */
  readonly tokens: readonly number[];
  /** Bytes of text (UTF-8) behind the tokens; null when any file was tokenised already. */
  readonly textBytes: number | null;
  /** Sorted by path. */
  readonly sources: readonly CountedFile[];
}

/** A file whose tokens are in the counts. */
export interface CountedFile {
  /** As the user gave it. */
  readonly path: string;
  readonly bytes: number;
  /** XXH64 of the file's size, first and last 64 KiB, in hexadecimal: tells whether two parts saw the same file. */
  readonly fingerprint: string;
  /** Position in the domain, from 0. */
  readonly position: number;
  /** Into how many parts the file was split; 1 when it was not, or when all parts are here. */
  readonly of: number;
  /** Which parts are here, ascending, from 0. */
  readonly parts: readonly number[];
  /** Tokens at most, when only the file's beginning was asked for; null for the whole file. */
  readonly limit: number | null;
  /** What the reader assumed or found odd. */
  readonly notes: readonly string[];
}
