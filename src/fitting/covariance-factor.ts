/** The covariance of a fit's coefficients, as a factor that gradients and draws are multiplied with. */

import { EigenvalueDecomposition, Matrix, QrDecomposition } from 'ml-matrix';
import { RANK_TOLERANCE } from './standard-errors.ts';

/**
 * Lower triangular L with L L' = variance x normal^-1 over the directions that `normal` determines, row by row.
 *
 * @param normal p x p row-major, positive semi-definite
 * @param free positions to take; the others are held
 */
export function covarianceFactor(normal: Float64Array, free: readonly number[], variance: number): number[] {
  const p = Math.sqrt(normal.length);
  const f = free.length;
  if (f === 0) return [];
  const scale = free.map(q => Math.sqrt(normal[q * p + q]));
  const scaled = new Matrix(free.map((a, i) => free.map((b, j) => normal[a * p + b] / (scale[i] * scale[j]))));
  const { realEigenvalues: values, eigenvectorMatrix: vectors } = new EigenvalueDecomposition(scaled, {
    assumeSymmetric: true,
  });
  const largest = Math.max(...values);
  const roots = values.map(value => (value > RANK_TOLERANCE * largest ? Math.sqrt(variance / value) : 0));
  // root root' is the covariance; root' = Q R makes R' its triangular factor.
  const transposed = Matrix.zeros(f, f);
  for (let e = 0; e < f; e++) {
    for (let i = 0; i < f; i++) transposed.set(e, i, (vectors.get(i, e) * roots[e]) / scale[i]);
  }
  const triangle = new QrDecomposition(transposed).upperTriangularMatrix;
  return Array.from({ length: f }, (_, i) => Array.from({ length: i + 1 }, (__, j) => triangle.get(j, i))).flat();
}
