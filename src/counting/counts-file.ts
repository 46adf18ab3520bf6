/** Count files (`.counts`) written and read in order, holding one block at a time. See docs/counts-format.md. */

import { renameSync } from 'node:fs';
import { type CountsHeader, parseCountsHeader } from './counts-header.ts';
import { FrameReader, FrameWriter, written } from './frames.ts';
import { FIRST_BYTES, firstOfBlock, NO_ROW, PairBlockReader } from './pair-block-reader.ts';
import { PairBlockWriter, stretchOf } from './pair-block-writer.ts';

const OPENING = 'bimix-counts 1\n';

export class CountsFileWriter {
  readonly #frames: FrameWriter;
  readonly #scratch: string;

  /**
   * @param scratch path to write to, on the same disk as the file to be
   * @param unigrams by group and token
   */
  constructor(scratch: string, header: CountsHeader, unigrams: Float64Array) {
    this.#scratch = scratch;
    this.#frames = new FrameWriter(scratch, OPENING);
    this.#frames.write('HEAD', Buffer.from(JSON.stringify(header)));
    this.#writeUnigrams(header, unigrams);
  }

  #writeUnigrams({ groups, vocabulary }: CountsHeader, unigrams: Float64Array): void {
    const out = new PairBlockWriter(groups, block => this.#frames.write('UNIG', block));
    const counts = new Float64Array(groups);
    out.openRow(0);
    for (let id = 0; id < vocabulary; id++) {
      let sum = 0;
      for (let group = 0; group < groups; group++) {
        counts[group] = unigrams[group * vocabulary + id];
        sum += counts[group];
      }
      if (sum > 0) out.pair(id, counts);
    }
    out.closeRow();
    out.flush();
  }

  pairs(groups: number): PairBlockWriter {
    return new PairBlockWriter(groups, block => this.#frames.write('PAIR', block));
  }

  /** Takes over the pairs of a run, unchanged; runs come in order of their pairs. */
  addRun(path: string): void {
    const run = new FrameReader(path);
    try {
      while (run.kind === 'PAIR') this.#frames.write('PAIR', run.read());
      run.readEnd();
    } finally {
      run.close();
    }
  }

  /** Ends the file and gives it its name. */
  finish(path: string): void {
    this.#frames.finish();
    written(path, () => renameSync(this.#scratch, path));
  }

  close(): void {
    this.#frames.close();
  }
}

/** Whole stretches of first tokens. */
export interface StretchRange {
  readonly from: number;
  /** Exclusive. */
  readonly to: number;
}

export class CountsFileReader {
  readonly header: CountsHeader;
  readonly #frames: FrameReader;

  /** @throws BimixError missing-file; invalid-counts with the offset where the file is damaged */
  constructor(path: string) {
    this.#frames = new FrameReader(path, OPENING);
    try {
      if (this.#frames.kind !== 'HEAD') this.#frames.refuse('it has no header', OPENING.length);
      this.header = parseCountsHeader(this.#frames.read(), what => this.#frames.refuse(what));
    } catch (error) {
      this.close();
      throw error;
    }
  }

  get path(): string {
    return this.#frames.path;
  }

  /** Adds the counts of tokens; to be called before `pairs`. */
  addUnigramsTo(unigrams: Float64Array): void {
    const { vocabulary } = this.header;
    const reader = this.#reader(() => (this.#frames.kind === 'UNIG' ? this.#frames.read() : null));
    if (reader.first === NO_ROW) return;
    while (reader.nextPair()) {
      for (let i = 0; i < reader.entries; i++) {
        unigrams[reader.groups[i] * vocabulary + reader.second] += reader.counts[i];
      }
    }
  }

  pairs(): PairBlockReader {
    return this.#reader(() => (this.#frames.kind === 'PAIR' ? this.#frames.read() : null));
  }

  /** Pairs of some stretches of first tokens; what comes before them is passed over unread. */
  pairsOfStretches({ from, to }: StretchRange): PairBlockReader {
    while (this.#frames.kind === 'UNIG' || this.#nextFirst() < from) this.#frames.skip();
    return this.#reader(() => (this.#nextFirst() < to ? this.#frames.read() : null));
  }

  /** The stretch of each block of pairs, and its bytes; reads no more than that. */
  *blocks(): Generator<{ readonly stretch: number; readonly bytes: number }> {
    for (; this.#frames.kind !== 'DONE'; this.#frames.skip()) {
      if (this.#frames.kind === 'PAIR') yield { stretch: stretchOf(this.#nextFirst()), bytes: this.#frames.length };
    }
  }

  /** First token of the next block of pairs. */
  #nextFirst(): number {
    return this.#frames.kind === 'PAIR' ? firstOfBlock(this.#frames.beginning(FIRST_BYTES)) : NO_ROW;
  }

  #reader(nextBlock: () => Uint8Array | null): PairBlockReader {
    const { vocabulary, groups } = this.header;
    return new PairBlockReader(vocabulary, groups, nextBlock, what => this.#frames.refuse(`its counts hold ${what}`));
  }

  /** Makes sure that nothing is missing behind the last pair; passes over pairs that are left. */
  readEnd(): void {
    while (this.#frames.kind === 'PAIR') this.#frames.skip();
    this.#frames.readEnd();
  }

  /** Says what is wrong with the counts read last. */
  refuse(what: string): never {
    return this.#frames.refuse(what);
  }

  close(): void {
    this.#frames.close();
  }
}
