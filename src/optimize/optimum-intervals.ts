/**
 * How certain an optimum is. The best mixture is found again under laws whose coefficients could as well be true; how far the
 * shares move is their interval. The losses at the proposed mixture, and how far it is ahead of the reference, are uncertain by
 * the coefficients and by what single runs scatter by.
 */

import { BimixError } from '../errors/index.ts';
import {
  around,
  checkLevel,
  checkpointDeviations,
  combinedMargin,
  designOfMixtures,
  effectiveShares,
  type FittedLaw,
  type LossInterval,
  logDeviations,
  movedLaws,
} from '../laws/index.ts';
import { studentQuantile } from '../numerics/index.ts';
import { mixtureGain } from './mixture-gain.ts';
import { type MixtureProblem, makeProblem, type OptimizeOptions } from './mixture-problem.ts';
import { findOptimum } from './optimum.ts';

export interface OptimumIntervals {
  /** Coverage probability of each interval. */
  readonly level: number;
  /**
   * Share of tokens by training domain, within what is allowed; null where the fit does not say how uncertain its
   * coefficients are, or none of those other laws can meet the targets.
   */
  readonly mixture: Readonly<Record<string, { readonly from: number; readonly to: number }>> | null;
  /** By evaluation domain: the loss of a run at the proposed mixture. */
  readonly losses: Readonly<Record<string, LossInterval>>;
  /** The weighted mean of those losses, without the pull. */
  readonly mean: LossInterval;
  /** Probability that a run at the proposed mixture has a lower weighted mean of losses than one at the reference. */
  readonly beatsReference: number;
}

/**
 * @param shares m: the optimum of the problem
 * @throws BimixError `invalid-level`; `missing-uncertainty` when the fit does not say how sure it is
 */
export function optimumIntervals(
  fitted: FittedLaw,
  problem: MixtureProblem,
  shares: Float64Array,
  options: OptimizeOptions,
  level: number,
): OptimumIntervals {
  checkLevel(level);
  return {
    level,
    mixture: shareIntervals(fitted, problem, shares, options, level),
    ...lossIntervals(fitted, problem, shares, level),
    beatsReference: mixtureGain(fitted, problem, shares, problem.reference.shares, level).probability,
  };
}

function shareIntervals(
  fitted: FittedLaw,
  { constraints: { lower, upper } }: MixtureProblem,
  shares: Float64Array,
  options: OptimizeOptions,
  level: number,
): OptimumIntervals['mixture'] {
  const variance = new Float64Array(shares.length);
  let solved = 0;
  for (const { law, weight } of movedLaws(fitted)) {
    const optimum = optimumOf(law, options, shares);
    if (optimum === undefined) continue;
    solved++;
    optimum.forEach((share, j) => {
      variance[j] += (weight * (share - shares[j])) ** 2;
    });
  }
  if (solved === 0) return null;
  const degrees = Math.min(...fitted.targets.map(({ uncertainty }) => uncertainty?.degrees ?? 1));
  const t = studentQuantile(level, degrees);
  const range = (j: number): { from: number; to: number } => ({
    from: Math.max(lower[j], shares[j] - t * Math.sqrt(variance[j])),
    to: Math.min(upper[j], shares[j] + t * Math.sqrt(variance[j])),
  });
  return Object.fromEntries(fitted.trainingDomains.map((domain, j) => [domain, range(j)]));
}

/** Undefined where no mixture meets the targets under this law. */
function optimumOf(law: FittedLaw, options: OptimizeOptions, near: Float64Array): Float64Array | undefined {
  try {
    const { objective, constraints, ceilings } = makeProblem(law, options);
    return findOptimum(objective, constraints, near, ceilings).shares;
  } catch (error) {
    if (error instanceof BimixError && error.code === 'invalid-targets') return undefined;
    throw error;
  }
}

function lossIntervals(
  fitted: FittedLaw,
  problem: MixtureProblem,
  shares: Float64Array,
  level: number,
): Pick<OptimumIntervals, 'losses' | 'mean'> {
  const { losses, weights, repetition, volume } = problem;
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const drawn = repetition === undefined ? shares : effectiveShares(shares, repetition);
  const design = designOfMixtures(fitted, [drawn], volume.atFit);
  const parts = fitted.targets.map((target, i) => {
    const { coefficients, beyond, uncertainty } = logDeviations(fitted, target, design);
    const weight = weights[i] / total;
    const best = losses[i].loss.value(shares);
    const { runSd, withinSd, degrees } = uncertainty;
    const [checkpointSd] = checkpointDeviations(fitted, target, design);
    const [here] = beyond;
    const ownSd = Math.hypot(...coefficients[0], runSd, withinSd, checkpointSd, here.mixture);
    const [volumeSd, sizeSd] = here.common;
    const logSd = Math.hypot(ownSd, ...here.common);
    return {
      target: target.target,
      interval: around(best, studentQuantile(level, degrees) * logSd),
      degrees,
      mean: weight * best,
      sd: { own: weight * best * ownSd, common: [weight * best * volumeSd, weight * best * sizeSd] } as const,
    };
  });
  const degrees = Math.min(...parts.map(part => part.degrees));
  const mean = parts.reduce((sum, part) => sum + part.mean, 0);
  const sd = combinedMargin(
    fitted,
    parts.map(part => part.sd),
  );
  return {
    losses: Object.fromEntries(parts.map(part => [part.target, part.interval])),
    mean: around(mean, (studentQuantile(level, degrees) * sd) / mean),
  };
}
