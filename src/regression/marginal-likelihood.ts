/**
 * How well a Gaussian process with given length scales and noise explains values at rows of features, when its mean and
 * amplitude are the best ones for them.
 *
 *   C = R + g I,   R_ab = k(row a, row b),   g = noise variance / amplitude^2
 *   m = 1'C^-1 y / 1'C^-1 1,   A^2 = (y - m)'C^-1 (y - m) / (n - 1)
 *   log p = -(n - 1)/2 (log 2 pi A^2 + 1) - log|C| / 2 - log(1'C^-1 1) / 2
 *
 * The restricted likelihood (Patterson & Thompson 1971; Rasmussen & Williams 2006, Eq. 2.45 with a constant basis): the mean
 * is integrated out, so that few rows do not pass for less noise than they have.
 */

import { type FactoredMatrix, factorMatrix, invertFactored, logDeterminant, solveFactored } from './factored-matrix.ts';
import { matern, maternSlope, scaledFeatures, squaredDistance } from './matern.ts';

/** A process at its best mean and amplitude. */
export interface Explained {
  readonly factored: FactoredMatrix;
  readonly mean: number;
  /** A. */
  readonly amplitude: number;
  /** n: C^-1 (y - m). */
  readonly weights: Float64Array;
  /** n: C^-1 1. */
  readonly ones: Float64Array;
  readonly logLikelihood: number;
}

/** C, of which only the lower triangle is filled. */
export function kernelMatrix(scaled: Float64Array, columns: number, ratio: number): Float64Array {
  const n = scaled.length / columns;
  const matrix = new Float64Array(n * n);
  for (let a = 0; a < n; a++) {
    for (let b = 0; b < a; b++) matrix[a * n + b] = matern(squaredDistance(scaled, a, scaled, b, columns));
    matrix[a * n + a] = 1 + ratio;
  }
  return matrix;
}

/**
 * @param matrix C, its lower triangle; overwritten
 * @param values n, not all equal
 * @returns undefined when C is singular to working precision
 */
export function explain(matrix: Float64Array, values: Float64Array): Explained | undefined {
  const n = values.length;
  const factored = factorMatrix(matrix, n);
  if (factored === undefined) return undefined;
  const ones = solveFactored(factored, new Float64Array(n).fill(1));
  const solved = solveFactored(factored, values);
  const total = sum(ones);
  const mean = sum(solved) / total;
  const weights = solved.map((value, a) => value - mean * ones[a]);
  const squares = weights.reduce((product, weight, a) => product + weight * (values[a] - mean), 0);
  if (!(squares > 0 && total > 0)) return undefined;
  const variance = squares / (n - 1);
  const logLikelihood =
    (-(n - 1) * (Math.log(2 * Math.PI * variance) + 1) - logDeterminant(factored) - Math.log(total)) / 2;
  return { factored, mean, amplitude: Math.sqrt(variance), weights, ones, logLikelihood };
}

/** The log likelihood at one theta = (log of each length scale, log g). */
export interface Likelihood extends Explained {
  /** d log p / d theta, and the information about theta: see `slopesAt`. */
  slopes(): Slopes;
}

export interface Slopes {
  /** p. */
  readonly gradient: Float64Array;
  /** p x p, positive semidefinite. */
  readonly information: Float64Array;
}

/**
 * @param features n x d, row-major
 * @param values n, not all equal
 * @param theta of length 2 for one length scale, d + 1 for one a feature
 * @returns undefined where C is singular to working precision
 */
export function likelihoodAt(
  features: Float64Array,
  values: Float64Array,
  theta: Float64Array,
): Likelihood | undefined {
  const columns = features.length / values.length;
  const ratio = Math.exp(theta[theta.length - 1]);
  const scaled = scaledFeatures(features, columns, theta.subarray(0, -1).map(Math.exp));
  const explained = explain(kernelMatrix(scaled, columns, ratio), values);
  if (explained === undefined) return undefined;
  return { ...explained, slopes: () => slopesAt(explained, scaled, columns, ratio, theta.length) };
}

/**
 * The information is the average of the observed and the expected one (Gilmour, Thompson & Cullis 1995), which needs no
 * product of matrices, with A profiled out:
 *
 *   J_qr = u_q'P u_r / 2 A^2 - v_q v_r / 2 (n - 1),   u_q = dC/dtheta_q w,   v_q = w'u_q / A^2,   w = C^-1 (y - m),
 *   P = C^-1 - C^-1 1 1'C^-1 / 1'C^-1 1
 */
function slopesAt(explained: Explained, scaled: Float64Array, columns: number, ratio: number, p: number): Slopes {
  const { factored, amplitude, weights, ones } = explained;
  const { n } = factored;
  const inverse = invertFactored(factored);
  const perTotal = 1 / sum(ones);
  const perVariance = 1 / amplitude ** 2;
  const gradient = new Float64Array(p);
  const moved = Array.from({ length: p }, () => new Float64Array(n));
  const each = p > 2;
  for (let a = 0; a < n; a++) {
    const first = a * columns;
    for (let b = 0; b < a; b++) {
      const squared = squaredDistance(scaled, a, scaled, b, columns);
      const slope = maternSlope(squared);
      // d log p / d C_ab, both triangles together.
      const pull = slope * (perVariance * weights[a] * weights[b] + perTotal * ones[a] * ones[b] - inverse[a * n + b]);
      const here = slope * weights[b];
      const there = slope * weights[a];
      if (!each) {
        gradient[0] += pull * squared;
        moved[0][a] += here * squared;
        moved[0][b] += there * squared;
        continue;
      }
      const second = b * columns;
      for (let f = 0; f < columns; f++) {
        const difference = scaled[first + f] - scaled[second + f];
        const part = difference * difference;
        gradient[f] += pull * part;
        moved[f][a] += here * part;
        moved[f][b] += there * part;
      }
    }
    const own = perVariance * weights[a] ** 2 + perTotal * ones[a] ** 2 - inverse[a * n + a];
    gradient[p - 1] += (ratio / 2) * own;
    moved[p - 1][a] = ratio * weights[a];
  }
  const information = new Float64Array(p * p);
  const along = moved.map(u => perVariance * dot(weights, u));
  moved.forEach((u, q) => {
    const solved = solveFactored(factored, u);
    const common = perTotal * dot(ones, u);
    for (let r = 0; r <= q; r++) {
      const product = dot(solved, moved[r]) - common * dot(ones, moved[r]);
      information[q * p + r] = (perVariance * product - (along[q] * along[r]) / (n - 1)) / 2;
      information[r * p + q] = information[q * p + r];
    }
  });
  return { gradient, information };
}

function dot(a: Float64Array, b: Float64Array): number {
  let product = 0;
  for (let i = 0; i < a.length; i++) product += a[i] * b[i];
  return product;
}

function sum(values: Float64Array): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}
