import { describe, expect, test } from 'vitest';
import { activeBounds, dualityGap } from './certificate.ts';
import { makeConstraints } from './constraints.ts';

describe('the duality gap', () => {
  const open = { lower: Float64Array.of(0, 0), upper: Float64Array.of(1, 1) };

  test('is grad.r - min grad.v over the allowed mixtures', () => {
    const r = Float64Array.of(0.5, 0.5);
    expect(dualityGap(Float64Array.of(1, 3), r, open)).toBeCloseTo(1, 14);
    const bounds = { lower: Float64Array.of(0, 0.3), upper: Float64Array.of(1, 1) };
    expect(dualityGap(Float64Array.of(1, 3), r, bounds)).toBeCloseTo(0.4, 14);
  });

  test('is 0 where no allowed mixture descends', () => {
    expect(dualityGap(Float64Array.of(2, 2), Float64Array.of(0.3, 0.7), open)).toBe(0);
    expect(dualityGap(Float64Array.of(1, 2), Float64Array.of(1, 0), open)).toBe(0);
  });

  test('is infinite where a domain of infinite slope gets nothing it may have', () => {
    const gradient = Float64Array.of(0, Number.NEGATIVE_INFINITY);
    expect(dualityGap(gradient, Float64Array.of(1, 0), open)).toBe(Number.POSITIVE_INFINITY);
    const excluded = { lower: Float64Array.of(0, 0), upper: Float64Array.of(1, 0) };
    expect(dualityGap(gradient, Float64Array.of(1, 0), excluded)).toBe(0);
  });
});

test('active bounds say which bound, and that tokens made it', () => {
  const constraints = makeConstraints(['a', 'b', 'c', 'd'], {
    bounds: { a: { lower: 0.1 }, b: { upper: 0.3 } },
    tokensAvailable: { c: 1e9 },
    maxEpochs: 2,
    tokenBudget: 10e9,
  });
  expect(activeBounds(Float64Array.of(0.1, 0.3, 0.2, 0.4), constraints)).toEqual([
    { domain: 'a', bound: 'lower', share: 0.1 },
    { domain: 'b', bound: 'upper', share: 0.3 },
    { domain: 'c', bound: 'tokens available', share: 0.2 },
  ]);
  expect(activeBounds(Float64Array.of(0.2, 0.2, 0.1, 0.5), constraints)).toEqual([]);
});
