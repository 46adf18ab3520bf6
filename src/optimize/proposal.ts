/** What `bimix optimize` answers: a mixture, what it costs, what it is worth, and how far to trust it. */

import type { Warning } from '../laws/index.ts';

/** A share that ended on one of its bounds. */
export interface ActiveBound {
  readonly domain: string;
  readonly bound: 'lower' | 'upper' | 'tokens available';
  readonly share: number;
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
  readonly losses: LossByDomain;
  /** Objective at the optimum: the weighted mean of the losses plus the pull. */
  readonly objective: number;
  /** The mixture compared with, the mean of the runs' unless one was given, and its predicted losses. */
  readonly reference: {
    readonly name: string;
    readonly mixture: Readonly<Record<string, number>>;
    readonly losses: LossByDomain;
    readonly objective: number;
  };
  /** Frank-Wolfe duality gap: the objective is at most this far above its global minimum. Nats per token. */
  readonly gap: number;
  readonly method: 'dual root' | 'interior point';
  readonly iterations: number;
  readonly activeBounds: readonly ActiveBound[];
  /** By training domain: the range of shares that some mixture within +0.1 % of the best objective has. */
  readonly freedom: Readonly<Record<string, { readonly from: number; readonly to: number }>>;
  readonly warnings: readonly Warning[];
  /** Name of the law, its unit of volume and the volume asked for. */
  readonly law: string;
  readonly volume: { readonly unit: 'tokens' | 'steps' | 'none'; readonly value: number | null };
}
