/** What became of a prediction: losses of a run made after the fit. */

import type { LossInterval } from '../laws/index.ts';

/** One loss, nats per token. */
export interface VerifiedLoss extends Partial<Pick<LossInterval, 'lower' | 'upper'>> {
  readonly predicted: number;
  readonly observed: number;
}

/** The last checkpoint of one run, of those that measured a target of the law. */
export interface VerifiedRun {
  readonly run: string;
  /** Share of tokens by training domain. */
  readonly mixture: Readonly<Record<string, number>>;
  /** In the law's unit. */
  readonly volume: number;
  /** By evaluation domain; those that were measured. */
  readonly losses: Readonly<Record<string, VerifiedLoss>>;
  /** Plain mean over the law's targets; null where one was not measured, or where they have several units. */
  readonly mean: VerifiedLoss | null;
  /** Mean relative error over its losses. */
  readonly mre: number;
}
