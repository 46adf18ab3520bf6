import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { bimixFit, transferFit } from '../../test/fitted-laws.ts';
import { BimixError } from '../errors/index.ts';
import { fitLaw } from '../fitting/index.ts';
import { findLaw } from '../laws/index.ts';
import { assembleRuns, parseRuns } from '../observations/index.ts';
import { budgetPath, geometricVolumes } from './budget-path.ts';
import { proposeMixture } from './optimize-mixture.ts';

const bimix = bimixFit({ web: [2.5, 0.08, 0.6, 0.1], code: [0.5, 0.2, 1.5, 0.5], books: [2.8, 0.06, 0.4, 0.4] });
const shape = { E: 0.2, C: 1, alpha: 0.2, rho: 0.7, sigma: 0.8 };
const transfer = transferFit(
  ['web', 'code'],
  [
    { target: 'web', own: 'web', ...shape, B: 0.5, beta: 0.1, t: { code: 0.02 } },
    { target: 'code', own: 'code', ...shape, B: 1.5, beta: 0.6, t: { web: 0.1 } },
  ],
);

describe('the budget path', () => {
  test('is the optimum at each budget, whatever the optimum before', () => {
    for (const fitted of [bimix, transfer]) {
      const volumes = geometricVolumes(1e9, 1e12, 7);
      const { unit, points } = budgetPath(fitted, 'tokens', volumes);
      expect(unit).toBe('tokens');
      expect(points.map(point => point.volume)).toEqual(volumes);
      for (const { volume, mixture, losses, objective, gap } of points) {
        const alone = proposeMixture(fitted, { volume: { unit: 'tokens', value: volume } });
        expect(gap).toBeLessThan(1e-10);
        expect(Math.abs(objective - alone.objective)).toBeLessThan(1e-10);
        for (const domain of fitted.trainingDomains) expect(mixture[domain]).toBeCloseTo(alone.mixture[domain], 4);
        for (const target of fitted.targets) expect(losses[target.target]).toBeCloseTo(alone.losses[target.target], 6);
      }
    }
  });

  test('gives less to a domain whose loss falls fastest with data as the budget grows', () => {
    const shares = budgetPath(bimix, 'tokens', geometricVolumes(1e9, 1e12, 7)).points.map(
      ({ mixture }) => mixture.code,
    );
    expect(shares).toEqual([...shares].sort((a, b) => b - a));
  });

  test('keeps scarce tokens within their epochs along the way', () => {
    const options = { tokensAvailable: { code: 5e9 }, maxEpochs: 4 };
    const { points } = budgetPath(transfer, 'tokens', geometricVolumes(1e9, 1e12, 10), options);
    for (const { mixture, volume, gap } of points) {
      expect(mixture.code * volume).toBeLessThanOrEqual(20e9 * (1 + 1e-12));
      expect(gap).toBeLessThan(1e-9);
    }
    expect(points[9].mixture.code).toBeCloseTo(0.02, 6);
  });

  test('says at which budget tokens run out', () => {
    const options = { tokensAvailable: { web: 50e9, code: 5e9 }, maxEpochs: 2 };
    expect(() => budgetPath(transfer, 'tokens', [10e9, 200e9], options)).toThrow(/cover 110B of 200B tokens/);
  });

  test('needs a law with a volume', () => {
    const single = bimixFit(
      { web: [2.5, 0.08, 0, 0], code: [1.0, 0.2, 0, 0] },
      { volume: { unit: 'none', scale: 1, smallest: 1, largest: 1 } },
    );
    expect(() => budgetPath(single, 'tokens', [1e9])).toThrow(BimixError);
  });
});

test('volumes go from end to end by one factor', () => {
  const volumes = geometricVolumes(1e9, 1e12, 4);
  expect(volumes[0]).toBe(1e9);
  expect(volumes[3]).toBe(1e12);
  expect(volumes[1]).toBeCloseTo(1e10, -2);
  expect(geometricVolumes(1e9, 1e9, 1)).toEqual([1e9]);
  expect(() => geometricVolumes(1e12, 1e9, 3)).toThrow(/expected a smaller and a larger count/);
  expect(() => geometricVolumes(0, 1e9, 3)).toThrow(BimixError);
});

describe.each(['bimix-transfer', 'stack'])('by %s, fitted to checkpoints that all wobble together', name => {
  const lines = readFileSync(new URL('../../examples/quickstart/runs.jsonl', import.meta.url), 'utf8').split('\n');
  const { table } = assembleRuns(parseRuns(lines), {
    provenance: { format: 'bimix-runs', inputs: [], version: '0.0.0' },
  });
  const fitted = fitLaw(table, findLaw(name));
  const volumes = [...geometricVolumes(20e3, 2e6, 25), 230e3, 236e3, 237e3, 237.6e3, 238e3, 240e3].sort(
    (a, b) => a - b,
  );
  const { points } = budgetPath(fitted, 'tokens', volumes);

  test('no loss rises with the budget', () => {
    for (let i = 1; i < points.length; i++) {
      expect(points[i].objective).toBeLessThan(points[i - 1].objective);
    }
  });

  test('objective and shares move by less than 1 % and 1 point for each 1 % of the budget', () => {
    for (let i = 1; i < points.length; i++) {
      const growth = Math.log(volumes[i] / volumes[i - 1]);
      expect(Math.log(points[i - 1].objective / points[i].objective)).toBeLessThan(growth);
      for (const domain of fitted.trainingDomains) {
        expect(Math.abs(points[i].mixture[domain] - points[i - 1].mixture[domain])).toBeLessThan(growth + 1e-4);
      }
    }
  });
});
