/**
 * Non-negative least squares with at most four columns, for starting points: given the exponents, the scale
 * coefficients of a law enter linearly.
 */

/**
 * The c >= 0 that minimizes |sum_j c_j column_j - y|^2, exactly, by trying every set of free columns.
 *
 * @param columns one to four columns of n numbers
 * @param y n numbers
 * @returns one coefficient a column; all zero when no column helps
 */
export function nonnegativeCombination(columns: readonly Float64Array[], y: Float64Array): number[] {
  const size = columns.length;
  const gram = columns.map(a => columns.map(b => dot(a, b)));
  const moment = columns.map(a => dot(a, y));
  let best = new Array<number>(size).fill(0);
  let bestGain = 0;
  for (let mask = 1; mask < 1 << size; mask++) {
    const free = columns.flatMap((_, j) => (mask & (1 << j) ? [j] : []));
    const solution = solveSmall(
      free.map(i => free.map(j => gram[i][j])),
      free.map(i => moment[i]),
    );
    if (solution === undefined || solution.some(value => !(value >= 0))) continue;
    // At a least-squares solution |y|^2 - |residual|^2 = c . A'y.
    const gain = solution.reduce((sum, value, i) => sum + value * moment[free[i]], 0);
    if (gain > bestGain) {
      bestGain = gain;
      best = new Array<number>(size).fill(0);
      free.forEach((j, i) => {
        best[j] = solution[i];
      });
    }
  }
  return best;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let n = 0; n < a.length; n++) sum += a[n] * b[n];
  return sum;
}

/** Gaussian elimination with pivoting; undefined when the matrix is singular to working precision. */
function solveSmall(matrix: number[][], right: number[]): number[] | undefined {
  const size = right.length;
  const rows = matrix.map((row, i) => [...row, right[i]]);
  for (let column = 0; column < size; column++) {
    let pivot = column;
    for (let i = column + 1; i < size; i++) if (Math.abs(rows[i][column]) > Math.abs(rows[pivot][column])) pivot = i;
    if (Math.abs(rows[pivot][column]) < 1e-12 * Math.abs(matrix[column][column])) return undefined;
    [rows[column], rows[pivot]] = [rows[pivot], rows[column]];
    for (let i = 0; i < size; i++) {
      if (i === column) continue;
      const factor = rows[i][column] / rows[column][column];
      for (let j = column; j <= size; j++) rows[i][j] -= factor * rows[column][j];
    }
  }
  return rows.map((row, i) => row[size] / row[i]);
}
