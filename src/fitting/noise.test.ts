import { describe, expect, test } from 'vitest';
import type { Model } from '../laws/index.ts';
import { Linearization } from './linearization.ts';
import { runNoise } from './noise.ts';
import { ridge } from './ridge.ts';

/** f = theta for every row. */
const constant: Model = {
  rowParameters: 1,
  predict: (theta, logLosses) => {
    logLosses.fill(theta[0]);
  },
  linearize: (theta, { logLosses, perRow }) => {
    logLosses.fill(theta[0]);
    perRow.fill(1);
  },
};

/** Linearized at theta = 0, with residuals of the opposite sign of `observed`. */
function noiseOf(observed: readonly (readonly number[])[], priorSd = Number.POSITIVE_INFINITY) {
  const values = Float64Array.from(observed.flat());
  const prior = { terms: [[0, 1]] as const, mean: 0, sd: priorSd };
  const at = new Linearization({
    model: constant,
    rowRun: Int32Array.from(observed.flatMap((rows, run) => rows.map(() => run))),
    observed: values,
    weights: new Float64Array(values.length).fill(1),
    lower: Float64Array.of(-1),
    upper: Float64Array.of(1),
    penalty: ridge([prior], 1, 1),
  });
  at.linearize(Float64Array.of(0));
  return runNoise(at);
}

describe('noise of three runs of two rows around one constant', () => {
  test('counts runs, not rows', () => {
    // Run means -0.02, 0.01, 0.01, two rows each: 2 (0.0004 + 0.0001 + 0.0001) / (3 - 1). S_r = 2, H = 6, so each run has
    // leverage 2^2 / 6 / 2 = 1/3, one parameter in all.
    const { lambdaSquared, runParameters } = noiseOf([
      [0.02, 0.02],
      [-0.01, -0.01],
      [-0.01, -0.01],
    ]);
    expect(runParameters).toBeCloseTo(1, 12);
    expect(lambdaSquared).toBeCloseTo(0.0006, 12);
  });

  test('a prior takes part of the parameter away', () => {
    // H = 6 + 1 / 0.5^2 = 10: runParameters = 3 * 2^2 / 10 / 2.
    const { lambdaSquared, runParameters } = noiseOf(
      [
        [0.02, 0.02],
        [-0.01, -0.01],
        [-0.01, -0.01],
      ],
      0.5,
    );
    expect(runParameters).toBeCloseTo(0.6, 12);
    expect(lambdaSquared).toBeCloseTo(0.0012 / 2.4, 12);
  });

  test('is never below the variance of the rows', () => {
    const { lambdaSquared } = noiseOf([
      [0.03, -0.03],
      [0.03, -0.03],
      [0.03, -0.03],
    ]);
    expect(lambdaSquared).toBeCloseTo(0.0009, 12);
  });

  test('is never below 0.1 % of a run', () => {
    expect(
      noiseOf([
        [0, 0],
        [0, 0],
        [0, 0],
      ]).lambdaSquared,
    ).toBeCloseTo(2e-6, 15);
  });

  test('leaves a tenth of the runs where one run takes all', () => {
    // 1 run: 0.0008 / max(1 - 1, 0.1)
    expect(noiseOf([[0.02, 0.02]]).lambdaSquared).toBeCloseTo(0.008, 12);
  });
});
