/**
 * How much lower the mean loss of a run at one mixture is than that of a run at another, under one law: what the law gets wrong
 * alike at both cancels, and each run scatters by itself.
 */

import {
  checkLevel,
  combined,
  designOfMixtures,
  effectiveShares,
  type FittedLaw,
  logDeviations,
} from '../laws/index.ts';
import { studentProbability, studentQuantile } from '../numerics/index.ts';
import type { MixtureProblem } from './mixture-problem.ts';

/** Changes are fractions of the other mixture's weighted mean loss; negative where the mixture is better. */
export interface MixtureGain {
  /** Predicted. */
  readonly change: number;
  /** Ends of its interval. */
  readonly from: number;
  readonly to: number;
  /** Probability that the run at the mixture ends below the run at the other. */
  readonly probability: number;
}

/**
 * @param shares m: the mixture
 * @param other m: the mixture compared with
 * @param level coverage probability of the interval, for example 0.9
 * @throws BimixError `invalid-level`; `missing-uncertainty` when the fit does not say how certain it is
 */
export function mixtureGain(
  fitted: FittedLaw,
  { losses, weights, repetition, volume }: Pick<MixtureProblem, 'losses' | 'weights' | 'repetition' | 'volume'>,
  shares: Float64Array,
  other: Float64Array,
  level: number,
): MixtureGain {
  checkLevel(level);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const design = designOfMixtures(
    fitted,
    [shares, other].map(drawn => (repetition === undefined ? drawn : effectiveShares(drawn, repetition))),
    volume.atFit,
  );
  const parts = fitted.targets.map((target, i) => {
    const { coefficients, beyond, uncertainty } = logDeviations(fitted, target, design);
    const weight = weights[i] / total;
    const mine = losses[i].loss.value(shares);
    const theirs = losses[i].loss.value(other);
    const [here, there] = beyond;
    return {
      degrees: uncertainty.degrees,
      mean: weight * theirs,
      ahead: weight * (theirs - mine),
      // Two runs, each with an error of its own, under one law.
      coefficients: coefficients[0].map((value, q) => weight * (theirs * coefficients[1][q] - mine * value)),
      runs: Math.hypot(
        weight * Math.hypot(mine, theirs) * Math.hypot(uncertainty.runSd, uncertainty.withinSd),
        weight * Math.hypot(mine * here.mixture, theirs * there.mixture),
      ),
      common: here.common.map((value, kind) => weight * (theirs * there.common[kind] - mine * value)),
    };
  });
  const degrees = Math.min(...parts.map(part => part.degrees));
  const mean = parts.reduce((sum, part) => sum + part.mean, 0);
  const ahead = parts.reduce((sum, part) => sum + part.ahead, 0);
  const spread = Math.hypot(
    coefficientSpread(
      fitted,
      parts.map(part => part.coefficients),
    ),
    combined(
      fitted,
      parts.map(part => part.runs),
    ),
    ...[0, 1].map(kind => parts.reduce((sum, { common }) => sum + common[kind], 0)),
  );
  const margin = studentQuantile(level, degrees) * spread;
  return {
    change: -ahead / mean,
    from: (-ahead - margin) / mean,
    to: (-ahead + margin) / mean,
    probability: spread > 0 ? studentProbability(ahead / spread, degrees) : ahead > 0 ? 1 : 0.5,
  };
}

/** Resampled alike, targets go wrong together replicate by replicate; otherwise as their residuals do. */
function coefficientSpread(fitted: FittedLaw, parts: readonly Float64Array[]): number {
  const targets = (fitted.members ?? [fitted]).flatMap(member => member.targets);
  if (targets.every(({ uncertainty }) => uncertainty?.method === 'bootstrap')) {
    return Math.hypot(...parts.reduce((sum, part) => sum.map((value, q) => value + part[q])));
  }
  return combined(
    fitted,
    parts.map(part => Math.hypot(...part)),
  );
}
