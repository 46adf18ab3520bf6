/**
 * What a law gets wrong at one mixture: a Gaussian process of the mean loss's log residuals over mixtures,
 *
 *   cov(r, r') = variance x exp(-TV(r, r') / REACH),        TV = 1/2 sum_j |r_j - r'_j|
 *
 * measured at the runs up to their seed's noise. At a mixture that was run the measurement weighs more than the law; far from
 * all runs the law stands alone.
 */

import { totalVariation } from '../mixture/index.ts';
import { choleskyFactor, choleskySolve } from '../numerics/index.ts';

/** Total variation over which misfits lose 1 - 1/e of their correlation: a tenth of the tokens elsewhere. */
const REACH = 0.1;

export interface Misfit {
  /** Variance of the law's misfit of a log mean loss, before any run at the mixture. */
  readonly variance: number;
  /** Variance of a run about the mean of runs of its mixture. */
  readonly seedVariance: number;
  /** N: expected log of true over predicted mean loss. */
  readonly expected: Float64Array;
  /** N: standard deviation of that. */
  readonly sd: Float64Array;
  /** N: how far the runs decide instead of the law, 0 to 1: the part of a change of the law that the misfit takes back. */
  readonly held: Float64Array;
}

/** @returns correlation of the misfits of two mixtures */
export function misfitCorrelation(a: Float64Array, b: Float64Array): number {
  return Math.exp(-totalVariation(a, b) / REACH);
}

/**
 * @param mixtures N, m shares each
 * @param runs mixtures of the runs, with the log of observed over predicted mean loss; the residuals of runs not made yet count
 *   as 0 and only narrow what is left
 */
export function misfitAt(
  mixtures: readonly Float64Array[],
  runs: readonly { readonly shares: Float64Array; readonly residual: number }[],
  variance: number,
  seedVariance: number,
): Misfit {
  const n = runs.length;
  const kernel = new Float64Array(n * n);
  runs.forEach((a, i) => {
    for (let j = 0; j <= i; j++) kernel[i * n + j] = variance * misfitCorrelation(a.shares, runs[j].shares);
    kernel[i * n + i] += seedVariance;
  });
  choleskyFactor(kernel, n, kernel);
  const solve = (right: Float64Array): Float64Array => {
    const solution = new Float64Array(n);
    choleskySolve(kernel, n, right, solution);
    return solution;
  };
  const residuals = solve(Float64Array.from(runs, ({ residual }) => residual));
  const expected = new Float64Array(mixtures.length);
  const sd = new Float64Array(mixtures.length);
  const held = new Float64Array(mixtures.length);
  mixtures.forEach((mixture, c) => {
    const cross = Float64Array.from(runs, ({ shares }) => variance * misfitCorrelation(mixture, shares));
    const weights = solve(cross);
    let left = variance;
    for (let i = 0; i < n; i++) {
      expected[c] += cross[i] * residuals[i];
      left -= cross[i] * weights[i];
      held[c] += weights[i];
    }
    sd[c] = Math.sqrt(Math.max(0, left));
    held[c] = Math.min(1, Math.max(0, held[c]));
  });
  return { variance, seedVariance, expected, sd, held };
}
