import { expect, test } from 'vitest';
import { covarianceFactor } from './covariance-factor.ts';

const NORMAL = Float64Array.of(4, 1, 0.5, 1, 3, 0.2, 0.5, 0.2, 2);

/** L L' of a lower triangle given row by row. */
function product(factor: readonly number[], size: number): number[][] {
  const at = (i: number, j: number): number => (j > i ? 0 : factor[(i * (i + 1)) / 2 + j]);
  return Array.from({ length: size }, (_, i) =>
    Array.from({ length: size }, (__, j) =>
      Array.from({ length: size }, (___, k) => at(i, k) * at(j, k)).reduce((a, b) => a + b),
    ),
  );
}

test('is a factor of the variance times the inverse over the free positions', () => {
  // A = np.array([[4, 1, .5], [1, 3, .2], [.5, .2, 2]]); .04 * np.linalg.inv(A[np.ix_([0, 2], [0, 2])])
  const found = product(covarianceFactor(NORMAL, [0, 2], 0.04), 2);
  const wanted = [
    [0.01032258064516129, -0.0025806451612903226],
    [-0.0025806451612903226, 0.02064516129032258],
  ];
  found.forEach((row, i) => {
    row.forEach((value, j) => {
      expect(value).toBeCloseTo(wanted[i][j], 14);
    });
  });
});

test('leaves out directions that the matrix does not determine', () => {
  // np.linalg.pinv([[1, 1], [1, 1]])
  const found = product(covarianceFactor(Float64Array.of(1, 1, 1, 1), [0, 1], 1), 2);
  for (const value of found.flat()) expect(value).toBeCloseTo(0.25, 14);
});

test('of no free position there is none', () => {
  expect(covarianceFactor(NORMAL, [], 1)).toEqual([]);
});
