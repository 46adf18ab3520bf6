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
  /** Largest over smallest singular value of the column-scaled Jacobian of the coefficients off their bounds, ridge included. */
  readonly conditionNumber: number;
}

/** Eigenvalues of the scaled normal matrix below this fraction of the largest are zero to working precision. */
const RANK_TOLERANCE = 1e-12;
/** A coefficient with this much weight in an undetermined direction is undetermined. */
const LOADING = 0.05;

/** Gaussian approximation at the optimum (Laplace): covariance = lambda^2 x inverse normal matrix, lambda counted by runs. */
export function identify({ theta, parameters, at, noise }: TargetFit): Identification {
  const p = theta.length;
  const atBound = parameters.map(({ lower, upper }, q) => theta[q] <= lower || theta[q] >= upper);
  const free = parameters.flatMap((_, q) => (atBound[q] || !(at.normal[q * p + q] > 0) ? [] : [q]));
  const scale = free.map(q => Math.sqrt(at.normal[q * p + q]));
  const standardErrors = new Float64Array(p).fill(Number.NaN);
  let conditionNumber = 1;
  if (free.length > 0) {
    const scaled = new Matrix(free.map((a, i) => free.map((b, j) => at.normal[a * p + b] / (scale[i] * scale[j]))));
    const { realEigenvalues: values, eigenvectorMatrix: vectors } = new EigenvalueDecomposition(scaled, {
      assumeSymmetric: true,
    });
    const largest = Math.max(...values);
    const smallest = Math.max(0, Math.min(...values));
    conditionNumber = smallest > 0 ? Math.sqrt(largest / smallest) : Number.MAX_VALUE;
    free.forEach((q, i) => {
      let variance = 0;
      for (let e = 0; e < values.length; e++) {
        const loading = vectors.get(i, e);
        if (values[e] > RANK_TOLERANCE * largest) variance += loading ** 2 / values[e];
        else if (Math.abs(loading) > LOADING) variance = Number.NaN;
      }
      standardErrors[q] = Math.sqrt(variance * noise.lambdaSquared) / scale[i];
    });
  }
  const open = parameters.map((parameter, q) => {
    if (atBound[q]) return false;
    const allowed = parameter.scale === 'log' ? 1 : Math.max(0.05, Math.abs(theta[q]) / 2);
    return !(standardErrors[q] <= allowed);
  });
  return { standardErrors, atBound, open, conditionNumber };
}
