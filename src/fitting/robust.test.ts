import { expect, test } from 'vitest';
import { huberWeights } from './robust.ts';

test('residuals within two robust deviations keep full weight', () => {
  expect(Array.from(huberWeights(Float64Array.of(-1, 1, -1, 1, 2.9)))).toEqual([1, 1, 1, 1, 1]);
});

test('beyond, the weighted residual grows as the root: the objective counts it linearly', () => {
  // scale = 1.4826 * median(|residual|) = 1.4826; sqrt(2 * 1.4826 / 10) and sqrt(2 * 1.4826 / 40)
  const weights = huberWeights(Float64Array.of(1, -1, 1, -1, 1, 10, -40));
  expect(weights[5]).toBeCloseTo(Math.sqrt(0.29652), 12);
  expect(weights[6]).toBeCloseTo(Math.sqrt(0.07413), 12);
  expect((weights[6] * 40) ** 2).toBeCloseTo(4 * (weights[5] * 10) ** 2, 10);
});

test('a perfect fit keeps all weights', () => {
  expect(Array.from(huberWeights(new Float64Array(4)))).toEqual([1, 1, 1, 1]);
});
