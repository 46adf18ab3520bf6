import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { offsetVariances, recencyWeights, runOffset } from './run-offset.ts';

const DEVIATIONS = [0.011, 0.004, -0.002, 0.009];
const VARIANCES = { run: 4e-5, within: 2.5e-5 };

describe('the offset of a run', () => {
  test('is the best linear unbiased prediction where checkpoints count alike', () => {
    // numpy: S = v_r 11' + v_n I; v_r 1' solve(S, d) and v_r - v_r 1' solve(S, v_r 1)
    const { offset, variance } = runOffset({ volumes: [7, 7, 7, 7], deviations: DEVIATIONS }, VARIANCES);
    expect(offset).toBeCloseTo(0.004756756756756754, 15);
    expect(variance).toBeCloseTo(5.405405405405406e-6, 18);
  });

  test('is the best prediction from the recency-weighted mean where they do not', () => {
    // numpy: w = s^2 / sum s^2; v_r w'1 / (w'Sw) w'd and v_r - v_r^2 / (w'Sw)
    const { offset, variance } = runOffset({ volumes: [2, 4, 6, 10], deviations: DEVIATIONS }, VARIANCES);
    expect(offset).toBeCloseTo(0.0046257365519863135, 15);
    expect(variance).toBeCloseTo(9.16175632009124e-6, 18);
  });

  test('is none before the first checkpoint, and all of runs may differ', () => {
    expect(runOffset({ volumes: [], deviations: [] }, VARIANCES)).toEqual({ offset: 0, variance: VARIANCES.run });
  });

  test('is none where runs do not differ, and their noise is none either', () => {
    expect(runOffset({ volumes: [1, 2], deviations: [0, 0] }, { run: 0, within: 0 })).toEqual({
      offset: 0,
      variance: 0,
    });
  });

  test('lies between nothing and the mean of the checkpoints, and is ever better known', () => {
    const checkpoint = fc.record({
      volume: fc.double({ min: 0.1, max: 10, noNaN: true }),
      deviation: fc.double({ min: -0.1, max: 0.1, noNaN: true }),
    });
    fc.assert(
      fc.property(fc.array(checkpoint, { minLength: 1, maxLength: 12 }), list => {
        const ascending = [...list].sort((a, b) => a.volume - b.volume);
        const soFar = {
          volumes: ascending.map(({ volume }) => volume),
          deviations: ascending.map(({ deviation }) => deviation),
        };
        const mean = recencyWeights(soFar.volumes).reduce((sum, w, n) => sum + w * soFar.deviations[n], 0);
        const { offset, variance } = runOffset(soFar, VARIANCES);
        expect(Math.abs(offset)).toBeLessThanOrEqual(Math.abs(mean) + 1e-15);
        expect(variance).toBeLessThan(VARIANCES.run);
      }),
    );
  });
});

test('variances are those of the moments, checkpoints weighted by recency', () => {
  // numpy: k = (s / s[-1])^2, mu = average(d, weights=k), v = average((d - mu)^2, weights=k), n = sum(k)^2 / sum(k^2);
  // v_n = mean(v); v_r = max(var(mu) - mean(v_n / n), 0) + mean(mu)^2
  const { run, within } = offsetVariances([
    { volumes: [1, 2, 4], deviations: [0.01, 0.02, 0.03] },
    { volumes: [1, 2, 4], deviations: [-0.01, 0, -0.02] },
    { volumes: [2, 4], deviations: [0, 0.01] },
  ]);
  expect(run).toBeCloseTo(0.0003260971615736242, 16);
  expect(within).toBeCloseTo(3.617233560090702e-5, 17);
});
