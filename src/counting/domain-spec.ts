/** What is to be counted, and how: everything here is plain data that a worker or another machine can be handed. */

import type { ReadOptions, TokenizerSpec } from '../corpus/index.ts';

export interface DomainSpec {
  readonly domain: string;
  /** In the domain's order: a file's position decides, with each document's position, which group the document is in. */
  readonly files: readonly string[];
  readonly read: ReadOptions;
  /** Needed for text; of pre-tokenised files it only names what made the ids. */
  readonly tokenizer: TokenizerSpec | null;
  /** Ids are below it. Default: the tokenizer's; else 65536 for files of u16, 262144 for wider ones. */
  readonly vocabulary?: number;
  /** About so many tokens of the domain, from the beginning of each file in proportion to its bytes; default all. */
  readonly sampleTokens?: number;
  /** Whether the last token of a document and the first of the next one are a pair; default false. */
  readonly acrossDocuments?: boolean;
}

export interface CountingOptions {
  /** Where finished parts are kept, so that a rerun goes on; made when missing. */
  readonly workFolder: string;
  /** Worker threads; 0 counts in this thread. Default: one a core. */
  readonly workers?: number;
  /** For tokens, tables and buffers of all workers together, in bytes; beyond it sorted runs go to disk. Default 1 GiB. */
  readonly memoryBytes?: number;
  /** Groups that documents are dealt to, 1 to 16; default 16. */
  readonly groups?: number;
  readonly onProgress?: (progress: CountingProgress) => void;
  /** Stops the count; parts that are finished stay. */
  readonly signal?: AbortSignal;
}

export interface CountingProgress {
  /** Domains done or under way, of all that this call counts. */
  readonly domain: string;
  /** Tokens counted since the start, all domains; parts of an earlier run not included. */
  readonly tokens: number;
  readonly tokensPerSecond: number;
  /** Parts done, of all parts: an earlier run's are done from the start. */
  readonly partsDone: number;
  readonly parts: number;
  /** Bytes of files read, of all bytes to read; their ratio gives the time left. */
  readonly bytesDone: number;
  readonly bytes: number;
}
