import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { nonnegativeCombination } from './nonnegative-combination.ts';

// A = np.array([[1, .2, .5], [1, .4, .1], [1, .9, .7], [1, 1.3, .2], [1, 2., .9]])
const columns = [
  [1, 1, 1, 1, 1],
  [0.2, 0.4, 0.9, 1.3, 2.0],
  [0.5, 0.1, 0.7, 0.2, 0.9],
].map(column => Float64Array.from(column));

describe('non-negative least squares', () => {
  test.each([
    // scipy.optimize.nnls(A, y)[0]
    [
      [1.2, 1.3, 1.9, 1.6, 2.9],
      [0.75179399, 0.65313229, 0.83583129],
    ],
    [
      [3.0, 2.6, 2.9, 2.0, 2.2],
      [2.46071429, 0, 0.16517857],
    ],
    [
      [-1, -2, -1, -0.5, -3.0],
      [0, 0, 0],
    ],
    [
      [0.1, 0.9, 0.05, 2, 1.1],
      [0.26051625, 0.59321224, 0],
    ],
  ])('of %j is that of scipy', (y, expected) => {
    nonnegativeCombination(columns, Float64Array.from(y)).forEach((value, j) => {
      expect(value).toBeCloseTo(expected[j], 7);
    });
  });

  test('is optimal: no coefficient would gain by growing, none above zero by shrinking', () => {
    const column = fc.array(fc.double({ min: 0.1, max: 3, noNaN: true }), { minLength: 6, maxLength: 6 });
    fc.assert(
      fc.property(fc.array(column, { minLength: 1, maxLength: 3 }), column, (list, target) => {
        const free = list.map(values => Float64Array.from(values));
        const solution = nonnegativeCombination(free, Float64Array.from(target));
        const residual = target.map((y, n) => y - free.reduce((sum, a, j) => sum + a[n] * solution[j], 0));
        free.forEach((a, j) => {
          const pull = a.reduce((sum, value, n) => sum + value * residual[n], 0);
          expect(solution[j]).toBeGreaterThanOrEqual(0);
          expect(pull).toBeLessThan(1e-6);
          if (solution[j] > 1e-6) expect(Math.abs(pull)).toBeLessThan(1e-6);
        });
      }),
    );
  });

  test('ignores a column that repeats another', () => {
    const [first] = nonnegativeCombination([columns[0], columns[0]], Float64Array.of(2, 2, 2, 2, 2));
    expect(first).toBeCloseTo(2, 12);
  });
});
