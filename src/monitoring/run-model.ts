/**
 * One run and one target as a fitted law sees them: log losses at the run's checkpoints, and how they can be off together.
 * With g the rows of `coefficients`, an offset o and noise e,
 *
 *   log observed - log predicted = g z + o + e,     z ~ N(0, I),  o ~ N(0, runSd^2),  e ~ N(0, withinSd^2)
 *
 * so that what the coefficients are off by at the run's mixture is learned from its checkpoints along with its offset.
 */

import {
  around,
  checkpointDeviations,
  type FittedLaw,
  type FittedTarget,
  type LossInterval,
  logDeviations,
  predictDesign,
  type RunScatter,
  relativeSize,
} from '../laws/index.ts';
import { studentQuantile } from '../numerics/index.ts';
import { effectiveCount, type RunOffset, recencyWeights, runOffset } from './run-offset.ts';

export interface RunModel {
  /** n, in the fit's unit. */
  readonly volumes: Float64Array;
  /** n log losses that the law predicts. */
  readonly logPredicted: Float64Array;
  /** n rows g, as `logDeviations`. */
  readonly coefficients: readonly Float64Array[];
  /** Within the run, what a checkpoint is off by in all runs included. */
  readonly scatter: RunScatter;
}

/** Checkpoints of the run that were measured. */
export interface RunPast {
  /** Rows of the model, ascending in volume. */
  readonly rows: readonly number[];
  /** One a row: observed minus predicted log loss. */
  readonly deviations: readonly number[];
}

/** A log loss yet to be measured. */
export interface LogForecast {
  readonly logLoss: number;
  /** Of the checkpoint's noise too. */
  readonly sd: number;
}

/** What the recency-weighted past is off by, and what of that is noise. */
export interface PastLevel {
  readonly mean: number;
  /** q: how it answers to the coefficients' directions. */
  readonly direction: Float64Array;
  readonly noiseVariance: number;
  /** One a row of the past; they sum to 1. */
  readonly weights: Float64Array;
}

/**
 * @param shares share of tokens in the order of the law's training domains
 * @param size model size in parameters, for laws that know it
 * @throws BimixError `missing-uncertainty` when the fit does not say how uncertain it is
 */
export function modelRun(
  fitted: FittedLaw,
  target: FittedTarget,
  shares: Float64Array,
  volumes: readonly number[],
  size?: number,
): RunModel {
  const design = {
    shares,
    rowRun: new Int32Array(volumes.length),
    volume: Float64Array.from(volumes, volume => volume / fitted.volume.scale),
    size: Float64Array.of(relativeSize(fitted, size)),
  };
  const { coefficients, beyond, uncertainty } = logDeviations(fitted, target, design);
  const [checkpointSd = 0] = checkpointDeviations(fitted, target, design);
  const { withinSd } = uncertainty;
  return {
    volumes: Float64Array.from(volumes),
    logPredicted: predictDesign(fitted, target, design),
    coefficients: coefficients.map((row, n) => Float64Array.of(...row, beyond[n].mixture, ...beyond[n].common)),
    // A law of runs with one checkpoint each says nothing of what happens within them.
    scatter: { ...uncertainty, withinSd: withinSd > 0 ? Math.hypot(withinSd, checkpointSd) : 0 },
  };
}

/** @param past at least one checkpoint */
export function pastLevel({ volumes, coefficients, scatter }: RunModel, { rows, deviations }: RunPast): PastLevel {
  const weights = recencyWeights(rows.map(row => volumes[row]));
  const direction = new Float64Array(coefficients[0].length);
  rows.forEach((row, n) => {
    for (let a = 0; a < direction.length; a++) direction[a] += weights[n] * coefficients[row][a];
  });
  return {
    mean: weights.reduce((sum, weight, n) => sum + weight * deviations[n], 0),
    direction,
    noiseVariance: scatter.withinSd ** 2 / effectiveCount(weights),
    weights,
  };
}

/** The run's offset so far, what the coefficients are off by included. */
export function offsetSoFar(model: RunModel, past: RunPast): RunOffset {
  const { runSd, withinSd } = model.scatter;
  const volumes = past.rows.map(row => model.volumes[row]);
  const uncertain = volumes.length === 0 ? 0 : squaredLength(pastLevel(model, past).direction);
  return runOffset({ volumes, deviations: past.deviations }, { run: runSd ** 2 + uncertain, within: withinSd ** 2 });
}

/** The log loss at a row of the model, given the past: the best linear prediction from the past's weighted mean. */
export function forecastRow(model: RunModel, past: RunPast, row: number): LogForecast {
  const { runSd, withinSd } = model.scatter;
  const ahead = model.coefficients[row];
  const prior = squaredLength(ahead) + runSd ** 2 + withinSd ** 2;
  if (past.rows.length === 0) return { logLoss: model.logPredicted[row], sd: Math.sqrt(prior) };
  const { mean, direction, noiseVariance } = pastLevel(model, past);
  const covariance = dot(ahead, direction) + runSd ** 2;
  const variance = squaredLength(direction) + runSd ** 2 + noiseVariance;
  const gain = variance > 0 ? covariance / variance : 0;
  return {
    logLoss: model.logPredicted[row] + gain * mean,
    sd: Math.sqrt(Math.max(withinSd ** 2, prior - gain * covariance)),
  };
}

/**
 * How uncertain log losses at later volumes are once a run has been measured at earlier ones: standard deviations, of the
 * checkpoints' noise too.
 *
 * @param past,volumes ascending, in the fit's unit
 * @throws BimixError `missing-uncertainty` when the fit does not say how uncertain it is
 */
export function forecastDeviations(
  fitted: FittedLaw,
  target: FittedTarget,
  shares: Float64Array,
  past: readonly number[],
  volumes: readonly number[],
  size?: number,
): Float64Array {
  const model = modelRun(fitted, target, shares, [...past, ...volumes], size);
  const measured = { rows: past.map((_, row) => row), deviations: past.map(() => 0) };
  return Float64Array.from(volumes, (_, n) => forecastRow(model, measured, past.length + n).sd);
}

/** The interval that the loss at a row of the model falls into with this probability, given the past. */
export function forecastInterval(model: RunModel, past: RunPast, row: number, level: number): LossInterval {
  const { logLoss, sd } = forecastRow(model, past, row);
  return around(Math.exp(logLoss), studentQuantile(level, model.scatter.degrees) * sd);
}

function dot(a: Float64Array, b: Float64Array): number {
  return a.reduce((sum, value, i) => sum + value * b[i], 0);
}

export function squaredLength(a: Float64Array): number {
  return dot(a, a);
}
