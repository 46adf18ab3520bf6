/**
 * What predictions beyond the runs are off by, on the logarithm of the loss, besides the coefficients' uncertainty: there the
 * form of the law itself is a guess. Three standard deviations, 0 where the runs covered what is asked about:
 *
 *   mixture:  0.7 (1 - sqrt(r_j / lowest r_j)) |log L(r) - log L(r')|     r' the nearest mixture within the shares that runs had
 *   volume:   c_v |slope of log L over log volume, at the largest volume| log(volume / largest)
 *   size:     c_s |slope of log L over log size, at the largest size| log(size / largest)
 *
 * c_v and c_s say by what part the straight continuation of a curve is off; a fit measures them by leaving its largest volumes
 * and sizes out (`FittedLaw.extrapolation`). The constants, and how well the intervals cover: docs/intervals.md.
 */

import { BEYOND_SIZES, BEYOND_VOLUMES, extrapolationFactor, MAX_COVERED_FACTOR } from './extrapolation.ts';
import type { FittedLaw, FittedTarget } from './fitted-law.ts';
import { type Design, isStack } from './law.ts';
import { predictDesign, stackParts } from './predict.ts';
import { findLaw } from './registry.ts';

/** Standard deviations of a log loss. */
export interface BeyondRuns {
  /** Of this target by itself. */
  readonly mixture: number;
  /** What all targets share: the part of the volume and that of the size. */
  readonly common: readonly [volume: number, size: number];
}

/** Part of a predicted change that it is off by, where a share goes down to 0 and no run's did. */
const AT_ZERO_SHARE = 0.7;
/** Shares nearer than this are the same. */
const SAME_SHARE = 1e-6;
/** Sizes nearer than this part are one. */
const SAME_SIZE = 0.005;
/** Slopes at the largest volume or size are taken from there to this many times it. */
const SLOPE_REACH = 1.05;

/**
 * @param design as for `predictDesign`
 * @returns n: by row
 */
export function beyondRuns(fitted: FittedLaw, target: FittedTarget, design: Design): BeyondRuns[] {
  const mixture = beyondMixtures(fitted, target, design);
  const volume = beyondVolume(fitted, target, design);
  const size = beyondSize(fitted, target, design);
  return Array.from(design.rowRun, (_, n) => ({ mixture: mixture[n], common: [volume[n], size[n]] }));
}

/** n. */
function beyondMixtures(fitted: FittedLaw, target: FittedTarget, design: Design): Float64Array {
  const m = fitted.trainingDomains.length;
  const { lowest, highest } = coveredShares(fitted);
  const shares = design.shares.slice();
  const depth = design.size.map((_, run) => {
    const row = shares.subarray(run * m, (run + 1) * m);
    const below = lowest.map((low, j) => (row[j] < low - SAME_SHARE ? 1 - Math.sqrt(row[j] / low) : 0));
    const above = highest.map((high, j) =>
      row[j] > high + SAME_SHARE ? 1 - Math.sqrt(Math.max(0, 1 - row[j]) / (1 - high)) : 0,
    );
    const deepest = Math.max(...below, ...above);
    if (deepest > 0) moveWithin(row, lowest, highest);
    return deepest;
  });
  const deviations = new Float64Array(design.rowRun.length);
  if (depth.every(value => value === 0)) return deviations;
  const here = predictDesign(fitted, target, design);
  const nearest = predictDesign(fitted, target, { ...design, shares });
  return deviations.map((_, n) => AT_ZERO_SHARE * depth[design.rowRun[n]] * Math.abs(here[n] - nearest[n]));
}

/** By training domain, in the runs and those of the prior. */
export function coveredShares({ trainingDomains, covered, settings }: FittedLaw): {
  readonly lowest: number[];
  readonly highest: number[];
} {
  const { prior } = settings;
  const end = (of: (...shares: number[]) => number, ofPrior: readonly number[] | undefined): number[] =>
    trainingDomains.map((_, j) =>
      covered.mixtures.reduce((found, shares) => of(found, shares[j]), ofPrior?.[j] ?? covered.mixtures[0][j]),
    );
  return { lowest: end(Math.min, prior?.covered?.lowest), highest: end(Math.max, prior?.covered?.highest) };
}

/** Shares cut at their bounds, with the same sum. */
function moveWithin(row: Float64Array, lowest: readonly number[], highest: readonly number[]): void {
  const before = row.reduce((sum, share) => sum + share, 0);
  row.forEach((share, j) => {
    row[j] = Math.min(highest[j], Math.max(lowest[j], share));
  });
  const after = row.reduce((sum, share) => sum + share, 0);
  row.forEach((share, j) => {
    row[j] = (share * before) / after;
  });
}

/** n. */
function beyondVolume(fitted: FittedLaw, target: FittedTarget, design: Design): Float64Array {
  const { scale, smallest, largest, unit } = fitted.volume;
  const reach = design.volume.map(x => {
    const below = unit === 'none' ? 1 : smallest / (x * scale);
    return Math.log(below > MAX_COVERED_FACTOR ? below : extrapolationFactor(fitted, x * scale));
  });
  if (reach.every(value => value === 0)) return reach;
  const formula = { ...target, correction: null };
  const end = (factor: number): Float64Array =>
    predictDesign(fitted, formula, {
      ...design,
      volume: design.volume.map(x => (x * scale < smallest ? smallest / factor : largest * factor) / scale),
    });
  const [from, to] = [end(1), end(SLOPE_REACH)];
  const error = errorOf(fitted, target, 'volume');
  return reach.map((distance, n) => (error * Math.abs(to[n] - from[n]) * distance) / Math.log(SLOPE_REACH));
}

/** n. */
function beyondSize(fitted: FittedLaw, target: FittedTarget, design: Design): Float64Array {
  const { sizes = [] } = fitted;
  const none = new Float64Array(design.rowRun.length);
  if (sizes.length < 2) return none;
  const [smallest, largest] = [sizes[0] / sizes[sizes.length - 1], 1];
  const reach = design.size.map(n =>
    Math.max(0, Math.log(n / (largest * (1 + SAME_SIZE))), Math.log((smallest * (1 - SAME_SIZE)) / n)),
  );
  if (reach.every(value => value === 0)) return none;
  const end = (factor: number): Float64Array =>
    predictDesign(fitted, target, {
      ...design,
      size: design.size.map(n => (n < smallest ? smallest / factor : largest * factor)),
    });
  const [from, to] = [end(1), end(SLOPE_REACH)];
  const error = errorOf(fitted, target, 'size');
  return none.map((_, n) => (error * Math.abs(to[n] - from[n]) * reach[design.rowRun[n]]) / Math.log(SLOPE_REACH));
}

/** A stack goes wrong as its members do, all in one direction. */
function errorOf(fitted: FittedLaw, target: FittedTarget, kind: 'volume' | 'size'): number {
  const law = findLaw(fitted.law);
  if (!isStack(law)) return fitted.extrapolation?.[kind] ?? (kind === 'volume' ? BEYOND_VOLUMES : BEYOND_SIZES);
  return stackParts(law, fitted, target).reduce(
    (sum, part) => sum + part.weight * errorOf(part.member, part.target, kind),
    0,
  );
}
