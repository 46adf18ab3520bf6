import { describe, expect, test } from 'vitest';
import { withVolumes } from '../../test/simulated-sizes.ts';
import { type SimulationOptions, simulateTable } from '../../test/simulated-tables.ts';
import { TRUE_TRANSFER } from '../../test/true-laws.ts';
import { predictRows } from '../evidence/forecaster.ts';
import { bimix, bimixEps, bimixTransfer, type FittedLaw, findLaw, formatLaws, parseLaws } from '../laws/index.ts';
import { lossAt, type RunTable } from '../observations/index.ts';
import { fitLaw } from './fit-law.ts';

const TARGETS = ['web', 'code', 'exams'];

/** The small law with all scales lower. */
function larger(): FittedLaw {
  return {
    ...TRUE_TRANSFER,
    targets: TRUE_TRANSFER.targets.map(target => {
      const { E, C, B } = target.coefficients;
      return { ...target, coefficients: { ...target.coefficients, E: 0.9 * E, C: 0.9 * C, B: 0.9 * B } };
    }),
  };
}

const small = {
  ...fitLaw(simulateTable(TRUE_TRANSFER, { runs: 30, rowNoise: 0.002, runNoise: 0.002 }), bimixTransfer, {
    targets: TARGETS,
  }),
  size: 100e6,
};

function big(options: Partial<SimulationOptions> = {}, truth = larger()): RunTable {
  return simulateTable(truth, { runs: 1, rowNoise: 0.002, runNoise: 0.002, seed: 7, ...options });
}

/** Mean relative error of all targets over 20 other runs of `truth`. */
function error(fitted: FittedLaw, truth = larger()): number {
  const table = simulateTable(truth, { runs: 20, seed: 99 });
  const rows = Int32Array.from(table.rowRun, (_, row) => row);
  const errors = fitted.targets.flatMap(({ target }) => {
    const index = table.evaluationDomains.indexOf(target);
    return Array.from(predictRows(fitted, table, index, rows), (loss, row) =>
      Math.abs(loss / lossAt(table, row, index) - 1),
    );
  });
  return errors.reduce((sum, value) => sum + value, 0) / errors.length;
}

describe('one run of a larger model', () => {
  test('reproduces the law without noise, where only its scales changed', () => {
    const fitted = fitLaw(big({ rowNoise: 0, runNoise: 0 }), bimixTransfer, { prior: TRUE_TRANSFER, targets: TARGETS });
    fitted.targets.forEach((target, i) => {
      const truth = larger().targets[i].coefficients;
      for (const [name, value] of Object.entries(target.coefficients)) {
        if (name !== 'tauMean') expect(value / truth[name]).toBeCloseTo(1, 4);
      }
    });
  });

  test('and so with volumes counted in another unit', () => {
    // 500,000 tokens a step.
    const inSteps: RunTable = {
      ...withVolumes(big({ rowNoise: 0, runNoise: 0, volumes: [1e9, 3e9, 9e9] }), 1 / 500_000),
      volumeUnit: 'steps',
      tokensPerStep: 500_000,
    };
    const fitted = fitLaw(inSteps, bimixTransfer, { prior: TRUE_TRANSFER, targets: TARGETS });
    expect(fitted.volume).toMatchObject({ unit: 'steps', scale: 18_000 });
    fitted.targets.forEach((target, i) => {
      const { B, beta, alpha } = larger().targets[i].coefficients;
      // x = 1 was 20B tokens, and is 9B.
      expect(target.coefficients.B / (B * (9 / 20) ** -beta)).toBeCloseTo(1, 4);
      expect(target.coefficients.alpha / alpha).toBeCloseTo(1, 4);
    });
  });

  test('predicts the others within 1 %, ten times closer than alone', () => {
    const table = big();
    const taken = error(fitLaw(table, bimixTransfer, { prior: small, targets: TARGETS }));
    const alone = error(fitLaw(table, bimixTransfer, { targets: TARGETS }));
    expect(taken).toBeLessThan(0.01);
    expect(alone).toBeGreaterThan(10 * taken);
  });

  test('has the noise of the many, which its own residuals cannot tell', () => {
    const fitted = fitLaw(big(), bimixTransfer, { prior: small, targets: TARGETS, uncertainty: true });
    fitted.targets.forEach(({ uncertainty }, i) => {
      expect(uncertainty?.runSd).toBeGreaterThan(0.8 * small.targets[i].quality.rms);
      expect(uncertainty?.method).toBe('laplace');
    });
  });

  test('says where its priors are from, and calls its runs enough', () => {
    const fitted = fitLaw(big(), bimixTransfer, { prior: small });
    expect(fitted.settings.prior).toMatchObject({ law: 'bimix-transfer', size: 100e6, runs: 30 });
    expect(fitted.verdict).toBe(
      'enough runs for bimix-transfer: 1 different mixture of 3 domains. Priors are from 30 runs of 100M parameters.',
    );
    expect(fitted.warnings.map(({ code }) => code)).not.toContain('few-runs');
    expect(parseLaws(formatLaws([fitted]), 'law.json')).toEqual([fitted]);
  });

  test('is predicted by bimix-eps with its own prior too', () => {
    const prior = fitLaw(simulateTable(TRUE_TRANSFER, { runs: 30 }), bimixEps);
    const fitted = fitLaw(big(), bimixEps, { prior });
    expect(error(fitted)).toBeLessThan(1.5 * error(fitLaw(simulateTable(larger(), { runs: 30 }), bimixEps)));
  });
});

describe('several runs', () => {
  test('say what the prior gained on runs held out', () => {
    const fitted = fitLaw(big({ runs: 4 }), bimixTransfer, { prior: small });
    const { heldOut, dropped } = fitted.settings.prior ?? {};
    expect(heldOut?.folds).toBe(4);
    expect(heldOut?.mre).toBeLessThan(0.01);
    expect(heldOut?.mreWithout).toBeGreaterThan(heldOut?.mre ?? 1);
    expect(dropped).toBeUndefined();
  });

  test('drop a prior that does not hold, once they can stand alone', () => {
    // Each domain behaves as the other did.
    const [web, code] = TRUE_TRANSFER.targets.map(({ coefficients }) => coefficients);
    const targets = TRUE_TRANSFER.targets.map((target, i) => ({
      ...target,
      coefficients: {
        ...target.coefficients,
        ...[
          { ...code, 't.code': 1 },
          { ...web, 't.web': 1 },
        ][i],
      },
    }));
    const table = big({ runs: 30, rowNoise: 0, runNoise: 0.001 }, { ...TRUE_TRANSFER, targets });
    const fitted = fitLaw(table, bimixTransfer, { prior: small, targets: TARGETS });
    expect(fitted.settings.prior?.dropped).toBe(true);
    expect(fitted.verdict).toContain('The prior from 30 runs of 100M parameters is left out');
    expect(fitted.targets).toEqual(fitLaw(table, bimixTransfer, { targets: TARGETS }).targets);
  });

  test('are the same however the domains of the prior are ordered', () => {
    const { trainingDomains, covered } = small;
    const turned: FittedLaw = {
      ...small,
      trainingDomains: [...trainingDomains].reverse(),
      covered: { ...covered, mixtures: covered.mixtures.map(mixture => [...mixture].reverse()) },
    };
    const table = big({ runs: 2 });
    const targetsOf = (prior: FittedLaw) => fitLaw(table, bimixTransfer, { prior }).targets;
    expect(targetsOf(turned)).toEqual(targetsOf(small));
  });
});

test('a target the prior does not have is fitted from these runs alone, and said', () => {
  const prior = { ...small, targets: small.targets.filter(({ target }) => target !== 'code') };
  const fitted = fitLaw(big({ runs: 2 }), bimixTransfer, { prior });
  expect(fitted.warnings.filter(({ code }) => code === 'no-prior').map(({ domain }) => domain)).toEqual(['code']);
});

test('checkpoints that were warm-up of the small runs are left out where runs are too few to tell', () => {
  const prior = { ...small, warmUp: { rule: 'r', excluded: [1e9] } };
  const volumes = [0.5e9, 1e9, 2e9, 4e9, 6e9, 8e9, 10e9, 12e9, 14e9];
  expect(fitLaw(big({ volumes }), bimixTransfer, { prior }).warmUp.excluded).toEqual([0.5e9, 1e9]);
  expect(fitLaw(big({ volumes }), bimixTransfer, { prior, warmUp: false }).warmUp.excluded).toEqual([]);
});

describe('a prior is refused', () => {
  test.each([
    ['of another law', { ...small, law: 'bimix-eps' }, 'it is a fit of bimix-eps, and bimix-transfer is asked for'],
    [
      'of other training domains',
      { ...small, trainingDomains: ['web', 'code', 'news'] },
      'its training domains are others: it does not know books; these runs have no news',
    ],
    [
      'in another unit of volume',
      { ...small, volume: { ...small.volume, unit: 'steps' as const } },
      'it counts volume in steps, these runs in tokens',
    ],
    ['of other targets', { ...small, targets: small.targets.slice(2) }, 'it was fitted to none of the targets'],
  ])('%s', (_, prior, message) => {
    expect(() => fitLaw(big(), bimixTransfer, { prior })).toThrow(message);
  });

  test('by laws that take none', () => {
    expect(() => fitLaw(big(), bimix, { prior: { ...small, law: 'bimix' } })).toThrow(
      'invalid prior: bimix takes none',
    );
    expect(() => fitLaw(big(), findLaw('stack'), { prior: small })).toThrow('invalid prior: stack takes none');
  });
});
