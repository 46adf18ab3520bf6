import { beforeAll, describe, expect, test } from 'vitest';
import { simulatedTable } from '../../test/simulated-report.ts';
import { BimixError } from '../errors/index.ts';
import { bimix, bimixEps, type Law } from '../laws/index.ts';
import { type RunTable, splitRuns } from '../observations/index.ts';
import { compareLaws, type HoldOutCrew } from './comparison.ts';
import { comparisonJson, parseComparisons } from './comparison-json.ts';
import type { Comparison } from './comparison-types.ts';
import { evaluate } from './evidence.ts';
import { lawForecaster, meanBaseline, nearestBaseline } from './forecaster.ts';
import { runHoldOut } from './hold-out.ts';
import { runGrid } from './learning-curves.ts';

/** A law that no runs can be fitted to. */
const broken: Law = {
  ...bimix,
  name: 'broken',
  starts: () => {
    throw new BimixError('missing-losses', 'missing losses for a law that wants more', { hint: 'Add runs.' });
  },
};
/** Said not to be convex. */
const opaque: Law = { ...bimixEps, convex: false };

const table = simulatedTable({ domains: ['web', 'code', 'books'], runs: 15, volumes: [2e9, 5e9, 1e10] });
const laws = [bimix, bimixEps];
const split = splitRuns(table, 'kfold:5', 0);

describe('a comparison', () => {
  let comparison: Comparison;
  beforeAll(async () => {
    comparison = await compareLaws(table, laws, split, { curves: [4, 8, 14], nested: true });
  });

  test('has the figures of an evaluation, lowest error first', () => {
    const forecasters = [...laws.map(law => lawForecaster(law)), meanBaseline, nearestBaseline];
    const { laws: evidence, runs, points } = evaluate(table, forecasters, split);
    expect(comparison.runs).toEqual({ all: 15, heldOut: runs });
    expect(comparison.points).toBe(points);
    for (const { law, mean, targets, regretAt1 } of evidence) {
      expect(comparison.laws.find(one => one.law === law)).toMatchObject({ mean, targets, regretAt1 });
    }
    const errors = comparison.laws.map(({ mean }) => mean.mre);
    expect(errors).toEqual([...errors].sort((a, b) => a - b));
  });

  test('says how far each is from the best, over the runs held out', () => {
    const [best, ...others] = comparison.laws;
    expect(best.toBest).toBeNull();
    for (const { mean, toBest } of others) {
      expect(toBest?.difference).toBeCloseTo(mean.mre - best.mean.mre, 12);
      expect(toBest?.runs).toBe(15);
    }
  });

  test('counts coefficients over targets, of laws alone', () => {
    // alpha, B, beta and C of each of 3 domains; epsilon beside them.
    expect(Object.fromEntries(comparison.laws.map(({ law, parameters }) => [law, parameters]))).toEqual({
      bimix: 12,
      'bimix-eps': 15,
      mean: null,
      nearest: null,
    });
  });

  test('has learning curves for as many runs as leave some to predict', () => {
    expect(comparison.curves).toMatchObject({ runs: [4, 8], draws: 3, skipped: [14] });
    for (const { points } of comparison.curves?.curves ?? []) {
      expect(points.map(({ runs }) => runs)).toEqual([4, 8]);
      for (const { mre, draws } of points) {
        expect(mre).toBeCloseTo(draws.reduce<number>((sum, draw) => sum + (draw ?? Number.NaN), 0) / 3, 12);
      }
    }
  });

  test('scores the law chosen inside each fold between the best and the worst', () => {
    const errors = comparison.laws.filter(({ kind }) => kind === 'law').map(({ mean }) => mean.mre);
    expect(comparison.nested.map(({ among }) => among)).toEqual(['convex']);
    const [{ mean, chosen }] = comparison.nested;
    expect(chosen.length).toBe(5);
    expect(mean.mre).toBeGreaterThanOrEqual(Math.min(...errors) * 0.99);
    expect(mean.mre).toBeLessThanOrEqual(Math.max(...errors) * 1.01);
  });

  test('is the same on any thread and in any order', async () => {
    const backwards =
      (setting: Parameters<typeof runHoldOut>[0]): HoldOutCrew =>
      (holdOuts, onDone) =>
        holdOuts
          .toReversed()
          .map(holdOut => {
            const named = [...laws, meanBaseline, nearestBaseline].find(({ name }) => name === holdOut.forecaster);
            onDone();
            return runHoldOut(setting, structuredClone(holdOut), named ?? bimix, () => 0);
          })
          .reverse();
    const again = await compareLaws(table, laws, split, { curves: [4, 8, 14], nested: true, crew: backwards });
    expect(again).toEqual(comparison);
  });

  test('is read back from its JSON, without fit times', async () => {
    const timed = await compareLaws(table, [bimix], split, { clock: () => 1, interval: 0.9, size: 1e8 });
    const text = JSON.stringify(comparisonJson([timed]));
    expect(text).not.toContain('fitSeconds');
    expect(parseComparisons(text, 'comparison.json')).toEqual([timed]);
    const both = JSON.stringify(comparisonJson([comparison, timed]));
    expect(parseComparisons(both, 'comparison.json')).toEqual([comparison, timed]);
  });
});

test('a law that cannot be fitted stands among the failures, with its reason', async () => {
  const { laws: compared, failures, curves } = await compareLaws(table, [broken, bimix], split, { curves: [6] });
  expect(failures).toEqual([
    { law: 'broken', code: 'missing-losses', message: 'missing losses for a law that wants more', hint: 'Add runs.' },
  ]);
  expect(compared.map(({ law }) => law)).not.toContain('broken');
  expect(curves?.curves.map(({ law }) => law)).not.toContain('broken');
});

test('only failures leave the baselines, and no recommendation', async () => {
  const { laws: compared, recommendation, nested } = await compareLaws(table, [broken], split, { nested: true });
  expect(compared.map(({ kind }) => kind)).toEqual(['baseline', 'baseline']);
  expect(recommendation.optimize).toBeNull();
  expect(nested).toEqual([]);
});

test('a fault of the program is no failure of a law', async () => {
  const faulty: Law = {
    ...bimix,
    starts: () => {
      throw new TypeError('not a function');
    },
  };
  await expect(compareLaws(table, [faulty], split)).rejects.toThrow(TypeError);
});

test('choices are nested among convex laws and among all, where some are not convex', async () => {
  const { nested } = await compareLaws(table, [bimix, opaque], split, { nested: true });
  expect(nested.map(({ among }) => among)).toEqual(['convex', 'all']);
  expect(new Set(nested[0].chosen)).toEqual(new Set(['bimix']));
});

test('nothing is chosen inside folds where no whole runs are held out', async () => {
  const last = splitRuns(table, 'last', 0);
  const { nested, recommendation } = await compareLaws(table, laws, last, { nested: true });
  expect(nested).toEqual([]);
  expect(recommendation.reasons.join('\n')).toContain('No whole runs were held out');
});

test('a target that no row measures stops the comparison', async () => {
  const losses = table.losses.map((loss, i) => (i % 3 === 1 ? Number.NaN : loss));
  const sparse: RunTable = { ...table, losses };
  await expect(compareLaws(sparse, laws, split)).rejects.toMatchObject({ code: 'missing-losses' });
});

test('progress ends at its total and never goes back', async () => {
  const seen: [number, number][] = [];
  await compareLaws(table, laws, split, {
    curves: [4],
    nested: true,
    onProgress: (done, total) => {
      seen.push([done, total]);
    },
  });
  expect(seen.map(([done]) => done)).toEqual(seen.map((_, i) => i + 1));
  for (const [done, total] of seen) expect(done).toBeLessThanOrEqual(total);
});

test('what is no comparison is refused by name and place', () => {
  const parse = (text: string) => () => parseComparisons(text, 'x.json');
  expect(parse('{')).toThrow(/^invalid comparison: /);
  expect(parse('{"kind": "bimix-law"}')).toThrow(/^invalid comparison: kind is "bimix-law", expected /);
});

test('the grid of learning curves doubles, and leaves a fifth of the runs', () => {
  expect(runGrid(60)).toEqual([4, 8, 16, 32, 48]);
  expect(runGrid(512)).toEqual([16, 32, 64, 128, 256, 409]);
  expect(runGrid(12)).toEqual([4, 8]);
  expect(runGrid(6)).toEqual([]);
});
