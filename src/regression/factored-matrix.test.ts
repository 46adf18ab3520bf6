import fc from 'fast-check';
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { mersenne } from 'pure-rand/generator/mersenne';
import { expect, test } from 'vitest';
import { solveLower } from '../numerics/index.ts';
import { factorMatrix, invertFactored, logDeterminant, solveFactored } from './factored-matrix.ts';

/** B B' + I, both triangles. */
function positiveDefinite(n: number, seed: number): Float64Array {
  const random = mersenne(seed);
  const b = Float64Array.from({ length: n * n }, () => uniformFloat64(random) - 0.5);
  return Float64Array.from({ length: n * n }, (_, index) => {
    const [i, j] = [Math.floor(index / n), index % n];
    let sum = i === j ? 1 : 0;
    for (let k = 0; k < n; k++) sum += b[i * n + k] * b[j * n + k];
    return sum;
  });
}

const sizes = fc.record({ n: fc.integer({ min: 1, max: 21 }), seed: fc.nat() });

test('solutions solve, the factor squares to the matrix and the inverse inverts, at every size', () => {
  fc.assert(
    fc.property(sizes, ({ n, seed }) => {
      const matrix = positiveDefinite(n, seed);
      const factored = factorMatrix(Float64Array.from(matrix), n);
      if (factored === undefined) throw new Error('not positive definite');
      const right = Float64Array.from({ length: n }, (_, i) => i - 2);
      const solution = solveFactored(factored, right);
      const half = new Float64Array(n);
      solveLower(factored.lower, n, right, half);
      const inverse = invertFactored(factored);
      for (let i = 0; i < n; i++) {
        let product = 0;
        let halfProduct = 0;
        for (let j = 0; j < n; j++) {
          product += matrix[i * n + j] * solution[j];
          if (j <= i) halfProduct += factored.lower[i * n + j] * half[j];
          let square = 0;
          let unit = 0;
          for (let k = 0; k < n; k++) {
            if (k <= Math.min(i, j)) square += factored.lower[i * n + k] * factored.lower[j * n + k];
            unit += matrix[i * n + k] * inverse[Math.max(k, j) * n + Math.min(k, j)];
          }
          expect(square).toBeCloseTo(matrix[i * n + j], 10);
          expect(unit).toBeCloseTo(i === j ? 1 : 0, 10);
        }
        expect(product).toBeCloseTo(right[i], 9);
        expect(halfProduct).toBeCloseTo(right[i], 9);
      }
    }),
    { numRuns: 60, seed: 1 },
  );
});

test('the determinant is that of numpy', () => {
  // np.linalg.slogdet([[4, 1, 0.5], [1, 3, 0.2], [0.5, 0.2, 2]])[1]
  const factored = factorMatrix(Float64Array.of(4, 1, 0.5, 1, 3, 0.2, 0.5, 0.2, 2), 3);
  expect(factored === undefined ? Number.NaN : logDeterminant(factored)).toBeCloseTo(3.0582374789053883, 12);
});

test('a matrix that is not positive definite is not factored', () => {
  expect(factorMatrix(Float64Array.of(1, 2, 2, 1), 2)).toBeUndefined();
  expect(factorMatrix(Float64Array.of(0), 1)).toBeUndefined();
  expect(factorMatrix(Float64Array.of(1, 0, 0, 0, 1, 0, 0, 0, Number.NaN), 3)).toBeUndefined();
});
