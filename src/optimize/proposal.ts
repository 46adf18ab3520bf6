/** The answer of `bimix optimize`: a mixture, its predicted losses, and how far to trust it. */

import type { Warning } from '../laws/index.ts';
import type { BestRun } from './best-run.ts';
import type { OptimumIntervals } from './optimum-intervals.ts';

/** A share that ended on one of its bounds. */
export interface ActiveBound {
  readonly domain: string;
  readonly bound: 'lower' | 'upper' | 'tokens available';
  readonly share: number;
}

/** A loss that had to be reached. */
export interface ReachedTarget {
  /** Evaluation domain. */
  readonly target: string;
  /** Largest loss allowed, nats per token. */
  readonly ceiling: number;
  /** Whether it is a target of its own, or what the reference allows. */
  readonly from: 'target' | 'reference';
  /** Predicted at the optimum. */
  readonly loss: number;
  /** Nats of objective for each nat of this loss; 0 where the target does not bind. */
  readonly multiplier: number;
  /** By how much, at most, the objective would fall if the ceiling were 1 % higher; nats per token. */
  readonly worthOfOnePercent: number;
}

/** By evaluation domain, nats per token. */
export type LossByDomain = Readonly<Record<string, number>>;

export interface Proposal {
  /** Share of tokens by training domain; sums to 1. */
  readonly mixture: Readonly<Record<string, number>>;
  /** Tokens drawn from each training domain; null when the budget is not known in tokens. */
  readonly tokens: Readonly<Record<string, number>> | null;
  /** Tokens drawn / tokens available; null where the available tokens are not known. */
  readonly epochs: Readonly<Record<string, number | null>>;
  /** How repeated tokens were counted; null where they counted as new. */
  readonly repetition: {
    /** R* of Muennighoff et al. 2023. */
    readonly decay: number;
    /** How many new tokens the drawn ones are worth, by training domain. */
    readonly worth: Readonly<Record<string, number>>;
  } | null;
  readonly losses: LossByDomain;
  /** Objective at the optimum: the weighted mean of the losses plus the pull. */
  readonly objective: number;
  /** Unit of the objective; null where the weights mix several. */
  readonly unit: string | null;
  /** Weighted mean of the losses at the optimum, without the pull. */
  readonly meanLoss: number;
  /** The run to beat; null where no run measured all that the objective weighs. */
  readonly bestRun: BestRun | null;
  /** The mixture compared with, the mean of the runs' unless one was given, and its predicted losses. */
  readonly reference: {
    readonly name: string;
    readonly mixture: Readonly<Record<string, number>>;
    /** As those of the optimum. */
    readonly epochs: Readonly<Record<string, number | null>>;
    readonly losses: LossByDomain;
    readonly objective: number;
  };
  /** Frank-Wolfe duality gap: the objective is at most this far above its global minimum. Nats per token. */
  readonly gap: number;
  readonly method: 'dual root' | 'interior point';
  readonly iterations: number;
  /** Losses that had to be reached; empty without targets. */
  readonly targets: readonly ReachedTarget[];
  readonly activeBounds: readonly ActiveBound[];
  /** By training domain: the range of shares that some mixture within +0.1 % of the best objective has. */
  readonly freedom: Readonly<Record<string, { readonly from: number; readonly to: number }>>;
  /** How certain the optimum is, where asked for. */
  readonly intervals?: OptimumIntervals;
  readonly warnings: readonly Warning[];
  /** Name of the law, its unit of volume and the volume asked for. */
  readonly law: string;
  readonly volume: { readonly unit: 'tokens' | 'steps' | 'none'; readonly value: number | null };
  /** The volume asked for over the largest of the runs; 1 up to 1.05 times the largest. */
  readonly extrapolation: number;
}
