/**
 * Intervals that a new run's losses fall into with a given probability. On the logarithm of the loss,
 *
 *   margin^2 = t^2 (g' Cov(theta) g + runSd^2 + withinSd^2 + c^2 + b^2)
 *
 * with g the slopes of the log loss in theta, c what all runs can be off by at one checkpoint, b what the law's form is off by
 * beyond the runs (beyond-runs.ts), and t the quantile of Student's distribution. c is 0 at checkpoints that the fit knows, b
 * where the runs covered what is asked about. Where a law was checked on runs held out instead, the quantile of their errors
 * stands for the first three (split conformal prediction, Vovk et al. 2005; over folds).
 */

import { BimixError } from '../errors/index.ts';
import { studentQuantile } from '../numerics/index.ts';
import { checkpointDeviations } from './checkpoint-deviations.ts';
import type { FittedLaw, FittedTarget } from './fitted-law.ts';
import type { Design } from './law.ts';
import { logDeviations } from './log-deviations.ts';
import { noIntervals } from './no-intervals.ts';
import { predictCheckpoints, predictLoss, relativeSize } from './predict.ts';

/** An interval that reaches this far says that nothing is known; further, its end would be no number. */
const MAX_LOG_MARGIN = 50;

/** Losses, nats per token. */
export interface LossInterval {
  readonly loss: number;
  readonly lower: number;
  readonly upper: number;
}

export interface PredictedIntervals {
  /** Probability that each interval covers a new run. */
  readonly level: number;
  /** By evaluation domain. */
  readonly targets: Readonly<Record<string, LossInterval>>;
  /** Of the plain mean over targets; narrower than the mean of the intervals, since targets do not err all alike. */
  readonly mean: LossInterval;
}

/**
 * @param shares share of tokens in the order of the law's training domains
 * @param volume in the fit's unit
 * @param level probability between 0 and 1 that an interval covers a new run
 * @param size model size in parameters, for laws that know it; the largest of the fit unless given
 * @throws BimixError `invalid-level`; `missing-uncertainty` where `noIntervals` has a reason
 */
export function predictIntervals(
  fitted: FittedLaw,
  shares: Float64Array,
  volume: number,
  level: number,
  size?: number,
): PredictedIntervals {
  checkLevel(level);
  const reason = noIntervals(fitted, volume);
  if (reason !== undefined) throw new BimixError('missing-uncertainty', reason.message);
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
  const ofMean = combinedMargin(
    fitted,
    parts.map(({ loss, margin }) => scaled(margin, loss / k)),
  );
  return {
    level,
    targets: Object.fromEntries(parts.map(part => [part.target, around(part.loss, length(part.margin))])),
    mean: around(mean, ofMean / mean),
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
    lower: logLosses.map((logLoss, n) => Math.exp(logLoss - length(margins[n]))),
    upper: logLosses.map((logLoss, n) => Math.exp(logLoss + length(margins[n]))),
  };
}

/** @throws BimixError `invalid-level` */
export function checkLevel(level: number): void {
  if (level > 0 && level < 1) return;
  throw new BimixError('invalid-level', `invalid level ${level}: expected a probability between 0 and 1`);
}

/** A loss and the interval that reaches `logMargin` to either side of its logarithm. */
export function around(loss: number, logMargin: number): LossInterval {
  const reach = Number.isNaN(logMargin) ? MAX_LOG_MARGIN : Math.min(logMargin, MAX_LOG_MARGIN);
  return { loss, lower: loss * Math.exp(-reach), upper: loss * Math.exp(reach) };
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

/** How far an interval reaches to either side, in parts that are independent of each other. */
export interface Margin {
  /** Targets err together in it as their residuals do. */
  readonly own: number;
  /** Each goes one way for all targets. */
  readonly common: readonly [volume: number, size: number];
}

/** The margin of a sum over targets, from those of its parts. */
export function combinedMargin(fitted: FittedLaw, margins: readonly Margin[]): number {
  const own = combined(
    fitted,
    margins.map(margin => margin.own),
  );
  const sum = (kind: 0 | 1): number => margins.reduce((total, { common }) => total + common[kind], 0);
  return Math.hypot(own, sum(0), sum(1));
}

function length({ own, common }: Margin): number {
  return Math.hypot(own, ...common);
}

function scaled({ own, common: [volume, size] }: Margin, factor: number): Margin {
  return { own: factor * own, common: [factor * volume, factor * size] };
}

/**
 * n, about the log losses of checkpoints of new runs.
 *
 * @param checkpointSd n: what is uncertain of each row by its checkpoint
 */
function logMargins(
  fitted: FittedLaw,
  target: FittedTarget,
  design: Design,
  level: number,
  checkpointSd: Float64Array,
): Margin[] {
  checkLevel(level);
  const { coefficients, beyond, uncertainty } = logDeviations(fitted, target, design);
  const { runSd, withinSd, degrees, method } = uncertainty;
  const t = studentQuantile(level, degrees);
  const covered =
    method === 'held-out'
      ? coefficients.map(() => at(uncertainty.quantiles, level))
      : coefficients.map(row => t * Math.hypot(...row, runSd, withinSd));
  return beyond.map(({ mixture, common: [volume, size] }, n) => ({
    own: Math.hypot(covered[n], t * checkpointSd[n], t * mixture),
    common: [t * volume, t * size],
  }));
}

/** Linear between the quantiles, which are evenly spaced. */
function at(quantiles: readonly number[], level: number): number {
  const place = level * (quantiles.length - 1);
  const below = Math.min(quantiles.length - 2, Math.floor(place));
  return quantiles[below] + (place - below) * (quantiles[below + 1] - quantiles[below]);
}
