/** One proxy run, with everything that its losses depend on. */

import type { ReadOptions, TokenizerSpec } from '../corpus/index.ts';
import type { ModelShape, Optimizer } from '../engine/index.ts';

/** Text files of one training domain, split by document. */
export interface ProxyDomain {
  readonly name: string;
  /** JSON lines or text, as the corpus readers take them. */
  readonly train: readonly string[];
  readonly validation: readonly string[];
  /** How the files are read, where the files do not show it. */
  readonly read?: Pick<ReadOptions, 'format' | 'text'>;
}

export interface LearningRate {
  /** After warm-up. */
  readonly peak: number;
  /** Share of the run's steps. */
  readonly warmup: number;
  readonly schedule: 'constant' | 'cosine' | 'linear';
  /** Share of the peak at the end of a decaying schedule. */
  readonly final: number;
}

export interface ProxyRun {
  readonly name: string;
  /** Shares of tokens by training domain. Domains left out have none: their validation losses are taken all the same. */
  readonly weights: Readonly<Record<string, number>>;
  /** Training tokens; the run ends with the step that reaches them. */
  readonly tokens: number;
  /** Of initial parameters and of the order of documents. */
  readonly seed: number;
  readonly model: ModelShape;
  readonly optimizer: Optimizer;
  readonly learningRate: LearningRate;
  /** Sequences a step. */
  readonly sequences: number;
  readonly domains: readonly ProxyDomain[];
  /** Default: bytes. The model's vocabulary is the tokenizer's, and one more for the end of a document unless it is bytes. */
  readonly tokenizer?: TokenizerSpec;
  /** Tokens of each domain that this run may draw from, so that it repeats data as often as the target will. Default: all. */
  readonly tokensAvailable?: Readonly<Record<string, number>>;
  readonly evaluation: {
    /**
     * Training tokens at which every domain's validation loss is taken, ascending; the last is the end of the run. Each is taken
     * after the step that reaches it.
     */
    readonly at: readonly number[];
    /** Most validation tokens a domain, in sequences evenly spaced over its text. */
    readonly tokens: number;
  };
}
