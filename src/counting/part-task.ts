/** One part of a domain to be counted: plain data, handed to a worker. */

import type { FilePart, ReadOptions, TokenizerIdentity, TokenizerSpec } from '../corpus/index.ts';

export interface PartTask {
  readonly domain: string;
  readonly files: readonly FileStretch[];
  readonly read: ReadOptions;
  readonly tokenizer: TokenizerSpec | null;
  readonly identity: TokenizerIdentity | null;
  readonly vocabulary: number;
  readonly acrossDocuments: boolean;
  readonly groups: number;
  /** Count file to write. */
  readonly out: string;
  /** How much work it is, roughly: bytes to read. */
  readonly bytes: number;
}

/** A file, or one part of a large one. */
export interface FileStretch {
  readonly path: string;
  /** Of the whole file. */
  readonly bytes: number;
  readonly fingerprint: string;
  /** In the domain. */
  readonly position: number;
  /** Number of the part, from 0. */
  readonly index: number;
  /** How many parts the file has. */
  readonly of: number;
  /** What the reader calls that part; null for the whole file. */
  readonly part: FilePart | null;
  /** Tokens at most; null for all. */
  readonly limit: number | null;
}

/** What a worker reports while it counts. */
export interface PartProgress {
  /** So far, of this part. */
  readonly tokens: number;
  /** Bytes read so far, of this part. */
  readonly bytes: number;
}
