/**
 * Solutions of small symmetric positive definite systems, in place and without allocation: the inner step of every fit
 * and of the optimiser.
 */

/**
 * Factors A = L L' into `factor`, reading only the lower triangle of A.
 *
 * @param matrix p x p row-major
 * @param factor p x p; its lower triangle is overwritten. May be `matrix` itself.
 * @returns false when A is not positive definite to working precision
 */
export function choleskyFactor(matrix: Float64Array, p: number, factor: Float64Array): boolean {
  for (let j = 0; j < p; j++) {
    let diagonal = matrix[j * p + j];
    for (let k = 0; k < j; k++) diagonal -= factor[j * p + k] * factor[j * p + k];
    if (!(diagonal > 0) || diagonal === Number.POSITIVE_INFINITY) return false;
    const root = Math.sqrt(diagonal);
    factor[j * p + j] = root;
    for (let i = j + 1; i < p; i++) {
      let value = matrix[i * p + j];
      for (let k = 0; k < j; k++) value -= factor[i * p + k] * factor[j * p + k];
      factor[i * p + j] = value / root;
    }
  }
  return true;
}

/** Solves L L' x = b; `solution` may be `right` itself. */
export function choleskySolve(factor: Float64Array, p: number, right: Float64Array, solution: Float64Array): void {
  for (let i = 0; i < p; i++) {
    let value = right[i];
    for (let k = 0; k < i; k++) value -= factor[i * p + k] * solution[k];
    solution[i] = value / factor[i * p + i];
  }
  for (let i = p - 1; i >= 0; i--) {
    let value = solution[i];
    for (let k = i + 1; k < p; k++) value -= factor[k * p + i] * solution[k];
    solution[i] = value / factor[i * p + i];
  }
}
