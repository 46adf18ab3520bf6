/** How well a fit determines its coefficients, from the normal matrix at the optimum. */

import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import type { TargetFit } from './fit-target.ts';

export interface Identification {
  /** p: standard error of theta; NaN where the coefficient is at a bound or undetermined. Rows of a run count as one unit. */
  readonly standardErrors: Float64Array;
  /** p: whether theta lies on one of its bounds. */
  readonly atBound: readonly boolean[];
  /**
   * p: whether the runs leave the coefficient open: not known to within a factor e on a log scale, or not within half its
   * size (at least 0.05) on a linear one.
   */
  readonly open: readonly boolean[];
  /** Largest over smallest singular value of the column-scaled Jacobian of the coefficients off their bounds, ridge included; at most 1e8. */
  readonly conditionNumber: number;
}

/** Eigenvalues of the scaled normal matrix below this fraction of the largest are zero to working precision. */
export const RANK_TOLERANCE = 1e-12;
/** Larger condition numbers are rounding errors. */
const MAX_CONDITION = 1e8;
/** A coefficient with this much weight in an undetermined direction is undetermined. */
const LOADING = 0.05;

/**
 * Where a ridge holds the coefficients, the Gaussian approximation of the posterior at the optimum (Laplace): lambda^2
 * times the inverse normal matrix, lambda counted by runs. Elsewhere the cluster-robust sandwich with runs as clusters
 * (Liang & Zeger 1986), which needs no model of how rows of a run err together, but more runs than coefficients; with
 * fewer, the former.
 */
export function identify(fit: TargetFit): Identification {
  const { theta, parameters, at } = fit;
  const p = theta.length;
  const atBound = parameters.map(({ lower, upper }, q) => theta[q] <= lower || theta[q] >= upper);
  const free = parameters.flatMap((_, q) => (atBound[q] || !(at.normal[q * p + q] > 0) ? [] : [q]));
  const standardErrors = new Float64Array(p).fill(Number.NaN);
  let conditionNumber = 1;
  if (free.length > 0) {
    const scale = free.map(q => Math.sqrt(at.normal[q * p + q]));
    const scaled = new Matrix(free.map((a, i) => free.map((b, j) => at.normal[a * p + b] / (scale[i] * scale[j]))));
    const { inverse, undetermined, condition } = pseudoInverse(scaled);
    const variance =
      fit.priors.length > 0 || at.runs <= free.length
        ? inverse.mul(fit.noise.lambdaSquared)
        : inverse.mmul(runScores(fit, free, scale)).mmul(inverse);
    free.forEach((q, i) => {
      if (!undetermined[i]) standardErrors[q] = Math.sqrt(variance.get(i, i)) / scale[i];
    });
    conditionNumber = condition;
  }
  const open = parameters.map((parameter, q) => {
    if (atBound[q]) return false;
    const allowed = parameter.scale === 'log' ? 1 : Math.max(0.05, Math.abs(theta[q]) / 2);
    return !(standardErrors[q] <= allowed);
  });
  return { standardErrors, atBound, open, conditionNumber };
}

/** Inverse of a positive semi-definite matrix over the directions it determines. */
function pseudoInverse(matrix: Matrix): { inverse: Matrix; undetermined: boolean[]; condition: number } {
  const { realEigenvalues: values, eigenvectorMatrix: vectors } = new EigenvalueDecomposition(matrix, {
    assumeSymmetric: true,
  });
  const size = matrix.rows;
  const largest = Math.max(...values);
  const smallest = Math.max(0, Math.min(...values));
  const inverse = Matrix.zeros(size, size);
  const undetermined = new Array<boolean>(size).fill(false);
  values.forEach((value, e) => {
    for (let i = 0; i < size; i++) {
      if (value <= RANK_TOLERANCE * largest) undetermined[i] ||= Math.abs(vectors.get(i, e)) > LOADING;
      else {
        for (let j = 0; j < size; j++) {
          inverse.set(i, j, inverse.get(i, j) + (vectors.get(i, e) * vectors.get(j, e)) / value);
        }
      }
    }
  });
  return { inverse, undetermined, condition: Math.min(MAX_CONDITION, Math.sqrt(largest / smallest)) };
}

/** Sum over runs of the outer product of the run's score, in scaled coefficients, corrected for the runs the fit used up. */
function runScores({ at, noise }: TargetFit, free: readonly number[], scale: readonly number[]): Matrix {
  const outer = Matrix.zeros(free.length, free.length);
  const score = new Float64Array(at.gradient.length);
  for (let run = 0; run < at.runs; run++) {
    score.fill(0);
    at.addRun(run, at.residuals, score);
    const scaled = free.map((q, i) => score[q] / scale[i]);
    scaled.forEach((a, i) => {
      scaled.forEach((b, j) => {
        outer.set(i, j, outer.get(i, j) + a * b);
      });
    });
  }
  return outer.mul(at.runs / Math.max(at.runs - noise.runParameters, 0.1 * at.runs));
}
