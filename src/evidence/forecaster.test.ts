import { describe, expect, test } from 'vitest';
import { simulateTable } from '../../test/simulated-tables.ts';
import { TRUE_BIMIX } from '../../test/true-laws.ts';
import { fitLaw } from '../fitting/fit-law.ts';
import { bimix } from '../laws/index.ts';
import type { RunTable } from '../observations/index.ts';
import { lawForecaster, meanBaseline, nearestBaseline, predictRows } from './forecaster.ts';

const A = [0.8, 0.2];
const B = [0.2, 0.8];
const NEAR_A = [0.7, 0.3];

/** Runs a, b and near-a; checkpoints at 1, 4 and, near-a only, at 2 and 16. */
const table: RunTable = {
  trainingDomains: ['web', 'code'],
  evaluationDomains: ['web', 'code'],
  ownDomain: Int32Array.of(0, 1),
  volumeUnit: 'steps',
  runs: ['a', 'b', 'near-a'].map(name => ({ name })),
  mixtures: Float64Array.from([...A, ...B, ...NEAR_A]),
  rowRun: Int32Array.of(0, 0, 1, 1, 2, 2, 2, 2),
  rowVolume: Float64Array.of(1, 4, 1, 4, 1, 2, 4, 16),
  // web, code at each row; run a has no code losses.
  losses: Float64Array.of(4, Number.NaN, 1, Number.NaN, 9, 3, 4, 2, 5, 5, 5, 5, 5, 5, 5, 5),
  provenance: { format: 'test', inputs: [], version: '0' },
};
const TRAIN = Int32Array.of(0, 1, 2, 3);
const HELD_OUT = Int32Array.of(4, 5, 6, 7);

describe('the mean baseline', () => {
  test('is the geometric mean over runs at the same volume, between and beyond checkpoints too', () => {
    // At 1: sqrt(4 x 9) = 6. At 4: sqrt(1 x 4) = 2. Volume 2 is half way from 1 to 4 on a log scale: sqrt(6 x 2).
    const forecast = meanBaseline.train(table, TRAIN, [0])(0, HELD_OUT);
    [6, Math.sqrt(12), 2, 2].forEach((loss, n) => {
      expect(forecast[n]).toBeCloseTo(loss, 12);
    });
  });
});

describe('the nearest-mixture baseline', () => {
  test('is the run that the fewest tokens would have to move to', () => {
    const forecast = nearestBaseline.train(table, TRAIN, [0])(0, HELD_OUT);
    [4, 2, 1, 1].forEach((loss, n) => {
      expect(forecast[n]).toBeCloseTo(loss, 12);
    });
  });

  test('passes over runs on which the target was not measured', () => {
    const forecast = nearestBaseline.train(table, TRAIN, [0, 1]);
    forecast(0, HELD_OUT);
    expect(forecast(1, HELD_OUT)[0]).toBeCloseTo(3, 12);
  });
});

test.each([meanBaseline, nearestBaseline])('$name says so when no training row has a loss', baseline => {
  expect(() => baseline.train(table, Int32Array.of(0, 1), [1])(1, HELD_OUT)).toThrowError('missing losses of "code"');
});

test('a law is fitted on the training rows only and predicts losses in the order asked for', () => {
  const simulated = simulateTable(TRUE_BIMIX, { runs: 12 });
  const train = Int32Array.from(simulated.rowRun, (_, row) => row).filter(row => simulated.rowRun[row] < 9);
  // Held-out losses that would spoil the fit if they took part.
  const spoilt = { ...simulated, losses: simulated.losses.map((loss, n) => (n >= 9 * 7 * 3 ? 50 : loss)) };
  const forecast = lawForecaster(bimix).train(spoilt, train, [0, 1, 2]);
  for (const rows of [Int32Array.of(63, 70, 80), Int32Array.of(80)]) {
    rows.forEach((row, n) => {
      expect(forecast(1, rows)[n]).toBeCloseTo(simulated.losses[row * 3 + 1], 9);
    });
  }
  expect(() => lawForecaster(bimix).train(spoilt, train, [0])(1, train)).toThrowError(
    'unknown target "code": the law was not fitted to it',
  );
});

test('a law fitted to other domains, or the same in another order, is not read as if it were', () => {
  const simulated = simulateTable(TRUE_BIMIX, { runs: 12 });
  const fitted = fitLaw(simulated, bimix);
  const shuffled = { ...simulated, trainingDomains: ['code', 'web', 'books'] };
  expect(() => predictRows(fitted, shuffled, 0, Int32Array.of(0))).toThrowError(
    'invalid law for these runs: it knows web, code, books and tokens, they have code, web, books and tokens',
  );
  expect(() => predictRows(fitted, { ...simulated, volumeUnit: 'steps' }, 0, Int32Array.of(0))).toThrowError(
    'invalid law for these runs',
  );
});
