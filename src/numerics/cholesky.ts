/**
 * Symmetric positive definite systems A = L L', in place and without allocation: the inner step of every fit, of the optimizer
 * and of Gaussian processes. Two rows and two columns at a time, which is what makes hundreds of rows fast in a scripting
 * language.
 */

/**
 * Factors A = L L' into `factor`, reading only the lower triangle of A.
 *
 * @param matrix p x p row-major
 * @param factor p x p; its lower triangle is overwritten. May be `matrix` itself.
 * @returns false when A is not positive definite to working precision
 */
export function choleskyFactor(matrix: Float64Array, p: number, factor: Float64Array): boolean {
  if (factor !== matrix) factor.set(matrix);
  for (let j = 0; j < p; j += 2) {
    const first = j * p;
    const second = first + p;
    for (let i = j; i < p; i += 2) {
      const upper = i * p;
      const under = upper + p;
      const paired = i + 1 < p;
      let a = factor[upper + j];
      let b = factor[upper + j + 1];
      let c = paired ? factor[under + j] : 0;
      let d = paired ? factor[under + j + 1] : 0;
      if (paired) {
        for (let k = 0; k < j; k++) {
          const left = factor[first + k];
          const right = factor[second + k];
          a -= factor[upper + k] * left;
          b -= factor[upper + k] * right;
          c -= factor[under + k] * left;
          d -= factor[under + k] * right;
        }
      } else {
        for (let k = 0; k < j; k++) {
          a -= factor[upper + k] * factor[first + k];
          if (i !== j) b -= factor[upper + k] * factor[second + k];
        }
      }
      if (i === j) {
        if (!(a > 0) || a === Number.POSITIVE_INFINITY) return false;
        factor[first + j] = Math.sqrt(a);
        if (!paired) continue;
        c /= factor[first + j];
        factor[second + j] = c;
        d -= c * c;
        if (!(d > 0) || d === Number.POSITIVE_INFINITY) return false;
        factor[second + j + 1] = Math.sqrt(d);
        continue;
      }
      a /= factor[first + j];
      factor[upper + j] = a;
      factor[upper + j + 1] = (b - a * factor[second + j]) / factor[second + j + 1];
      if (!paired) continue;
      c /= factor[first + j];
      factor[under + j] = c;
      factor[under + j + 1] = (d - c * factor[second + j]) / factor[second + j + 1];
    }
  }
  return true;
}

/** Solves L L' x = b; `solution` may be `right` itself. */
export function choleskySolve(factor: Float64Array, p: number, right: Float64Array, solution: Float64Array): void {
  solveLower(factor, p, right, solution);
  for (let i = p - 1; i >= 0; i--) {
    const value = solution[i] / factor[i * p + i];
    solution[i] = value;
    for (let k = 0; k < i; k++) solution[k] -= factor[i * p + k] * value;
  }
}

/** Solves L x = b; `solution` may be `right` itself. */
export function solveLower(factor: Float64Array, p: number, right: Float64Array, solution: Float64Array): void {
  for (let i = 0; i < p; i++) {
    let value = right[i];
    for (let k = 0; k < i; k++) value -= factor[i * p + k] * solution[k];
    solution[i] = value / factor[i * p + i];
  }
}
