import { describe, expect, test } from 'vitest';
import { simulateTable } from '../../test/simulated-tables.ts';
import { TRUE_BIMIX, TRUE_TRANSFER } from '../../test/true-laws.ts';
import { BimixError } from '../errors/index.ts';
import { predictRows } from '../evidence/forecaster.ts';
import { bimix, bimixTransfer, type FittedLaw, type FittedTarget, LAWS, predictLosses } from '../laws/index.ts';
import { mixtureOfRun, type RunTable, selectRuns } from '../observations/index.ts';
import { fitLaw } from './fit-law.ts';

const ALL_TARGETS = ['web', 'code', 'exams'];

function relativeErrors(fitted: FittedTarget, truth: FittedTarget): Record<string, number> {
  return Object.fromEntries(
    Object.entries(fitted.coefficients).map(([name, value]) => [name, Math.abs(value / truth.coefficients[name] - 1)]),
  );
}

/** Largest relative error of a fitted law on the rows of a table. */
function worstPrediction(fitted: FittedLaw, table: RunTable): number {
  const rows = Int32Array.from(table.rowRun, (_, row) => row);
  const k = table.evaluationDomains.length;
  const errors = fitted.targets.flatMap(({ target }) => {
    const index = table.evaluationDomains.indexOf(target);
    return Array.from(predictRows(fitted, table, index, rows), (loss, row) =>
      Math.abs(loss / table.losses[row * k + index] - 1),
    );
  });
  return Math.max(...errors);
}

describe('without noise', () => {
  test('bimix recovers all four coefficients of every domain', () => {
    const fitted = fitLaw(simulateTable(TRUE_BIMIX, { runs: 12 }), bimix);
    fitted.targets.forEach((target, i) => {
      const errors = relativeErrors(target, TRUE_BIMIX.targets[i]);
      expect(Object.keys(errors)).toEqual(['C', 'alpha', 'B', 'beta']);
      expect(Math.max(...Object.values(errors))).toBeLessThan(1e-6);
      expect(target.convergence.converged).toBe(true);
    });
    expect(fitted.warnings).toEqual([]);
    expect(fitted.verdict).toMatch(/^enough runs for bimix: 12 different mixtures of 3 domains\. On mixtures held out/);
  });

  test('bimix recovers them from one checkpoint a run: C and alpha', () => {
    const table = simulateTable(TRUE_BIMIX, { runs: 12, volumes: [20e9] });
    fitLaw(table, bimix).targets.forEach(({ coefficients }, i) => {
      // C then holds what B and C are together at that volume.
      const { C, B, alpha } = TRUE_BIMIX.targets[i].coefficients;
      expect(coefficients.C).toBeCloseTo(C + B, 9);
      expect(coefficients.alpha).toBeCloseTo(alpha, 9);
      expect(Object.keys(coefficients)).toEqual(['C', 'alpha']);
    });
  });

  test('bimix-transfer predicts within 1e-9 under a ridge of almost nothing, and recovers what a ridge leaves free', () => {
    const table = simulateTable(TRUE_TRANSFER, { runs: 40 });
    const fitted = fitLaw(table, bimixTransfer, { lambda: 1e-6, robust: false, targets: ALL_TARGETS });
    expect(worstPrediction(fitted, table)).toBeLessThan(1e-9);
    fitted.targets.forEach((target, i) => {
      // tauMean is no coefficient of the law but the centre of the ridge.
      const { tauMean, ...errors } = relativeErrors(target, TRUE_TRANSFER.targets[i]);
      expect(tauMean).toBeDefined();
      if (target.own !== null) {
        expect(Math.max(...Object.values(errors))).toBeLessThan(1e-6);
        return;
      }
      // Without an own domain, t times c and C, B times c^alpha is the same law; all else is determined.
      const { coefficients } = target;
      const truth = TRUE_TRANSFER.targets[i].coefficients;
      for (const name of ['E', 'alpha', 'beta', 'sigma']) expect(errors[name]).toBeLessThan(1e-6);
      for (const [a, b] of [
        ['t.web', 't.code'],
        ['t.web', 't.books'],
        ['B', 'C'],
      ]) {
        expect(coefficients[a] / coefficients[b] / (truth[a] / truth[b])).toBeCloseTo(1, 6);
      }
    });
  });

  test('the ridge costs the predictions the square of lambda', () => {
    const table = simulateTable(TRUE_TRANSFER, { runs: 40 });
    const worst = [1e-3, 1e-4].map(lambda =>
      worstPrediction(
        fitLaw(table, bimixTransfer, { lambda, pool: false, robust: false, targets: ALL_TARGETS }),
        table,
      ),
    );
    expect(worst[0]).toBeLessThan(3e-5);
    expect(worst[1]).toBeLessThan(worst[0] / 50);
  });
});

describe('with noise', () => {
  const noisy = simulateTable(TRUE_TRANSFER, { runs: 30, rowNoise: 0.002, runNoise: 0.003, seed: 5 });

  test('bimix-transfer predicts the true losses far within the noise of the runs', () => {
    const fitted = fitLaw(noisy, bimixTransfer, { targets: ALL_TARGETS });
    expect(worstPrediction(fitted, noisy)).toBeGreaterThan(0.009);
    expect(worstPrediction(fitted, exactOf(noisy))).toBeLessThan(0.006);
  });

  test('a few wild rows hardly move a robust fit', () => {
    const wild = { ...noisy, losses: noisy.losses.map((loss, n) => (n % 97 === 0 ? 1.3 * loss : loss)) };
    const worst = (robust: boolean): number => worstPrediction(fitLaw(wild, bimixTransfer, { robust }), exactOf(noisy));
    expect(worst(true)).toBeLessThan(worst(false) / 2);
  });

  test.each(LAWS)('the same table gives the same bytes under $name', law => {
    expect(JSON.stringify(fitLaw(noisy, law))).toBe(JSON.stringify(fitLaw(noisy, law)));
  });
});

/** The simulated table of the noisy tests without its noise. */
function exactOf(table: RunTable): RunTable {
  const k = table.evaluationDomains.length;
  const losses = table.losses.map((_, n) => {
    const row = Math.floor(n / k);
    const truth = predictLosses(TRUE_TRANSFER, mixtureOfRun(table, table.rowRun[row]), table.rowVolume[row]);
    return truth[table.evaluationDomains[n % k]];
  });
  return { ...table, losses };
}

describe('targets', () => {
  const table = simulateTable(TRUE_TRANSFER, { runs: 20 });

  test('are the evaluation domains that have a training domain', () => {
    expect(fitLaw(table, bimixTransfer).targets.map(({ target, own }) => [target, own])).toEqual([
      ['web', 'web'],
      ['code', 'code'],
    ]);
  });

  test('without a training domain are fitted by transfer and refused by bimix', () => {
    const [exams] = fitLaw(table, bimixTransfer, { targets: ['exams'] }).targets;
    expect(exams.own).toBeNull();
    expect(exams.quality.mre).toBeLessThan(1e-3);
    const refused = (): FittedLaw => fitLaw(table, bimix, { targets: ['exams'] });
    expect(refused).toThrowError(BimixError);
    expect(refused).toThrowError('missing training domain of "exams": bimix predicts a domain from its own share');
  });

  test('that are unknown or never measured are named', () => {
    expect(() => fitLaw(table, bimix, { targets: ['wbe'] })).toThrowError('unknown evaluation domain "wbe"');
    const blank = { ...table, losses: table.losses.map((loss, n) => (n % 3 === 1 ? Number.NaN : loss)) };
    expect(() => fitLaw(blank, bimix, { targets: ['web', 'code'] })).toThrowError('missing losses of "code"');
  });

  test('with some losses missing are fitted on the others', () => {
    const holes = { ...table, losses: table.losses.map((loss, n) => (n % 7 === 3 ? Number.NaN : loss)) };
    const fitted = fitLaw(holes, bimixTransfer, { lambda: 1e-6, robust: false });
    expect(worstPrediction(fitted, table)).toBeLessThan(1e-8);
    expect(fitted.targets[0].quality.rows).toBeLessThan(table.rowRun.length);
  });
});

describe('a table of many runs', () => {
  test('is fitted as well when its starts are tried on part of the runs', () => {
    const table = simulateTable(TRUE_TRANSFER, { runs: 1300, volumes: [5e9, 20e9], rowNoise: 0.003, seed: 2 });
    const fitted = fitLaw(table, bimixTransfer, { lambda: 0.003, robust: false });
    fitted.targets.forEach(({ convergence, standardErrors, coefficients }, i) => {
      expect(convergence.converged).toBe(true);
      for (const name of ['alpha', 'rho', 'sigma']) {
        const error = coefficients[name] - TRUE_TRANSFER.targets[i].coefficients[name];
        expect(Math.abs(error)).toBeLessThan(4 * (standardErrors[name] as number));
      }
    });
  });
});

describe('warm-up', () => {
  const VOLUMES = Array.from({ length: 12 }, (_, i) => (i + 1) * 1e9);
  const bent = simulateTable(TRUE_BIMIX, {
    runs: 12,
    volumes: VOLUMES,
    rowNoise: 0.001,
    bend: volume => (volume === 1e9 ? 0.03 : volume === 2e9 ? -0.03 : 0),
  });

  test('is left out of the fit, which then recovers the coefficients', () => {
    const fitted = fitLaw(bent, bimix);
    expect(fitted.warmUp.excluded).toEqual([1e9, 2e9]);
    expect(fitted.targets[0].quality.rows).toBe(12 * 10);
    expect(fitted.volume.smallest).toBe(1e9);
    const bentFit = fitLaw(bent, bimix, { warmUp: false });
    TRUE_BIMIX.targets.forEach((truth, i) => {
      const error = relativeErrors(fitted.targets[i], truth).beta;
      expect(error).toBeLessThan(0.1);
      expect(error).toBeLessThan(relativeErrors(bentFit.targets[i], truth).beta / 2);
    });
  });

  test('stays in when asked to', () => {
    const fitted = fitLaw(bent, bimix, { warmUp: false });
    expect(fitted.warmUp).toEqual({ rule: 'off', excluded: [] });
    expect(fitted.targets[0].quality.rows).toBe(12 * 12);
  });

  test('is not seen in runs that have none', () => {
    const straight = simulateTable(TRUE_BIMIX, { runs: 12, volumes: VOLUMES, rowNoise: 0.005 });
    expect(fitLaw(straight, bimix).warmUp.excluded).toEqual([]);
  });
});

describe('warnings', () => {
  test('say which alpha the runs leave open, and which share would settle it', () => {
    const mixtureOf = (run: number): number[] => [0.1 + 0.05 * run, 0.2, 0.7 - 0.05 * run];
    const fitted = fitLaw(simulateTable(TRUE_BIMIX, { runs: 12, rowNoise: 0.002, mixtureOf }), bimix);
    expect(fitted.verdict).toContain('the effect of the own share on code is not identified.');
    expect(fitted.warnings).toContainEqual({
      code: 'not-identified',
      domain: 'code',
      message: expect.stringMatching(/^alpha of code is not identified: the share of code is 20 % of tokens/),
    });
    const code = fitted.targets[1];
    expect(code.shareVaries).toBe(false);
    expect(Object.keys(code.coefficients)).toEqual(['C', 'B', 'beta']);
  });

  test('say when there are few runs', () => {
    const table = simulateTable(TRUE_BIMIX, { runs: 4 });
    const fitted = fitLaw(table, bimix);
    expect(fitted.verdict).toMatch(/^too few runs for bimix: 4 different mixtures of 3 domains, at least 8 wanted/);
    expect(fitted.warnings.map(({ code }) => code)).toContain('few-runs');
  });

  test('say which coefficients ended on a bound', () => {
    // Losses that do not depend on the share: alpha ends at 0.
    const flat = simulateTable(TRUE_BIMIX, { runs: 12 });
    const rising = flat.losses.map((_, n) => 3 + 0.5 * flat.mixtures[Math.floor(n / 3 / 7) * 3 + (n % 3)]);
    const fitted = fitLaw({ ...flat, losses: rising }, bimix);
    expect(fitted.targets[0].atBound).toContain('alpha');
    expect(fitted.targets[0].standardErrors.alpha).toBeNull();
    expect(fitted.warnings.some(({ code, domain }) => code === 'at-bound' && domain === 'web')).toBe(true);
  });
});

test('one run is fitted alone: alpha is left out, and the noise of its rows says how sure the rest is', () => {
  const table = selectRuns(simulateTable(TRUE_BIMIX, { runs: 3, rowNoise: 0.003 }), run => run === 0);
  const [target] = fitLaw(table, bimix).targets;
  expect(Object.keys(target.coefficients)).toEqual(['C', 'B', 'beta']);
  expect(target.standardErrors.C).toBeGreaterThan(0.001);
});
