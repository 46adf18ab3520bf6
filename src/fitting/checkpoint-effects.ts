/**
 * What all runs share at a checkpoint beyond the law: where each checkpoint is evaluated on documents of its own, or the
 * learning rate bends all curves alike, residuals of one checkpoint go together. Estimated after the fit, as random effects
 * a_v on the directions that the law names (`Law.checkpointEffects`):
 *
 *   residual_n = sum_d slope_nd a_vd + noise,        a_vd ~ N(0, tau_d^2)
 *
 * with slopes made orthogonal over all rows, least squares within each checkpoint, tau by moments, and each estimate shrunk
 * by tau^2 / (tau^2 + its variance). What a run is off by throughout is taken out first.
 */

import type { CheckpointEffect, Law } from '../laws/index.ts';
import type { TargetFit } from './fit-target.ts';
import type { TargetData } from './target-data.ts';

/** A checkpoint of fewer runs has no effect of its own. */
const MIN_RUNS = 6;
/** Fewer checkpoints do not determine the spread of their effects. */
const MIN_CHECKPOINTS = 4;
/** Part of a direction's squared length below which it adds nothing to the other directions. */
const COLLINEAR = 1e-10;

/** @param volumeScale s_max; empty for a law without effects, or where checkpoints or runs are too few */
export function checkpointEffects(law: Law, data: TargetData, fit: TargetFit, volumeScale: number): CheckpointEffect[] {
  const directions = law.checkpointEffects?.(data.shape) ?? [];
  const checkpoints = rowsByVolume(data).filter(rows => rows.length >= MIN_RUNS);
  if (directions.length === 0 || checkpoints.length < MIN_CHECKPOINTS) return [];
  const residuals = withinRuns(data, fit);
  const { slopes, mix } = orthogonal(directionSlopes(law, data, fit, directions));
  const estimates = slopes.map(slope => estimateEffects(checkpoints, slope, residuals));
  return checkpoints.map((rows, v) => {
    const amounts = directions.map((_, d) =>
      estimates.reduce((sum, effects, e) => sum + (mix[e][d] ?? 0) * effects[v], 0),
    );
    const shifts: Record<string, number> = {};
    directions.forEach((parameters, d) => {
      for (const q of parameters) shifts[fit.parameters[q].name] = amounts[d];
    });
    return { volume: data.design.volume[rows[0]] * volumeScale, shifts };
  });
}

/** Rows of each volume, ascending in volume. */
function rowsByVolume({ design }: TargetData): number[][] {
  const rows = new Map<number, number[]>();
  design.volume.forEach((x, n) => {
    const there = rows.get(x);
    if (there === undefined) rows.set(x, [n]);
    else there.push(n);
  });
  return [...rows].sort(([a], [b]) => a - b).map(([, list]) => list);
}

/** n: observed minus predicted log losses, less the mean of the run. */
function withinRuns({ design, tableRuns }: TargetData, { residuals }: TargetFit): Float64Array {
  const sums = new Float64Array(tableRuns.length);
  const counts = new Float64Array(tableRuns.length);
  design.rowRun.forEach((run, n) => {
    sums[run] -= residuals[n];
    counts[run]++;
  });
  return residuals.map((residual, n) => -residual - sums[design.rowRun[n]] / counts[design.rowRun[n]]);
}

/** By direction, n: derivative of the log loss along it. */
function directionSlopes(
  law: Law,
  { shape, design }: TargetData,
  { theta }: TargetFit,
  directions: readonly (readonly number[])[],
): Float64Array[] {
  const model = law.bind(shape, design);
  const rows = design.rowRun.length;
  const head = model.rowParameters;
  const tail = theta.length - head;
  const runs = design.shares.length / shape.domains.length;
  const slopes = {
    logLosses: new Float64Array(rows),
    perRow: new Float64Array(rows * head),
    factor: new Float64Array(rows),
    perRun: new Float64Array(runs * tail),
  };
  model.linearize(theta, slopes);
  return directions.map(parameters =>
    Float64Array.from({ length: rows }, (_, n) =>
      parameters.reduce(
        (sum, q) =>
          sum +
          (q < head
            ? slopes.perRow[n * head + q]
            : slopes.factor[n] * slopes.perRun[design.rowRun[n] * tail + q - head]),
        0,
      ),
    ),
  );
}

/** Gram-Schmidt: `slopes[e]` is the sum over d of mix[e][d] x the given slopes d. */
function orthogonal(given: readonly Float64Array[]): { slopes: Float64Array[]; mix: number[][] } {
  const slopes: Float64Array[] = [];
  const mix: number[][] = [];
  given.forEach((slope, d) => {
    let rest = slope;
    const parts: number[] = new Array<number>(d).fill(0);
    parts.push(1);
    slopes.forEach((other, e) => {
      const size = dot(other, other);
      const factor = size > 0 ? dot(rest, other) / size : 0;
      rest = rest.map((value, n) => value - factor * other[n]);
      mix[e].forEach((part, i) => {
        parts[i] -= factor * part;
      });
    });
    // Runs of one mixture do not tell the directions apart: what is left then is rounding.
    slopes.push(dot(rest, rest) > COLLINEAR * dot(slope, slope) ? rest : new Float64Array(rest.length));
    mix.push(parts);
  });
  return { slopes, mix };
}

/** The shrunk effect of each checkpoint along one direction. */
function estimateEffects(
  checkpoints: readonly (readonly number[])[],
  slope: Float64Array,
  residuals: Float64Array,
): number[] {
  let squares = 0;
  let degrees = 0;
  const plain = checkpoints.map(rows => {
    let sxx = 0;
    let sxy = 0;
    for (const n of rows) {
      sxx += slope[n] * slope[n];
      sxy += slope[n] * residuals[n];
    }
    const effect = sxx > 0 ? sxy / sxx : 0;
    for (const n of rows) squares += (residuals[n] - effect * slope[n]) ** 2;
    degrees += rows.length - 1;
    return { effect, sxx };
  });
  const noise = squares / degrees;
  const determined = plain.filter(({ sxx }) => sxx > 0);
  if (determined.length === 0) return plain.map(() => 0);
  const spread =
    determined.reduce((sum, { effect, sxx }) => sum + effect * effect - noise / sxx, 0) / determined.length;
  if (!(spread > 0)) return plain.map(() => 0);
  return plain.map(({ effect, sxx }) => (sxx > 0 ? (effect * spread) / (spread + noise / sxx) : 0));
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let n = 0; n < a.length; n++) sum += a[n] * b[n];
  return sum;
}
