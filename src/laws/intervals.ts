/**
 * Intervals that a new run's losses fall into with a given probability. On the logarithm of the loss,
 *
 *   margin^2 = t^2 (g' Cov(theta) g + runSd^2 + withinSd^2 + c^2)
 *
 * with g the slopes of the log loss in theta, c what all runs can be off by at one checkpoint, and t the quantile of
 * Student's distribution: what is uncertain of the coefficients, of the run, and of the checkpoint. c is 0 at checkpoints
 * that the fit knows. Where a law was checked on runs held out instead, the margin is the quantile
 * of their errors (split conformal prediction, Vovk et al. 2005; over folds).
 */

import { BimixError } from '../errors/index.ts';
import { studentQuantile } from '../numerics/index.ts';
import { checkpointDeviations } from './checkpoint-deviations.ts';
import type { FittedLaw, FittedTarget } from './fitted-law.ts';
import type { Design } from './law.ts';
import { logDeviations } from './log-deviations.ts';
import { predictCheckpoints, predictLoss, relativeSize } from './predict.ts';

/** Losses, nats per token. */
export interface LossInterval {
  readonly loss: number;
  readonly lower: number;
  readonly upper: number;
}

export interface PredictedIntervals {
  /** Probability that each interval is to cover. */
  readonly level: number;
  /** By evaluation domain. */
  readonly targets: Readonly<Record<string, LossInterval>>;
  /** Of the plain mean over targets; narrower than the mean of the intervals, since targets do not err all alike. */
  readonly mean: LossInterval;
}

/**
 * @param shares share of tokens in the order of the law's training domains
 * @param volume in the fit's unit
 * @param level probability between 0 and 1 that each interval is to cover
 * @param size model size in parameters, for laws that know it; the largest of the fit unless given
 * @throws BimixError `invalid-level`; `missing-uncertainty` when the fit does not say how sure it is
 */
export function predictIntervals(
  fitted: FittedLaw,
  shares: Float64Array,
  volume: number,
  level: number,
  size?: number,
): PredictedIntervals {
  const design = designOfMixtures(fitted, [shares], volume, size);
  const parts = fitted.targets.map(target => {
    const loss = predictLoss(fitted, target, shares, volume, size);
    return {
      target: target.target,
      loss,
      margin: logMargins(fitted, target, design, level, checkpointDeviations(fitted, target, design))[0],
    };
  });
  const k = parts.length;
  const mean = parts.reduce((sum, { loss }) => sum + loss / k, 0);
  const margin = combined(
    fitted,
    parts.map(part => (part.loss * part.margin) / k),
  );
  return {
    level,
    targets: Object.fromEntries(parts.map(part => [part.target, around(part.loss, part.margin)])),
    mean: around(mean, margin / mean),
  };
}

export interface RowIntervals {
  /** n, nats per token. */
  readonly lower: Float64Array;
  readonly upper: Float64Array;
}

/** Intervals of one target at the rows of a design, as `predictCheckpoints` and `predictIntervals`. */
export function designIntervals(fitted: FittedLaw, target: FittedTarget, design: Design, level: number): RowIntervals {
  const logLosses = predictCheckpoints(fitted, target, design);
  const margins = logMargins(fitted, target, design, level, new Float64Array(logLosses.length));
  return {
    lower: logLosses.map((logLoss, n) => Math.exp(logLoss - margins[n])),
    upper: logLosses.map((logLoss, n) => Math.exp(logLoss + margins[n])),
  };
}

/** @throws BimixError `invalid-level` */
export function checkLevel(level: number): void {
  if (level > 0 && level < 1) return;
  throw new BimixError('invalid-level', `invalid level ${level}: expected a probability between 0 and 1`);
}

/** A loss and the interval that reaches `logMargin` to either side of its logarithm. */
export function around(loss: number, logMargin: number): LossInterval {
  return { loss, lower: loss * Math.exp(-logMargin), upper: loss * Math.exp(logMargin) };
}

/** Mixtures, a run each, at one volume and size. */
export function designOfMixtures(
  fitted: FittedLaw,
  mixtures: readonly Float64Array[],
  volume: number,
  size?: number,
): Design {
  const m = fitted.trainingDomains.length;
  const shares = new Float64Array(mixtures.length * m);
  mixtures.forEach((mixture, run) => {
    shares.set(mixture, run * m);
  });
  return {
    shares,
    rowRun: Int32Array.from(mixtures, (_, run) => run),
    volume: new Float64Array(mixtures.length).fill(volume / fitted.volume.scale),
    size: new Float64Array(mixtures.length).fill(relativeSize(fitted, size)),
  };
}

/**
 * How far a sum over targets may be off, from how far its parts may: correlated as the residuals of the fit are; fully,
 * where the fit does not say.
 *
 * @param parts one a target of the law: standard deviations, or margins
 */
export function combined({ residualCorrelation }: FittedLaw, parts: readonly number[]): number {
  let square = 0;
  parts.forEach((a, i) => {
    square += a * a;
    for (let j = 0; j < i; j++) square += 2 * a * parts[j] * (residualCorrelation?.[(i * (i - 1)) / 2 + j] ?? 1);
  });
  return Math.sqrt(Math.max(0, square));
}

/**
 * n: how far either side of the log losses of checkpoints of new runs the interval reaches.
 *
 * @param checkpointSd n: what is uncertain of each row by its checkpoint
 */
function logMargins(
  fitted: FittedLaw,
  target: FittedTarget,
  design: Design,
  level: number,
  checkpointSd: Float64Array,
): Float64Array {
  checkLevel(level);
  const { coefficients, uncertainty } = logDeviations(fitted, target, design);
  const { runSd, withinSd, degrees, method } = uncertainty;
  const quantile = studentQuantile(level, degrees);
  if (method === 'held-out') {
    const margin = at(uncertainty.quantiles, level);
    return checkpointSd.map(sd => Math.hypot(margin, quantile * sd));
  }
  return checkpointSd.map((sd, n) => quantile * Math.hypot(...coefficients[n], runSd, withinSd, sd));
}

/** Linear between the quantiles, which are evenly spaced. */
function at(quantiles: readonly number[], level: number): number {
  const place = level * (quantiles.length - 1);
  const below = Math.min(quantiles.length - 2, Math.floor(place));
  return quantiles[below] + (place - below) * (quantiles[below + 1] - quantiles[below]);
}
