/** What trains a proxy model: the one interface of every engine. */

/** A decoder-only transformer: token and position embeddings, `layers` pre-norm blocks, the head tied to the embedding. */
export interface ModelShape {
  /** Ids are 0 to `vocabulary - 1`. */
  readonly vocabulary: number;
  /** Tokens a sequence. */
  readonly context: number;
  readonly width: number;
  readonly layers: number;
  readonly heads: number;
}

/** AdamW (Loshchilov & Hutter 2019, arXiv 1711.05101, Algorithm 2) with the gradient clipped by its norm. */
export interface Optimizer {
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  /** Of matrices; gains, biases and positions are not decayed. */
  readonly weightDecay: number;
  /** Largest norm of the whole gradient. */
  readonly clip: number;
}

/** Sequences side by side, row after row: `sequences x context` ids each. */
export interface TokenBatch {
  readonly sequences: number;
  readonly inputs: Uint16Array;
  /** The id after each input. */
  readonly targets: Uint16Array;
}

export interface StepResult {
  /** Mean over the batch's targets before the step, nats per token. */
  readonly loss: number;
  /** Of the gradient before it was clipped. */
  readonly gradientNorm: number;
}

/**
 * A model in training. The same shape, seed and batches give the same losses to the bit, on any machine and for any number of
 * threads.
 */
export interface Engine {
  /** Number of parameters. */
  readonly parameters: number;
  readonly threads: number;
  /** One step on a batch of the size the engine was made for. */
  step(batch: TokenBatch, learningRate: number): Promise<StepResult>;
  /** Summed loss of each sequence's targets in nats; any number of sequences, no change to the model. */
  evaluate(batch: TokenBatch): Promise<Float64Array>;
  /** Parameters and the optimizer's moments: everything that the next step depends on. */
  save(): Uint8Array;
  /** @throws BimixError `invalid-checkpoint` when the bytes are of another shape */
  load(state: Uint8Array): void;
  close(): Promise<void>;
}

export interface EngineOptions {
  readonly shape: ModelShape;
  readonly optimizer: Optimizer;
  /** Sequences a step. */
  readonly sequences: number;
  /** Of the initial parameters. */
  readonly seed: number;
  /** Changes speed alone. Default 1. */
  readonly threads?: number;
}
