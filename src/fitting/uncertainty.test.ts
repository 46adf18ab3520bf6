import { describe, expect, test } from 'vitest';
import { normals } from '../../test/normals.ts';
import { simulateTable } from '../../test/simulated-tables.ts';
import { TRUE_BIMIX, TRUE_TRANSFER } from '../../test/true-laws.ts';
import { bimix, findLaw, formatLaws, predictIntervals, predictLosses } from '../laws/index.ts';
import { assembleRuns, mixtureOfRun, type RunTable } from '../observations/index.ts';
import { fitLaw } from './fit-law.ts';

const RUN_NOISE = 0.01;
const ROW_NOISE = 0.005;

/** Ten runs of two domains at one unknown volume, whose log losses are linear in log shares but for noise. */
function linearTable(): RunTable {
  const web = [0.1, 0.2, 0.3, 0.35, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9];
  const noise = [0.01, -0.02, 0.015, 0, -0.005, 0.02, -0.01, -0.015, 0.005, 0.01];
  const draft = {
    format: 'long',
    trainingDomains: ['web', 'code'],
    evaluationDomains: ['web'],
    volumeUnit: 'none',
    lossUnit: 'nats',
    rows: web.map((share, n) => ({
      run: `r${n}`,
      mixture: [share, 1 - share],
      losses: [2.5 * share ** -0.1 * Math.exp(noise[n])],
      where: {},
    })),
    findings: [],
  } as const;
  return assembleRuns(draft, { provenance: { format: 'long', inputs: [], version: '0.0.0' } }).table;
}

describe('of a law that is linear in its coefficients', () => {
  const fitted = fitLaw(linearTable(), bimix, { uncertainty: true });

  test('the covariance, the scatter and the interval are those of ordinary least squares', () => {
    // r = np.array([.1, .2, .3, .35, .4, .5, .6, .7, .8, .9]); e = np.array([10, -20, 15, 0, -5, 20, -10, -15, 5, 10]) / 1e3
    // X = np.c_[np.ones(10), -np.log(r)]; y = np.log(2.5) - .1 * np.log(r) + e; b, s, *_ = np.linalg.lstsq(X, y)
    // v = s[0] / 8; x = np.array([1, -np.log(.25)]); m = stats.t.ppf(.95, 8) * np.sqrt(v * (1 + x @ np.linalg.inv(X.T @ X) @ x))
    const [{ uncertainty }] = fitted.targets;
    expect(uncertainty?.method).toBe('laplace');
    expect(uncertainty?.degrees).toBe(8);
    expect(uncertainty?.runSd).toBeCloseTo(0.014096975338209033, 8);
    expect(uncertainty?.withinSd).toBe(0);
    const { web } = predictIntervals(fitted, Float64Array.of(0.25, 0.75), 1, 0.9).targets;
    expect(Math.log(web.loss)).toBeCloseTo(1.0560279779576092, 8);
    expect(Math.log(web.upper / web.loss)).toBeCloseTo(0.028202379998978726, 8);
    expect(Math.log(web.loss / web.lower)).toBeCloseTo(0.028202379998978726, 8);
  });

  test('nothing is said of it unless asked for', () => {
    const plain = fitLaw(linearTable(), bimix);
    expect(plain.targets[0].uncertainty).toBeUndefined();
    expect(plain.residualCorrelation).toBeUndefined();
    expect(fitted.targets[0].coefficients).toEqual(plain.targets[0].coefficients);
  });
});

test('errors on runs held out give quantiles of their size', () => {
  const table = simulateTable(TRUE_BIMIX, { runs: 24, runNoise: RUN_NOISE, rowNoise: ROW_NOISE });
  const fitted = fitLaw(table, bimix, { uncertainty: 'held-out' });
  for (const { uncertainty } of fitted.targets) {
    if (uncertainty?.method !== 'held-out') throw new Error('not held out');
    expect(uncertainty.quantiles).toHaveLength(101);
    // 90 % of normal errors lie within 1.64 standard deviations; here of 24 runs.
    expect(uncertainty.quantiles[90] / Math.hypot(RUN_NOISE, ROW_NOISE)).toBeGreaterThan(1);
    expect(uncertainty.quantiles[90] / Math.hypot(RUN_NOISE, ROW_NOISE)).toBeLessThan(2.8);
  }
});

test('a stack says how its members and its runs are uncertain', () => {
  const table = simulateTable(TRUE_TRANSFER, { runs: 10, runNoise: RUN_NOISE, rowNoise: ROW_NOISE });
  const names = ['web', 'code'];
  const fitted = fitLaw(table, findLaw('stack'), { uncertainty: true, targets: names });
  expect(fitted.targets.map(({ uncertainty }) => uncertainty?.method)).toEqual(['members', 'members']);
  const shares = mixtureOfRun(table, 0);
  const { targets, mean } = predictIntervals(fitted, shares, table.rowVolume[0], 0.9);
  const losses = predictLosses(fitted, shares, table.rowVolume[0]);
  for (const name of names) {
    expect(targets[name].loss).toBe(losses[name]);
    expect(targets[name].upper / targets[name].lower).toBeGreaterThan(Math.exp(2 * RUN_NOISE));
    expect(targets[name].upper / targets[name].lower).toBeLessThan(1.4);
  }
  expect(mean.upper - mean.lower).toBeLessThan(
    names.reduce((sum, name) => sum + (targets[name].upper - targets[name].lower) / 2, 0),
  );
}, 20_000);

test('few runs are resampled by mixture, the same way every time', () => {
  const table = simulateTable(TRUE_BIMIX, { runs: 9, runNoise: RUN_NOISE, rowNoise: ROW_NOISE });
  const fitted = fitLaw(table, bimix, { uncertainty: true });
  for (const { uncertainty } of fitted.targets) expect(uncertainty?.method).toBe('bootstrap');
  expect(formatLaws([fitLaw(table, bimix, { uncertainty: true })])).toBe(formatLaws([fitted]));
});

test('seeds of one mixture are distinguished from other mixtures', () => {
  const twice = simulateTable(TRUE_BIMIX, {
    runs: 24,
    runNoise: RUN_NOISE,
    mixtureOf: run => [
      0.1 + 0.06 * Math.floor(run / 2),
      0.5 - 0.03 * Math.floor(run / 2),
      0.4 - 0.03 * Math.floor(run / 2),
    ],
  });
  const fitted = fitLaw(twice, bimix, { uncertainty: true });
  for (const { uncertainty } of fitted.targets) {
    expect(uncertainty?.seed?.degrees).toBe(12);
    // The law is right, so that seeds are all there is.
    expect((uncertainty?.seed?.sd ?? 0) / RUN_NOISE).toBeGreaterThan(0.6);
    expect((uncertainty?.seed?.sd ?? 0) / RUN_NOISE).toBeLessThan(1.5);
  }
});

describe.each([
  { runs: 20, how: 'laplace', simulations: 200 },
  { runs: 10, how: 'bootstrap', simulations: 80 },
])('of $simulations simulations with $runs runs ($how)', ({ runs, how, simulations }) => {
  test('90 % intervals cover 85 to 95 % of new runs, and of their means over targets', () => {
    const normal = normals(5);
    let covered = 0;
    let means = 0;
    for (let simulation = 0; simulation < simulations; simulation++) {
      const seed = 1000 + simulation;
      const options = { volumes: [2e9, 6e9, 20e9], runNoise: RUN_NOISE, rowNoise: ROW_NOISE };
      const fitted = fitLaw(simulateTable(TRUE_BIMIX, { ...options, runs, seed }), bimix, { uncertainty: true });
      expect(fitted.targets[0].uncertainty?.method).toBe(how);
      const shares = mixtureOfRun(simulateTable(TRUE_BIMIX, { ...options, runs: 1, seed: 9000 + simulation }), 0);
      const { targets, mean } = predictIntervals(fitted, shares, 20e9, 0.9);
      const losses = Object.entries(newRun(shares, normal));
      for (const [name, loss] of losses) if (loss >= targets[name].lower && loss <= targets[name].upper) covered++;
      const observed = losses.reduce((sum, [, loss]) => sum + loss / losses.length, 0);
      if (observed >= mean.lower && observed <= mean.upper) means++;
    }
    expect(covered / (3 * simulations)).toBeGreaterThan(0.85);
    expect(covered / (3 * simulations)).toBeLessThan(0.95);
    expect(means / simulations).toBeGreaterThan(0.82);
    expect(means / simulations).toBeLessThan(0.97);
  }, 30_000);
});

function newRun(shares: Float64Array, normal: () => number): Record<string, number> {
  const truth = predictLosses(TRUE_BIMIX, shares, 20e9);
  return Object.fromEntries(
    Object.entries(truth).map(([name, loss]) => [name, loss * Math.exp(RUN_NOISE * normal() + ROW_NOISE * normal())]),
  );
}
