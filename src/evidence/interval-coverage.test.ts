import { expect, test } from 'vitest';
import { simulateTable } from '../../test/simulated-tables.ts';
import { TRUE_BIMIX } from '../../test/true-laws.ts';
import { bimix } from '../laws/index.ts';
import { type RunTable, splitRuns } from '../observations/index.ts';
import { evaluate } from './evidence.ts';
import { lawForecaster, meanBaseline } from './forecaster.ts';
import { HeldOutPoints } from './held-out-points.ts';
import { scoreIntervals } from './interval-coverage.ts';

test('coverage is the part of the points inside, width that of the intervals over the prediction', () => {
  // Losses of web and code, one run a row; every prediction is 2.
  const table: RunTable = {
    ...simulateTable(TRUE_BIMIX, { runs: 4, volumes: [1] }),
    evaluationDomains: ['web', 'code'],
    losses: Float64Array.of(2, 3, 2.5, 0, 1.9, 0, 2.2, 0),
  };
  const points = (target: number, count: number): HeldOutPoints =>
    new HeldOutPoints(
      table,
      target,
      Int32Array.from({ length: count }, (_, n) => n),
      new Float64Array(count).fill(2),
    );
  const { interval, points: bounded } = scoreIntervals(
    { web: points(0, 4), code: points(1, 1) },
    {
      web: [
        { lower: Float64Array.of(1.8, 1.8), upper: Float64Array.of(2.2, 2.2) },
        { lower: Float64Array.of(1.9, 1), upper: Float64Array.of(2.2, 2.1) },
      ],
      code: [{ lower: Float64Array.of(2), upper: Float64Array.of(2.5) }],
    },
    0.9,
  );
  expect(interval.level).toBe(0.9);
  expect(interval.targets.web.coverage).toBe(0.5);
  expect(interval.targets.web.width).toBeCloseTo((0.4 + 0.4 + 0.3 + 1.1) / 4 / 2, 12);
  expect(interval.targets.code).toEqual({ coverage: 0, width: 0.25 });
  expect(interval.coverage).toBe(0.4);
  expect(bounded.web.at(2)).toEqual({
    ...{ run: 'r002', volume: 1, observed: 1.9, predicted: 2, last: true },
    ...{ lower: 1.9, upper: 2.2 },
  });
  expect(JSON.parse(JSON.stringify(bounded)).code).toHaveLength(1);
});

test('an evaluation measures how many held-out losses the intervals of a law cover; baselines have none', () => {
  const table = simulateTable(TRUE_BIMIX, { runs: 40, runNoise: 0.01, rowNoise: 0.004, volumes: [5e9, 20e9] });
  const forecasters = [lawForecaster(bimix, { uncertainty: true }), meanBaseline];
  const { laws } = evaluate(table, forecasters, splitRuns(table, 'kfold:5', 0), { interval: 0.8 });
  expect(laws[0].interval?.level).toBe(0.8);
  expect(laws[0].interval?.coverage).toBeGreaterThan(0.7);
  expect(laws[0].interval?.coverage).toBeLessThan(0.9);
  expect(Object.keys(laws[0].interval?.targets ?? {})).toEqual(['web', 'code', 'books']);
  for (const { lower = 0, upper = 0, predicted } of laws[0].points.web) {
    expect(lower).toBeLessThan(predicted);
    expect(upper).toBeGreaterThan(predicted);
  }
  expect(laws[1].interval).toBeUndefined();
  expect(laws[1].points.web.at(0).lower).toBeUndefined();
});

test('no intervals are made unless they are asked for', () => {
  const table = simulateTable(TRUE_BIMIX, { runs: 10, runNoise: 0.01 });
  const { laws } = evaluate(table, [lawForecaster(bimix, { uncertainty: true })], splitRuns(table, 'kfold:2', 0));
  expect(laws[0].interval).toBeUndefined();
});
