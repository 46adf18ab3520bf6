/** Count files (`.counts`) written and read in order, holding one block at a time. See docs/counts-format.md. */

import { renameSync } from 'node:fs';
import { type CountsHeader, parseCountsHeader } from './counts-header.ts';
import { FrameReader, FrameWriter, written } from './frames.ts';
import { NO_ROW, PairBlockReader } from './pair-block-reader.ts';
import { PairBlockWriter } from './pair-block-writer.ts';

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

  /** Ends the file and gives it its name. */
  finish(path: string): void {
    this.#frames.finish();
    written(path, () => renameSync(this.#scratch, path));
  }

  close(): void {
    this.#frames.close();
  }
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
    const reader = this.#reader('UNIG');
    if (reader.first === NO_ROW) return;
    while (reader.nextPair()) {
      for (let i = 0; i < reader.entries; i++) {
        unigrams[reader.groups[i] * vocabulary + reader.second] += reader.counts[i];
      }
    }
  }

  pairs(): PairBlockReader {
    return this.#reader('PAIR');
  }

  #reader(kind: 'UNIG' | 'PAIR'): PairBlockReader {
    const { vocabulary, groups } = this.header;
    return new PairBlockReader(
      vocabulary,
      groups,
      () => (this.#frames.kind === kind ? this.#frames.read() : null),
      what => this.#frames.refuse(`its counts hold ${what}`),
    );
  }

  /** Makes sure that nothing is missing behind the last pair. */
  readEnd(): void {
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
