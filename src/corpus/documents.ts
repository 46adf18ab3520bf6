/**
 * What every reader gives: the documents of one file, as tokens or as text, in batches small enough to hold. A reader knows
 * one format and nothing of counting; a counter knows batches and nothing of formats.
 */

/** Token ids of a few documents, or of part of a long one. */
export interface TokenBatch {
  readonly tokens: Uint16Array | Uint32Array;
  /** End of each document in `tokens`, exclusive, ascending; the last equals `tokens.length`. */
  readonly ends: Uint32Array;
  /** Whether the last document goes on in the next batch. */
  readonly continues: boolean;
}

/** Texts of whole documents. */
export interface TextBatch {
  readonly texts: readonly string[];
}

export interface TokenFile {
  readonly kind: 'tokens';
  readonly format: string;
  readonly path: string;
  readonly bytes: number;
  /** Largest id the file can hold plus one, where its header or dtype says so. */
  readonly idLimit: number;
  /** Tokens in the file, where its header or size says so. */
  readonly tokens: number | null;
  /** What the reader had to assume or found odd, for the user. */
  readonly notes: readonly string[];
  batches(): AsyncIterable<TokenBatch>;
}

export interface TextFile {
  readonly kind: 'text';
  readonly format: string;
  readonly path: string;
  readonly bytes: number;
  readonly notes: readonly string[];
  batches(): AsyncIterable<TextBatch>;
}

export type DocumentFile = TokenFile | TextFile;

/** What corpus.yaml says of a domain's files. */
export interface ReadOptions {
  /** Name of the reader; detected when left out. */
  readonly format?: string;
  /** Field or column with the text, for jsonl, parquet and mds; default `text`. */
  readonly text?: string;
  /** Type of the ids in headerless files. */
  readonly dtype?: 'u16' | 'u32' | 'i32';
  /** Id that ends a document, in files that do not mark ends. */
  readonly eos?: number;
}

export interface DocumentReader {
  /** As in corpus.yaml: text, jsonl, parquet, megatron, nanogpt, llmc, olmo-npy, npy, datatrove, mds. */
  readonly name: string;
  readonly description: string;
  /** Whether the file looks like this format: by its first bytes, then by its name. */
  detect(path: string, head: Uint8Array): boolean;
  /** @throws BimixError with file and byte offset on anything the format does not allow */
  open(path: string, options: ReadOptions): Promise<DocumentFile>;
}
