/** Sorted runs: pairs on disk, in the blocks of a count file, until they are merged. */

import { FrameReader, FrameWriter } from './frames.ts';
import { PairBlockReader } from './pair-block-reader.ts';
import { PairBlockWriter } from './pair-block-writer.ts';

export class RunWriter {
  readonly pairs: PairBlockWriter;
  readonly #frames: FrameWriter;

  constructor(path: string, groups: number) {
    this.#frames = new FrameWriter(path);
    this.pairs = new PairBlockWriter(groups, block => this.#frames.write('PAIR', block));
  }

  finish(): void {
    this.#frames.finish();
  }

  close(): void {
    this.#frames.close();
  }
}

export class RunReader {
  readonly pairs: PairBlockReader;
  readonly #frames: FrameReader;

  constructor(path: string, vocabulary: number, groups: number) {
    const frames = new FrameReader(path);
    this.#frames = frames;
    const nextBlock = () => (frames.kind === 'PAIR' ? frames.read() : null);
    this.pairs = new PairBlockReader(vocabulary, groups, nextBlock, what => frames.refuse(`its counts hold ${what}`));
  }

  close(): void {
    this.#frames.close();
  }
}
