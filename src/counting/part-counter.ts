/** Counts parts one after the other, in a worker or in the main thread; tokenizer and tables are made once. */

import { mkdirSync } from 'node:fs';
import {
  createTokenizer,
  type DocumentFile,
  openDocuments,
  type TextFile,
  type TokenBatch,
  type TokenFile,
  type Tokenizer,
} from '../corpus/index.ts';
import { BimixError } from '../errors/index.ts';
import type { CountedFile } from './counts-header.ts';
import type { FileStretch, PartProgress, PartTask } from './part-task.ts';
import { TokenCounter } from './token-counter.ts';

/** Milliseconds between two reports. */
const REPORT_EVERY = 100;

export interface PartOptions {
  readonly memoryBytes: number;
  /** Folder of this counter alone. */
  readonly scratch: string;
  readonly onProgress: (progress: PartProgress) => void;
  readonly signal?: AbortSignal;
}

export class PartCounter {
  readonly #options: PartOptions;
  #tokenizer: Tokenizer | null = null;
  #tokenizerKey = '';
  #counter: TokenCounter | null = null;
  #counterKey = '';
  #tokens = 0;
  #textBytes: number | null = 0;
  #reportedAt = 0;

  constructor(options: PartOptions) {
    this.#options = options;
    mkdirSync(options.scratch, { recursive: true });
  }

  /** Writes the task's count file. */
  async count(task: PartTask): Promise<void> {
    const counter = this.#counterFor(task);
    this.#tokens = 0;
    this.#textBytes = 0;
    const sources: CountedFile[] = [];
    let bytesBefore = 0;
    for (const stretch of task.files) {
      const file = await openDocuments(stretch.path, {
        ...task.read,
        vocabularyLimit: task.vocabulary,
        ...(stretch.part === null ? {} : { part: stretch.part }),
      });
      counter.startFile(stretch.position, stretch.index);
      const onBatch = () => this.#report(bytesBefore + file.bytesRead());
      if (file.kind === 'text')
        await this.#countTexts(file, stretch, await this.#tokenizerFor(task, file), counter, onBatch);
      else await this.#countTokens(file, stretch, counter, onBatch);
      bytesBefore += file.bytes;
      sources.push(sourceOf(stretch, file));
    }
    sources.sort((a, b) => (a.path < b.path ? -1 : 1));
    const { domain, identity } = task;
    await counter.finish(task.out, { domain, tokenizer: identity, textBytes: this.#textBytes, sources });
    this.#options.onProgress({ tokens: this.#tokens, bytes: task.bytes });
  }

  async #countTexts(
    file: TextFile,
    { limit }: FileStretch,
    tokenizer: Tokenizer,
    counter: TokenCounter,
    onBatch: () => void,
  ): Promise<void> {
    let left = limit ?? Number.POSITIVE_INFINITY;
    for await (const { texts } of file.batches()) {
      for (const text of texts) {
        const ids = tokenizer.encode(text);
        const count = Math.min(left, ids.length);
        if (count === 0) continue;
        counter.addDocument(ids.subarray(0, count));
        this.#tokens += count;
        left -= count;
        if (this.#textBytes !== null) this.#textBytes += Math.round((Buffer.byteLength(text) * count) / ids.length);
      }
      onBatch();
      if (left === 0) break;
    }
  }

  async #countTokens(
    file: TokenFile,
    { limit }: FileStretch,
    counter: TokenCounter,
    onBatch: () => void,
  ): Promise<void> {
    this.#textBytes = null;
    let left = limit ?? Number.POSITIVE_INFINITY;
    for await (const batch of file.batches()) {
      const kept = batch.tokens.length > left ? beginningOf(batch, left) : batch;
      counter.add(kept);
      this.#tokens += kept.tokens.length;
      left -= kept.tokens.length;
      onBatch();
      if (left === 0) break;
    }
  }

  #report(bytes: number): void {
    this.#options.signal?.throwIfAborted();
    const now = performance.now();
    if (now < this.#reportedAt + REPORT_EVERY) return;
    this.#reportedAt = now;
    this.#options.onProgress({ tokens: this.#tokens, bytes });
  }

  #counterFor({ vocabulary, groups, acrossDocuments }: PartTask): TokenCounter {
    const { memoryBytes, scratch } = this.#options;
    const key = JSON.stringify([vocabulary, groups, acrossDocuments]);
    if (this.#counter === null || this.#counterKey !== key) {
      this.#counter = new TokenCounter({ vocabulary, groups, acrossDocuments, memoryBytes, scratch });
      this.#counterKey = key;
    }
    return this.#counter;
  }

  async #tokenizerFor({ tokenizer, domain }: PartTask, file: DocumentFile): Promise<Tokenizer> {
    if (tokenizer === null) {
      throw new BimixError('missing-tokenizer', `missing tokenizer: ${file.path} of domain "${domain}" is text`, {
        hint: 'Give one with --tokenizer or in corpus.yaml: bytes, gpt2, o200k or the path of a tokenizer.json.',
        where: { file: file.path },
      });
    }
    const key = JSON.stringify(tokenizer);
    if (this.#tokenizer === null || this.#tokenizerKey !== key) {
      this.#tokenizer = await createTokenizer(tokenizer);
      this.#tokenizerKey = key;
    }
    return this.#tokenizer;
  }
}

/** The first `count` tokens, as whole documents but the last. */
function beginningOf({ tokens, ends }: TokenBatch, count: number): TokenBatch {
  const whole = ends.filter(end => end < count).length;
  const kept = ends.slice(0, whole + 1);
  kept[whole] = count;
  return { tokens: tokens.subarray(0, count), ends: kept, continues: false };
}

function sourceOf(
  { path, bytes, fingerprint, position, index, of, limit }: FileStretch,
  file: DocumentFile,
): CountedFile {
  return { path, bytes, fingerprint, position, of, parts: [index], limit, notes: file.notes };
}
