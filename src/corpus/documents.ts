/**
 * What every reader gives: the documents of one file, as tokens or as text, in batches small enough to hold. A reader knows
 * one format and nothing of counting; a counter knows batches and nothing of formats.
 */

/** Of `ReadOptions.batchBytes`. */
export const DEFAULT_BATCH_BYTES = 2_097_152;

/** Type of the ids in a file: unsigned or signed, 16 to 64 bits, little-endian. */
export type TokenDtype = 'u16' | 'u32' | 'i32' | 'i64';

/** Token ids of a few documents, or of part of a long one. Never empty, and no document in it is. */
export interface TokenBatch {
  readonly tokens: Uint16Array | Uint32Array;
  /** End of each document in `tokens`, exclusive, strictly ascending; the last equals `tokens.length`. */
  readonly ends: Uint32Array;
  /** Whether the last document goes on in the next batch, with at least one token. */
  readonly continues: boolean;
}

/** Texts of whole documents. */
export interface TextBatch {
  readonly texts: readonly string[];
}

/**
 * A stretch of a file that can be read by itself, in the units its reader cuts by (bytes, tokens, documents, row groups or
 * shards). Plain data, so that it can be sent to another process.
 */
export interface FilePart {
  readonly from: number;
  /** Exclusive. */
  readonly to: number;
}

interface DocumentSource<Batch> {
  readonly format: string;
  /** Of the file, or folder, that holds the documents. */
  readonly path: string;
  /** Bytes to read: of the whole file or of the part that was opened. */
  readonly bytes: number;
  /** What the reader had to assume or found odd, for the user. */
  readonly notes: readonly string[];
  /** Bytes read by now, of `bytes`. */
  bytesRead(): number;
  /**
   * The documents, in file order. Each call reads from the beginning.
   *
   * @throws BimixError with file and byte offset on anything the format does not allow
   */
  batches(): AsyncIterable<Batch>;
  /**
   * Cuts the file between documents into at most `count` parts of about equal size, to be opened with `part`. Together they
   * give each document once; the same file and count give the same parts. One part where the format cannot be cut.
   */
  parts(count: number): Promise<readonly FilePart[]>;
}

export interface TokenFile extends DocumentSource<TokenBatch> {
  readonly kind: 'tokens';
  /** Every id is below it: the vocabulary limit that was given; else 65,536 for u16 and 1,048,576 for wider types. */
  readonly idLimit: number;
  /** Tokens in the file or part, ends of documents (`eos`) included, where its header or size says so. */
  readonly tokens: number | null;
}

export interface TextFile extends DocumentSource<TextBatch> {
  readonly kind: 'text';
}

export type DocumentFile = TokenFile | TextFile;

/** What corpus.yaml says of a domain's files, and what the counter asks for. */
export interface ReadOptions {
  /** Name of the reader; detected when left out. */
  readonly format?: string;
  /** Field or column with the text, for jsonl, parquet and mds; default `text`. Of parquet and mds also one with tokens. */
  readonly text?: string;
  /** Type of the ids in files that do not say it. */
  readonly dtype?: TokenDtype;
  /**
   * Id that separates documents. Documents are cut at it, beside the marks of formats that have them, and it is left out
   * of them: it belongs to no text.
   */
  readonly eos?: number;
  /** Size of the vocabulary, where known: an id at or above it means a wrong dtype or a wrong tokenizer. */
  readonly vocabularyLimit?: number;
  /** Reads only this part, as `parts` gave it. */
  readonly part?: FilePart;
  /** About how much of a file a batch holds; default 2 MiB. */
  readonly batchBytes?: number;
}

export interface DocumentReader {
  /** As in corpus.yaml: text, jsonl, parquet, megatron, nanogpt, llmc, olmo-npy, npy, datatrove, mds. */
  readonly name: string;
  readonly description: string;
  /**
   * Whether the file looks like this format, by its first bytes (decompressed), its name and the files beside it.
   *
   * @param head first bytes; empty for a folder
   */
  detect(path: string, head: Uint8Array): boolean;
  /** @throws BimixError with file and byte offset on anything the format does not allow */
  open(path: string, options: ReadOptions): Promise<DocumentFile>;
}
