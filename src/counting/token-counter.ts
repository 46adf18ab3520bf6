/**
 * Counts the tokens and pairs of one part of a domain: its tokens are gathered in a buffer, a full buffer is counted into a
 * sorted run on disk, and the runs are merged into the count file at the end. What fits in one buffer is never a run.
 */

import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { TokenBatch } from '../corpus/index.ts';
import { tokenCapacity } from './counter-memory.ts';
import { CountsFileWriter } from './counts-file.ts';
import type { CountsHeader } from './counts-header.ts';
import { groupOf, LONGEST_IN_ONE_GROUP } from './deal-documents.ts';
import { mergePairs } from './merge-pairs.ts';
import type { PairBlockWriter } from './pair-block-writer.ts';
import { PairKernel } from './pair-kernel.ts';
import { PairRow } from './pair-row.ts';
import { RunReader, RunWriter } from './pair-run.ts';
import { TokenBuffer } from './token-buffer.ts';

export interface CounterOptions {
  /** Ids are below it; at most 1,048,576. */
  readonly vocabulary: number;
  readonly groups: number;
  readonly acrossDocuments: boolean;
  /** For tables and buffers. */
  readonly memoryBytes: number;
  /** Folder for runs and unfinished files. */
  readonly scratch: string;
}

export class TokenCounter {
  readonly #options: CounterOptions;
  readonly #buffer: TokenBuffer;
  readonly #row: PairRow;
  readonly #kernel: PairKernel;
  /** By group and token. */
  readonly #unigrams: Float64Array;
  readonly #documents: number[];
  readonly #tokens: number[];
  #runs: string[] = [];
  #runsWritten = 0;
  /** Position of the file in the domain plus part of the file. */
  #file = 0;
  /** Position of the document under way, or of the next one. */
  #document = 0;
  /** Tokens of the document under way. */
  #length = 0;
  /** The last token, when the next one makes a pair with it; else -1. */
  #lead = -1;
  #leadGroup = 0;
  /** Whether the segment opened last ends with the lead. */
  #isOpen = false;

  /** @throws BimixError invalid-memory when the tables do not fit */
  constructor(options: CounterOptions) {
    const { vocabulary, groups } = options;
    const capacity = tokenCapacity(vocabulary, groups, options.memoryBytes);
    this.#options = options;
    this.#buffer = new TokenBuffer(vocabulary, groups, capacity);
    this.#row = new PairRow(vocabulary, groups);
    this.#kernel = new PairKernel(vocabulary, groups, capacity, this.#row);
    this.#unigrams = new Float64Array(vocabulary * groups);
    this.#documents = Array(groups).fill(0);
    this.#tokens = Array(groups).fill(0);
  }

  /** Begins a file or a part of one. */
  startFile(position: number, part: number): void {
    this.#endChain();
    this.#file = position + part;
    this.#document = 0;
    this.#length = 0;
  }

  /** @param batch ids below the vocabulary; its first document goes on with the last batch's last if that `continues` */
  add({ tokens, ends, continues }: TokenBatch): void {
    let start = 0;
    for (let i = 0; i < ends.length; i++) {
      this.#extendDocument(tokens, start, ends[i]);
      start = ends[i];
      if (i < ends.length - 1 || !continues) this.#endDocument();
    }
  }

  addDocument(tokens: Uint32Array): void {
    this.#extendDocument(tokens, 0, tokens.length);
    this.#endDocument();
  }

  #extendDocument(tokens: Uint16Array | Uint32Array, from: number, to: number): void {
    for (let at = from; at < to; ) {
      const stretch = Math.floor(this.#length / LONGEST_IN_ONE_GROUP);
      const group = groupOf(this.#file, this.#document + stretch, this.#options.groups);
      if (this.#length === 0) this.#documents[group]++;
      const end = Math.min(to, at + (stretch + 1) * LONGEST_IN_ONE_GROUP - this.#length);
      this.#addStretch(tokens, at, end, group);
      this.#tokens[group] += end - at;
      this.#length += end - at;
      at = end;
    }
  }

  #endDocument(): void {
    if (!this.#options.acrossDocuments) this.#endChain();
    this.#document++;
    this.#length = 0;
  }

  #addStretch(tokens: Uint16Array | Uint32Array, from: number, to: number, group: number): void {
    if (this.#lead >= 0 && this.#leadGroup !== group) {
      // The pair of the lead and the first token is of the lead's group.
      this.#append(tokens, from, from + 1, this.#leadGroup);
      this.#lead = -1;
      this.#isOpen = false;
    }
    this.#append(tokens, from, to, group);
    this.#lead = tokens[to - 1];
    this.#leadGroup = group;
  }

  /** Adds tokens behind the lead, if there is one. */
  #append(tokens: Uint16Array | Uint32Array, from: number, to: number, group: number): void {
    for (let at = from; at < to; ) {
      if (!this.#isOpen) {
        if (!this.#buffer.open(group)) {
          this.#spill();
          this.#buffer.open(group);
        }
        this.#isOpen = true;
        if (this.#lead >= 0) this.#buffer.push(this.#lead);
      }
      const count = this.#buffer.append(tokens, at, to);
      if (count > 0) this.#lead = tokens[at + count - 1];
      at += count;
      if (at < to) this.#isOpen = false;
    }
  }

  /** The lead begins no pair. */
  #endChain(): void {
    if (this.#lead >= 0) this.#unigrams[this.#leadGroup * this.#options.vocabulary + this.#lead]++;
    this.#lead = -1;
    this.#isOpen = false;
  }

  /** Counts the buffer into a run. */
  #spill(): void {
    const path = join(this.#options.scratch, `run-${this.#runsWritten++}`);
    this.#kernel.fill(this.#buffer, this.#unigrams);
    this.#buffer.clear();
    this.#runs.push(path);
    const run = new RunWriter(path, this.#options.groups);
    try {
      this.#kernel.drainTo(run.pairs);
      run.finish();
    } finally {
      run.close();
    }
  }

  /**
   * Writes the count file and begins anew.
   *
   * @param path made whole: written in the scratch folder and renamed
   */
  async finish(
    path: string,
    header: Pick<CountsHeader, 'domain' | 'tokenizer' | 'textBytes' | 'sources'>,
  ): Promise<void> {
    const { vocabulary, groups, acrossDocuments, scratch } = this.#options;
    this.#endChain();
    if (this.#runs.length > 0) this.#spill();
    else this.#kernel.fill(this.#buffer, this.#unigrams);
    const { domain, tokenizer, textBytes, sources } = header;
    const [documents, tokens] = [this.#documents, this.#tokens];
    const whole = { domain, tokenizer, vocabulary, acrossDocuments, groups, documents, tokens, textBytes, sources };
    const file = new CountsFileWriter(join(scratch, 'counts'), whole, this.#unigrams);
    try {
      const out = file.pairs(groups);
      if (this.#runs.length === 0) this.#kernel.drainTo(out);
      else await this.#mergeRuns(out);
      file.finish(path);
    } finally {
      file.close();
    }
    this.#clear();
  }

  async #mergeRuns(out: PairBlockWriter): Promise<void> {
    const { vocabulary, groups } = this.#options;
    const runs = this.#runs.map(path => new RunReader(path, vocabulary, groups));
    await mergePairs(
      runs.map(({ pairs }) => pairs),
      this.#row,
      out,
    );
    for (const run of runs) run.close();
    for (const path of this.#runs) rmSync(path);
    this.#runs = [];
  }

  #clear(): void {
    this.#buffer.clear();
    this.#unigrams.fill(0);
    this.#documents.fill(0);
    this.#tokens.fill(0);
  }
}
