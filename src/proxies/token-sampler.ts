/**
 * The batches of a run. Each sequence is of one domain, whose turn it is by its share, so that shares are of *tokens* whatever the
 * lengths of documents, and hold at every moment within one sequence. What was drawn is known from the number of batches alone.
 */

import type { TokenBatch } from '../engine/index.ts';
import type { DocumentStream } from './document-stream.ts';
import { DomainTurns } from './domain-turns.ts';

/** A training domain with a share. */
export interface TokenSource {
  /** Share of tokens; they sum to 1. */
  readonly share: number;
  readonly stream: DocumentStream;
}

export interface BatchShape {
  /** Sequences a batch. */
  readonly sequences: number;
  /** Tokens a sequence. */
  readonly context: number;
}

export class TokenSampler {
  readonly #sources: readonly TokenSource[];
  readonly #shape: BatchShape;
  readonly #turns: DomainTurns;

  constructor(sources: readonly TokenSource[], shape: BatchShape) {
    this.#sources = sources;
    this.#shape = shape;
    this.#turns = new DomainTurns(sources.map(({ share }) => share));
  }

  /** Tokens of each source so far. */
  get drawn(): readonly number[] {
    return this.#turns.counts.map(count => count * this.#shape.context);
  }

  next(): TokenBatch {
    const { sequences, context } = this.#shape;
    const inputs = new Uint16Array(sequences * context);
    const targets = new Uint16Array(sequences * context);
    for (let at = 0; at < inputs.length; at += context) {
      const { stream } = this.#sources[this.#turns.next()];
      stream.read(inputs.subarray(at, at + context), targets.subarray(at, at + context));
    }
    return { sequences, inputs, targets };
  }

  /** Goes from the beginning to where the run is after this many batches. */
  skip(batches: number): void {
    for (let n = 0; n < batches * this.#shape.sequences; n++) this.#turns.next();
    this.drawn.forEach((tokens, source) => {
      if (tokens > 0) this.#sources[source].stream.seek(tokens);
    });
  }
}
