import { expect, test } from 'vitest';
import { isClear, pairedDifference } from './paired-difference.ts';

const ONE = [0.011, 0.014, 0.009, 0.02, 0.013];
const OTHER = [0.01, 0.011, 0.01, 0.016, 0.012];

/** Contributions of runs to a mean, and a run that is not held out. */
function contributions(errors: readonly number[]): Float64Array {
  return Float64Array.from([...errors.map(error => error / errors.length), Number.NaN]);
}

// d = one - other; np.mean(d) = 0.0016, scipy.stats.sem(d) = 0.000871779788708135, ttest_rel(one, other).pvalue = 0.14
test('a difference has the standard error of paired runs', () => {
  const paired = pairedDifference(contributions(ONE), contributions(OTHER));
  expect(paired.difference).toBeCloseTo(0.0016, 12);
  expect(paired.standardError).toBeCloseTo(0.000871779788708135, 12);
  expect(paired.runs).toBe(5);
});

test('is clear where a paired t test would reject at 5 %', () => {
  expect(isClear(pairedDifference(contributions(ONE), contributions(OTHER)))).toBe(false);
  // ttest_rel(one + 0.001, other).pvalue = 0.041
  const worse = ONE.map(error => error + 0.001);
  expect(isClear(pairedDifference(contributions(worse), contributions(OTHER)))).toBe(true);
});

test('two runs have no standard error, and nothing about them is clear', () => {
  const paired = pairedDifference(contributions([0.1, 0.2]), contributions([0.01, 0.02]));
  expect(paired.standardError).toBeNull();
  expect(isClear(paired)).toBe(false);
});
