import fc from 'fast-check';
import { CholeskyDecomposition, Matrix } from 'ml-matrix';
import { expect, test } from 'vitest';
import { choleskyFactor, choleskySolve } from './cholesky.ts';

const number = fc.double({ min: -3, max: 3, noNaN: true });

const system = fc.integer({ min: 1, max: 8 }).chain(p =>
  fc.record({
    p: fc.constant(p),
    root: fc.array(number, { minLength: p * p, maxLength: p * p }),
    right: fc.array(number, { minLength: p, maxLength: p }),
  }),
);

test('solves positive definite systems as ml-matrix does', () => {
  fc.assert(
    fc.property(system, ({ p, root, right }) => {
      const a = Matrix.from1DArray(p, p, root);
      const matrix = a.mmul(a.transpose()).add(Matrix.eye(p, p, 0.1));
      const factor = new Float64Array(p * p);
      expect(choleskyFactor(Float64Array.from(matrix.to1DArray()), p, factor)).toBe(true);
      const solution = Float64Array.from(right);
      choleskySolve(factor, p, solution, solution);
      const expected = new CholeskyDecomposition(matrix).solve(Matrix.columnVector(right)).to1DArray();
      const size = Math.max(1, ...expected.map(Math.abs));
      solution.forEach((value, i) => {
        expect(Math.abs(value - expected[i])).toBeLessThan(1e-9 * size);
      });
    }),
  );
});

test('factors in place and reads the lower triangle only', () => {
  const matrix = Float64Array.of(4, Number.NaN, 2, 5);
  expect(choleskyFactor(matrix, 2, matrix)).toBe(true);
  expect([matrix[0], matrix[2], matrix[3]]).toEqual([2, 1, 2]);
});

test('refuses a matrix that is not positive definite, or not finite', () => {
  const factor = new Float64Array(4);
  expect(choleskyFactor(Float64Array.of(1, 2, 2, 1), 2, factor)).toBe(false);
  expect(choleskyFactor(Float64Array.of(0, 0, 0, 1), 2, factor)).toBe(false);
  expect(choleskyFactor(Float64Array.of(Number.NaN, 0, 0, 1), 2, factor)).toBe(false);
  expect(choleskyFactor(Float64Array.of(Number.POSITIVE_INFINITY, 0, 0, 1), 2, factor)).toBe(false);
});
