/** A symmetric positive definite matrix factored as L L', with what a Gaussian process asks of it. */

import { choleskyFactor, choleskySolve } from '../numerics/index.ts';

/** The lower triangle L, n x n row-major; what lies above the diagonal is left as it was. */
export interface FactoredMatrix {
  readonly n: number;
  readonly lower: Float64Array;
}

/**
 * Factors in place, reading only the lower triangle.
 *
 * @param matrix n x n row-major; its lower triangle becomes L
 * @returns undefined when the matrix is not positive definite to working precision
 */
export function factorMatrix(matrix: Float64Array, n: number): FactoredMatrix | undefined {
  return choleskyFactor(matrix, n, matrix) ? { n, lower: matrix } : undefined;
}

/** log |L L'|. */
export function logDeterminant({ n, lower }: FactoredMatrix): number {
  let sum = 0;
  for (let i = 0; i < n; i++) sum += Math.log(lower[i * n + i]);
  return 2 * sum;
}

/** x with L L' x = b. */
export function solveFactored({ n, lower }: FactoredMatrix, right: Float64Array): Float64Array {
  const solution = new Float64Array(n);
  choleskySolve(lower, n, right, solution);
  return solution;
}

/** The lower triangle of the inverse of L L', n x n row-major; above the diagonal, zeros. */
export function invertFactored({ n, lower }: FactoredMatrix): Float64Array {
  const inverse = new Float64Array(n * n);
  const rows = inverseOfLower(lower, n);
  // The inverse is X' X with X = L^-1: the sum of the outer products of the rows of X.
  let first = 0;
  for (; first + 4 <= n; first += 4) {
    const [r1, r2, r3, r4] = [first * n, (first + 1) * n, (first + 2) * n, (first + 3) * n];
    for (let a = 0; a < first + 4; a++) {
      const a1 = rows[r1 + a];
      const a2 = rows[r2 + a];
      const a3 = rows[r3 + a];
      const a4 = rows[r4 + a];
      const base = a * n;
      for (let b = 0; b <= a; b++) {
        inverse[base + b] += a1 * rows[r1 + b] + a2 * rows[r2 + b] + a3 * rows[r3 + b] + a4 * rows[r4 + b];
      }
    }
  }
  for (; first < n; first++) {
    for (let a = 0; a <= first; a++) {
      const value = rows[first * n + a];
      for (let b = 0; b <= a; b++) inverse[a * n + b] += value * rows[first * n + b];
    }
  }
  return inverse;
}

/** X = L^-1, lower triangular, row by row. */
function inverseOfLower(lower: Float64Array, n: number): Float64Array {
  const inverse = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    const base = i * n;
    let k = 0;
    for (; k + 4 <= i; k += 4) {
      const l1 = lower[base + k];
      const l2 = lower[base + k + 1];
      const l3 = lower[base + k + 2];
      const l4 = lower[base + k + 3];
      const row = k * n;
      for (let j = 0; j < k + 4; j++) {
        inverse[base + j] -=
          l1 * inverse[row + j] +
          l2 * inverse[row + n + j] +
          l3 * inverse[row + 2 * n + j] +
          l4 * inverse[row + 3 * n + j];
      }
    }
    for (; k < i; k++) {
      for (let j = 0; j <= k; j++) inverse[base + j] -= lower[base + k] * inverse[k * n + j];
    }
    const pivot = 1 / lower[base + i];
    for (let j = 0; j < i; j++) inverse[base + j] *= pivot;
    inverse[base + i] = pivot;
  }
  return inverse;
}
