import { expect, test } from 'vitest';
import { median } from '../numerics/index.ts';
import { meanAbsoluteError, meanRelativeError, rSquared, spearman } from './metrics.ts';

// obs = np.array([2.1, 3.4, 1.9, 2.8, 4.0, 2.8]); pred = np.array([2.0, 3.5, 2.05, 2.7, 3.8, 2.95])
const observed = [2.1, 3.4, 1.9, 2.8, 4.0, 2.8];
const predicted = [2.0, 3.5, 2.05, 2.7, 3.8, 2.95];

test('mean errors are those of numpy', () => {
  // np.mean(np.abs(pred - obs) / obs); np.mean(np.abs(pred - obs))
  expect(meanRelativeError(observed, predicted)).toBeCloseTo(0.0492106491719495, 14);
  expect(meanAbsoluteError(observed, predicted)).toBeCloseTo(0.1333333333333334, 14);
});

test('R2 is about the mean of what was observed', () => {
  // 1 - ((pred - obs)**2).sum() / ((obs - obs.mean())**2).sum()
  expect(rSquared(observed, predicted)).toBeCloseTo(0.962823275862069, 14);
  expect(rSquared(observed, observed)).toBe(1);
  const mean = observed.reduce((sum, value) => sum + value, 0) / observed.length;
  expect(rSquared(observed, new Float64Array(6).fill(mean))).toBeCloseTo(0, 14);
});

test('R2 of equal losses is not known', () => {
  expect(rSquared([2, 2, 2], [2, 2.1, 1.9])).toBeNull();
});

test('rank correlation is that of scipy, ties sharing their mean rank', () => {
  // scipy.stats.spearmanr(obs, pred).statistic
  expect(spearman(observed, predicted)).toBeCloseTo(0.9276336570439174, 14);
  // scipy.stats.spearmanr([1, 2, 2, 3, 3, 3], [2, 1, 4, 4, 3, 6]).statistic
  expect(spearman([1, 2, 2, 3, 3, 3], [2, 1, 4, 4, 3, 6])).toBeCloseTo(0.6105686838080208, 14);
  expect(spearman([1, 2, 3], [30, 20, 10])).toBe(-1);
});

test('rank correlation of two pairs, or of a constant, is not known', () => {
  expect(spearman([1, 2], [1, 2])).toBeNull();
  expect(spearman([1, 2, 3], [5, 5, 5])).toBeNull();
});

test('the median of an even count is the mean of the middle two', () => {
  expect(median([5, 1, 3])).toBe(3);
  expect(median(Float64Array.of(10, 1, 2, 3))).toBe(2.5);
  expect(median([])).toBeNaN();
});
