import { expect, test } from 'vitest';
import { forecastRow, offsetSoFar, type RunModel } from './run-model.ts';

/** Two directions of the coefficients; three checkpoints and one ahead. */
const MODEL: RunModel = {
  volumes: Float64Array.of(2, 5, 10, 20),
  logPredicted: Float64Array.of(1.3, 1.2, 1.1, 1),
  coefficients: [
    [0.004, 0.001],
    [0.003, 0.002],
    [0.0025, 0.0025],
    [0.002, 0.003],
  ].map(row => Float64Array.from(row)),
  scatter: { runSd: 0.003, withinSd: 0.002, degrees: 12 },
};
const PAST = { rows: [0, 1, 2], deviations: [0.012, 0.006, 0.009] };

test('a forecast is the conditional mean and spread of the joint Gaussian, given the weighted mean of the past', () => {
  // numpy: S = G G' + v_r 11'; P = S[:3,:3] + v_n I; w = s^2 / sum s^2; c = S[3,:3] w
  // log loss: 1 + c / (w'Pw) w'd; sd: sqrt(S[3,3] + v_n - c^2 / (w'Pw))
  const { logLoss, sd } = forecastRow(MODEL, PAST, 3);
  expect(logLoss).toBeCloseTo(1.0075430516420218, 14);
  expect(sd).toBeCloseTo(0.002659637718291564, 14);
});

test('before the first checkpoint a forecast is the prediction of the law, as uncertain as that of any new run', () => {
  const { logLoss, sd } = forecastRow(MODEL, { rows: [], deviations: [] }, 3);
  expect(logLoss).toBe(1);
  expect(sd).toBeCloseTo(Math.hypot(0.002, 0.003, 0.003, 0.002), 14);
});

test('the offset is ever better known', () => {
  const variances = [0, 1, 2, 3].map(count => {
    const past = { rows: PAST.rows.slice(0, count), deviations: PAST.deviations.slice(0, count) };
    return offsetSoFar(MODEL, past).variance;
  });
  expect([...variances].sort((a, b) => b - a)).toEqual(variances);
});
