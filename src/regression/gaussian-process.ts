/**
 * Gaussian process regression: a smooth function of features about a constant mean, Matern 5/2 (see matern.ts), with length
 * scales, amplitude and noise of the highest marginal likelihood (marginal-likelihood.ts).
 *
 * Rasmussen & Williams 2006, Eqs. 2.25, 2.26 and 2.41-2.42 with a constant basis. O(n^3) in rows: a second for 500.
 */

import { BimixError } from '../errors/index.ts';
import { solveLower } from '../numerics/index.ts';
import { type FactoredMatrix, factorMatrix, invertFactored, solveFactored } from './factored-matrix.ts';
import { columnsOf } from './feature-rows.ts';
import { findLengthScales } from './length-scales.ts';
import { explain, kernelMatrix } from './marginal-likelihood.ts';
import { matern, scaledFeatures, squaredDistance } from './matern.ts';

export interface GaussianProcess {
  readonly kind: 'gaussian-process';
  /** n x d: the rows it was trained on. */
  readonly features: readonly (readonly number[])[];
  /** n: the mean at x is `mean` + sum of weight x kernel(x, row). */
  readonly weights: readonly number[];
  /** d, or one for all features; in their units. A feature of a long one matters little. */
  readonly lengthScales: readonly number[];
  /** Standard deviation of the function about its mean, in units of the values. */
  readonly amplitude: number;
  /** Standard deviation of a value about the function. */
  readonly noise: number;
  readonly mean: number;
}

/**
 * Deterministic. Equal values give exactly their mean.
 *
 * @param features n x d, row-major, finite; features that should count alike need like ranges
 * @param values n, finite
 * @throws BimixError `missing-rows` without a row, `invalid-features` when features are no n rows or not finite
 */
export function trainGaussianProcess(features: Float64Array, values: Float64Array): GaussianProcess {
  const n = values.length;
  const columns = columnsOf(features, values);
  const describe = (
    lengthScales: Float64Array,
    fit: { amplitude: number; mean: number; weights: Float64Array },
    ratio: number,
  ): GaussianProcess => ({
    kind: 'gaussian-process',
    features: Array.from({ length: n }, (_, a) => Array.from(features.subarray(a * columns, (a + 1) * columns))),
    weights: Array.from(fit.weights),
    lengthScales: Array.from(lengthScales),
    amplitude: fit.amplitude,
    noise: fit.amplitude * Math.sqrt(ratio),
    mean: fit.mean,
  });
  const average = values.reduce((sum, value) => sum + value / n, 0);
  const constant = describe(Float64Array.of(1), { amplitude: 0, mean: average, weights: new Float64Array(n) }, 0);
  if (values.every(value => value === values[0])) return { ...constant, mean: values[0] };
  const { lengthScales, ratio } = findLengthScales(features, values);
  const scaled = scaledFeatures(features, columns, lengthScales);
  const explained = explain(kernelMatrix(scaled, columns, ratio), values);
  return explained === undefined ? constant : describe(lengthScales, explained, ratio);
}

/** What prediction needs of a process and would compute again for each row. */
interface Prepared {
  readonly scaled: Float64Array;
  factored?: FactoredMatrix;
}

const PREPARED = new WeakMap<GaussianProcess, Prepared>();

function prepare(trained: GaussianProcess): Prepared {
  let prepared = PREPARED.get(trained);
  if (prepared === undefined) {
    prepared = { scaled: scaledFeatures(trained.features.flat(), trained.features[0].length, trained.lengthScales) };
    PREPARED.set(trained, prepared);
  }
  return prepared;
}

/**
 * The expected value at each row.
 *
 * @param features rows x d, row-major
 */
export function gaussianProcessMean(trained: GaussianProcess, features: Float64Array): Float64Array {
  const columns = trained.features[0].length;
  const { scaled } = prepare(trained);
  const { weights, mean } = trained;
  const at = scaledFeatures(features, columns, trained.lengthScales);
  return Float64Array.from({ length: features.length / columns }, (_, row) => {
    let value = mean;
    for (let a = 0; a < weights.length; a++) {
      value += weights[a] * matern(squaredDistance(scaled, a, at, row, columns));
    }
    return value;
  });
}

/**
 * Variance of the function at each row, in squared units of the values, the doubt about its mean included; add noise^2 for
 * that of a new value.
 *
 * @param features rows x d, row-major
 * @throws BimixError `invalid-regression` for a process that was not trained and whose kernel is singular
 */
export function gaussianProcessVariance(trained: GaussianProcess, features: Float64Array): Float64Array {
  const columns = trained.features[0].length;
  const n = trained.features.length;
  const rows = features.length / columns;
  if (trained.amplitude === 0) return new Float64Array(rows);
  const prepared = prepare(trained);
  prepared.factored ??= factorOf(trained, prepared.scaled);
  const { scaled, factored } = prepared;
  const at = scaledFeatures(features, columns, trained.lengthScales);
  const ones = solveFactored(factored, new Float64Array(n).fill(1));
  const total = ones.reduce((a, b) => a + b, 0);
  return Float64Array.from({ length: rows }, (_, row) => {
    const kernel = Float64Array.from({ length: n }, (_, a) => matern(squaredDistance(scaled, a, at, row, columns)));
    let left = 1;
    let missed = 1;
    for (let a = 0; a < n; a++) missed -= ones[a] * kernel[a];
    solveLower(factored.lower, n, kernel, kernel);
    for (const value of kernel) left -= value * value;
    return trained.amplitude ** 2 * Math.max(0, left + missed ** 2 / total);
  });
}

/**
 * What each training row's value exceeds the mean expected from all other rows by, at the length scales and noise of all
 * (Rasmussen & Williams 2006, Eq. 5.12): n.
 *
 * @throws BimixError as `gaussianProcessVariance`
 */
export function gaussianProcessLeaveOneOut(trained: GaussianProcess): Float64Array {
  const n = trained.features.length;
  if (trained.amplitude === 0) return new Float64Array(n);
  const factored = factorOf(trained, prepare(trained).scaled);
  const inverse = invertFactored(factored);
  const ones = solveFactored(factored, new Float64Array(n).fill(1));
  const total = ones.reduce((a, b) => a + b, 0);
  return Float64Array.from(trained.weights, (weight, a) => weight / (inverse[a * n + a] - ones[a] ** 2 / total));
}

function factorOf({ features, noise, amplitude }: GaussianProcess, scaled: Float64Array): FactoredMatrix {
  const matrix = kernelMatrix(scaled, features[0].length, (noise / amplitude) ** 2);
  const factored = factorMatrix(matrix, features.length);
  if (factored !== undefined) return factored;
  throw new BimixError(
    'invalid-regression',
    `invalid Gaussian process: its ${features.length} rows make a singular kernel`,
    {
      hint: 'Train it again: trained processes have enough noise.',
    },
  );
}
