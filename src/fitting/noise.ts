/**
 * How noisy the runs are, counted by runs: rows of one run share an error (a seed, a data order), so a long run is not
 * many independent observations. Plain residual variance over-fits whenever runs are few.
 */

import { choleskyFactor, choleskySolve } from '../numerics/index.ts';
import type { Linearization } from './linearization.ts';

export interface RunNoise {
  /** Variance of a row in units that count a run once; what the ridge is weighed against. */
  readonly lambdaSquared: number;
  /** Degrees of freedom the fit takes from the runs: at most the number of runs. */
  readonly runParameters: number;
}

/** Noise known before the runs are seen, from a fit to others. Standard deviations of log losses. */
export interface KnownNoise {
  /** Of what a run is off by as a whole. */
  readonly runSd: number;
  /** Of a checkpoint within its run. */
  readonly withinSd: number;
}

/** How many runs noise known before counts for, beside those of the fit. */
export const KNOWN_RUNS = 8;
/** Residuals below this relative size, 0.1 %, are never taken for the noise: losses are not reproducible to it. */
const MIN_NOISE = 1e-3;

/**
 *   lambda^2 = sum_runs k_r mean_r^2 / max(runs - runParameters, 0.1 runs)
 *
 * with mean_r the mean weighted residual of run r and k_r its rows; never below the variance of the rows nor below
 * k MIN_NOISE^2, k the mean of k_r. runParameters = sum_r S_r' H^-1 S_r / k_r with S_r the sum of the run's Jacobian
 * rows and H the regularized normal matrix. Known noise counts for KNOWN_RUNS runs more, each with k runSd^2 + withinSd^2:
 * one run alone has no residual to tell the noise by.
 *
 * @param at linearized at the fit
 */
export function runNoise(at: Linearization, known?: KnownNoise): RunNoise {
  const { runs, residuals } = at;
  const rows = residuals.length;
  const p = at.gradient.length;
  const ones = new Float64Array(rows).fill(1);
  const factor = new Float64Array(p * p);
  const factored = choleskyFactor(at.normal, p, factor);
  const slopes = new Float64Array(p);
  const solved = new Float64Array(p);
  let squares = 0;
  let runMeans = 0;
  // A singular system leaves no residual information: count every parameter.
  let runParameters = factored ? 0 : Math.min(p, runs);
  for (let run = 0; run < runs; run++) {
    const [first, next] = at.rowsOfRun(run);
    let sum = 0;
    for (let n = first; n < next; n++) {
      sum += residuals[n];
      squares += residuals[n] ** 2;
    }
    runMeans += (sum * sum) / (next - first);
    if (!factored) continue;
    slopes.fill(0);
    at.addRun(run, ones, slopes);
    choleskySolve(factor, p, slopes, solved);
    let leverage = 0;
    for (let a = 0; a < p; a++) leverage += slopes[a] * solved[a];
    runParameters += leverage / (next - first);
  }
  const free = runs - runParameters;
  const fromRuns =
    known === undefined
      ? runMeans / Math.max(free, 0.1 * runs)
      : (runMeans + KNOWN_RUNS * knownVariance(known, rows / runs)) / (Math.max(free, 0) + KNOWN_RUNS);
  const lambdaSquared = Math.max(fromRuns, squares / rows, (rows / runs) * MIN_NOISE ** 2);
  return { lambdaSquared, runParameters };
}

/**
 * Variance of a row in units that count a run once.
 *
 * @param rows of a run
 */
export function knownVariance({ runSd, withinSd }: KnownNoise, rows: number): number {
  return rows * runSd * runSd + withinSd * withinSd;
}
