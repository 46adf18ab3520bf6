import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { studentQuantile } from '../numerics/index.ts';
import { jackknife } from './jackknife.ts';

/** The mean of groups of values, each group given by its size and mean. */
function meanOf(sizes: readonly number[], means: readonly number[], skipped = -1): number {
  let sum = 0;
  let n = 0;
  sizes.forEach((size, j) => {
    if (j === skipped) return;
    sum += size * means[j];
    n += size;
  });
  return sum / n;
}

describe('the jackknife over groups', () => {
  test('gives the mean of equal groups its textbook standard error', () => {
    const means = [3.1, 2.7, 4.4, 3.9, 2.2];
    const sizes = means.map(() => 40);
    const result = jackknife(meanOf(sizes, means), sizes, group => meanOf(sizes, means, group));
    // numpy: np.std(means, ddof=1) / np.sqrt(5)
    expect(result?.standardError).toBeCloseTo(0.39824615503479754, 14);
    expect(result?.jackknifed).toBeCloseTo(3.26, 14);
    expect(result?.margin).toBeCloseTo(0.39824615503479754 * studentQuantile(0.95, 4), 13);
    expect(result?.groups).toBe(5);
  });

  test('weighs unequal groups as Busing, Meijer and van der Leeden do', () => {
    const sizes = [10, 40, 25, 5];
    const means = [1, 2, 4, 3];
    const result = jackknife(meanOf(sizes, means), sizes, group => meanOf(sizes, means, group));
    // The pseudo-value of a mean is the mean of its group. numpy, with m, x and n = m.sum(), theta = (m * x).sum() / n:
    // np.sqrt(np.mean((x - theta)**2 / (n / m - 1)))
    expect(result?.standardError).toBeCloseTo(0.6358487548696341, 14);
    expect(result?.jackknifed).toBeCloseTo(meanOf(sizes, means), 14);
  });

  test('removes a bias that falls like 1 / n, whatever the sizes of the groups', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 1000 }), { minLength: 2, maxLength: 30 }), sizes => {
        const n = sizes.reduce((a, b) => a + b, 0);
        const result = jackknife(5 - 3 / n, sizes, group => 5 - 3 / (n - sizes[group]));
        expect(result?.jackknifed).toBeCloseTo(5, 9);
      }),
    );
  });

  test('leaves empty groups out of account', () => {
    const full = jackknife(meanOf([4, 6], [1, 2]), [4, 6], group => meanOf([4, 6], [1, 2], group));
    const padded = jackknife(meanOf([4, 0, 6], [1, 9, 2]), [4, 0, 6], group => {
      expect(group).not.toBe(1);
      return meanOf([4, 0, 6], [1, 9, 2], group);
    });
    expect(padded).toEqual(full);
  });

  test('has nothing to say of fewer than two groups', () => {
    const never = (): number => {
      throw new Error('asked for an empty sample');
    };
    expect(jackknife(1, [], never)).toBeNull();
    expect(jackknife(1, [0, 12, 0], never)).toBeNull();
  });
});
