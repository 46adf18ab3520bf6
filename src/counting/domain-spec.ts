/** What is to be counted, and how: everything here is plain data, to be sent to a worker or another machine. */

import type { ReadOptions, TokenizerSpec } from '../corpus/index.ts';

export interface DomainSpec {
  readonly domain: string;
  /** In the domain's order: a file's position decides, with each document's position, which group the document is in. */
  readonly files: readonly string[];
  readonly read: ReadOptions;
  /** Needed for text; of pre-tokenized files it only names what made the ids. */
  readonly tokenizer: TokenizerSpec | null;
  /** Ids are below it. Default: the tokenizer's; else 65536 for files of u16, 262144 for wider ones. */
  readonly vocabulary?: number;
  /** About this many tokens of the domain, from the beginning of each file in proportion to its bytes; default all. */
  readonly sampleTokens?: number;
  /** Bytes counted at a time, which an interruption costs; default 32 MiB of text, 128 MiB of ids. */
  readonly partBytes?: number;
  /** Whether the last token of a document and the first of the next one are a pair; default false. */
  readonly acrossDocuments?: boolean;
}

export interface CountingOptions {
  /** Where finished parts are kept, so that a rerun resumes; made when missing. */
  readonly workFolder: string;
  /** Worker threads; 0 counts in this thread. Default: one a core. */
  readonly workers?: number;
  /** For tables and buffers of all workers together, in bytes; beyond it sorted runs go to disk. Default 1 GiB. */
  readonly memoryBytes?: number;
  /** Groups that documents are dealt to, 1 to 16; default 16. One group leaves out what intervals are made of. */
  readonly groups?: number;
  /** Only every `of`-th part, from part number `index`: the rest is counted elsewhere. */
  readonly shard?: { readonly index: number; readonly of: number };
  readonly onProgress?: (progress: CountingProgress) => void;
  /** Stops the count; parts that are finished stay. */
  readonly signal?: AbortSignal;
}

/** Of this run: parts that an earlier one finished are not in it, but in `partsDone` and `parts`. */
export interface CountingProgress {
  /** Domain that the latest tokens are of. */
  readonly domain: string;
  readonly tokens: number;
  /** Since the start. */
  readonly tokensPerSecond: number;
  /** By the bytes that are left; null until it is known. */
  readonly secondsLeft: number | null;
  readonly partsDone: number;
  readonly parts: number;
}
