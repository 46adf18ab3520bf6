import { expect, test } from 'vitest';
import { simulateTable } from '../../test/simulated-tables.ts';
import { TRUE_BIMIX } from '../../test/true-laws.ts';
import { fitLaw } from '../fitting/index.ts';
import { bimix } from '../laws/index.ts';
import { rowCount, selectRows } from '../observations/index.ts';
import { verifyLaw } from './verification.ts';

const NOISE = 0.005;
const fitted = fitLaw(simulateTable(TRUE_BIMIX, { runs: 16, runNoise: NOISE, seed: 1 }), bimix, { uncertainty: true });

test('the true law predicts noiseless runs to rounding, at their last checkpoints', () => {
  const later = simulateTable(TRUE_BIMIX, { runs: 5, seed: 2 });
  const { mre, bias, runs, seen, interval, targets } = verifyLaw(TRUE_BIMIX, later);
  expect(mre).toBeLessThan(1e-12);
  expect(Math.abs(bias)).toBeLessThan(1e-12);
  expect(runs.map(run => run.volume)).toEqual(Array(5).fill(20e9));
  expect(Object.keys(targets)).toEqual(later.evaluationDomains);
  expect(seen).toEqual([]);
  expect(interval).toBeNull();
});

test('targets of several units have no mean', () => {
  const [first, ...rest] = TRUE_BIMIX.targets;
  const mixed = { ...TRUE_BIMIX, targets: [{ ...first, metric: 'bits per byte' as const }, ...rest] };
  const { runs } = verifyLaw(mixed, simulateTable(TRUE_BIMIX, { runs: 5, seed: 2 }));
  expect(runs.map(({ mean }) => mean)).toEqual(Array(5).fill(null));
});

test('a bias of all runs is given with its sign: 2 % worse than predicted', () => {
  const later = simulateTable(TRUE_BIMIX, { runs: 5, seed: 2, bend: () => Math.log(1.02) });
  const { mre, bias, runs } = verifyLaw(TRUE_BIMIX, later);
  expect(mre).toBeCloseTo(1 - 1 / 1.02, 12);
  expect(bias).toBeCloseTo(Math.log(1.02), 12);
  for (const { mean } of runs) expect((mean?.observed ?? 0) / (mean?.predicted ?? 1)).toBeCloseTo(1.02, 12);
});

test('intervals of a fit cover most new runs and its order is kept', () => {
  const later = simulateTable(TRUE_BIMIX, { runs: 60, runNoise: NOISE, seed: 3 });
  const { interval, spearman, mre } = verifyLaw(fitted, later, 0.9);
  expect(interval?.level).toBe(0.9);
  expect(interval?.coverage).toBeGreaterThan(0.8);
  expect(spearman).toBeGreaterThan(0.9);
  expect(mre).toBeLessThan(2 * NOISE);
});

test('runs whose mixture was in the fit are named, not counted', () => {
  const later = simulateTable(TRUE_BIMIX, {
    runs: 3,
    seed: 4,
    mixtureOf: run =>
      (run === 1 ? fitted.covered.mixtures[5] : undefined) ?? [0.5, ...rest(fitted.trainingDomains.length)],
  });
  const { runs, seen } = verifyLaw(fitted, later);
  expect(seen).toEqual(['r001']);
  expect(runs.map(({ run }) => run)).toEqual(['r000', 'r002']);
});

test('with nothing but runs of the fit there is nothing to verify', () => {
  const same = simulateTable(TRUE_BIMIX, { runs: 16, runNoise: NOISE, seed: 1 });
  expect(() => verifyLaw(fitted, same)).toThrow(/^missing runs: the mixtures of all of them were in the fit/);
});

test('domains in another order are the same runs', () => {
  const later = simulateTable(TRUE_BIMIX, { runs: 4, seed: 5 });
  const m = later.trainingDomains.length;
  const turned = {
    ...later,
    trainingDomains: [...later.trainingDomains].reverse(),
    ownDomain: later.ownDomain.map(own => m - 1 - own),
    mixtures: Float64Array.from(later.mixtures, (_, n) => later.mixtures[n - (n % m) + m - 1 - (n % m)]),
  };
  expect(verifyLaw(TRUE_BIMIX, turned).mre).toBeLessThan(1e-12);
});

test('a loss that was not measured is left out, and there is no mean then', () => {
  const later = simulateTable(TRUE_BIMIX, { runs: 4, seed: 5 });
  const losses = Float64Array.from(later.losses);
  losses[(rowCount(later) - 1) * later.evaluationDomains.length] = Number.NaN;
  const { runs } = verifyLaw(TRUE_BIMIX, { ...later, losses });
  expect(runs[3].mean).toBeNull();
  expect(Object.keys(runs[3].losses)).toEqual(later.evaluationDomains.slice(1));
  expect(runs[2].mean).not.toBeNull();
});

test('a run is judged where it was last measured, and one that never was is refused by name', () => {
  const later = simulateTable(TRUE_BIMIX, { runs: 3, volumes: [1e9, 2e9], seed: 5 });
  const m = later.evaluationDomains.length;
  const without = (rows: readonly number[]) => ({
    ...later,
    losses: later.losses.map((loss, n) => (rows.includes(Math.floor(n / m)) ? Number.NaN : loss)),
  });
  expect(verifyLaw(TRUE_BIMIX, without([3])).runs.map(({ volume }) => volume)).toEqual([2e9, 1e9, 2e9]);
  expect(() => verifyLaw(TRUE_BIMIX, without([2, 3]))).toThrow(/^missing losses of run "r001"/);
});

test('other domains, units and sizes are refused', () => {
  const later = simulateTable(TRUE_BIMIX, { runs: 4, seed: 5 });
  expect(() => verifyLaw(TRUE_BIMIX, { ...later, volumeUnit: 'steps' })).toThrow(
    /volume is in tokens, theirs in steps/,
  );
  const renamed = later.trainingDomains.map(domain => `${domain}2`);
  expect(() => verifyLaw(TRUE_BIMIX, { ...later, trainingDomains: renamed })).toThrow(/^invalid law for these runs/);
  const other = later.evaluationDomains.map(domain => `${domain}2`);
  expect(() => verifyLaw(TRUE_BIMIX, { ...later, evaluationDomains: other })).toThrow(/^unknown targets/);
  const big = { ...selectRows(later, [0]), runs: [{ name: 'big', size: 2e9 }] };
  expect(() => verifyLaw({ ...TRUE_BIMIX, size: 1e9 }, big)).toThrow(/fitted at 1000000000 parameters/);
});

function rest(domains: number): number[] {
  return Array.from({ length: domains - 1 }, () => 0.5 / (domains - 1));
}
