/** Laws of the literature, recovered from runs simulated without noise. */

import { describe, expect, test } from 'vitest';
import { bimixFit } from '../../test/fitted-laws.ts';
import { simulateTable } from '../../test/simulated-tables.ts';
import {
  type FittedLaw,
  type FittedTarget,
  findLaw,
  isStack,
  type Law,
  lossesAtVolume,
  predictLosses,
} from '../laws/index.ts';
import { mixtureOfRun, type RunTable, selectRows } from '../observations/index.ts';
import { fitLaw } from './fit-law.ts';

const DOMAINS = ['web', 'code', 'books'];

type Coefficients = Readonly<Record<string, number>>;

/** A law with these coefficients for the target "web". */
function truthOf(law: string, coefficients: Coefficients, sizes?: readonly number[]): FittedLaw {
  const [template] = bimixFit({ web: [1, 1, 1, 1] }).targets;
  const target: FittedTarget = { ...template, coefficients };
  return bimixFit({}, { law, trainingDomains: DOMAINS, targets: [target], ...(sizes === undefined ? {} : { sizes }) });
}

const byDomain = (key: string, values: readonly number[]): Coefficients =>
  Object.fromEntries(DOMAINS.map((domain, j) => [`${key}.${domain}`, values[j]]));

const VOLUME: Coefficients = { B: 0.15, beta: 0.6 };

const TRUTHS: readonly (readonly [law: string, coefficients: Coefficients])[] = [
  ['linear', { ...VOLUME, ...byDomain('W', [2, 4.5, 3.5]) }],
  ['log-linear', { ...VOLUME, ...byDomain('w', [0.6, 1.5, 1.2]) }],
  ['exponential', { ...VOLUME, c: 1.8, ...byDomain('t', [-3, 0.9, 0.2]) }],
  ['sum-of-powers', { ...VOLUME, ...byDomain('F', [1.5, 0.3, 0.6]), ...byDomain('a', [0.15, 0.3, 0.5]) }],
  ['shukor', { B: 0.3, beta: 0.6, E: 1.2, ...byDomain('C', [2, 0.15, 0.4]), ...byDomain('g', [0.4, 0.8, 0.6]) }],
  [
    'shukor-joint',
    {
      ...{ beta: 0.6, pB: 1.6, ...byDomain('B', [0.2, 0.7, 0.5]), E: 1.2 },
      ...{ ...byDomain('C', [2, 0.15, 0.4]), ...byDomain('g', [0.4, 0.8, 0.6]) },
    },
  ],
  ['bimix-eps', { C: 2.2, alpha: 0.15, eps: 0.02, B: 0.3, beta: 0.6 }],
];

function lawNamed(name: string): Law {
  const law = findLaw(name);
  if (isStack(law)) throw new Error(`${name} is a stack`);
  return law;
}

const ALMOST_NO_RIDGE = { lambda: 1e-7, robust: false, warmUp: false, pool: false } as const;

describe.each(TRUTHS)('%s', (name, coefficients) => {
  const truth = truthOf(name, coefficients);
  const table = simulateTable(truth, { runs: 60 });

  test('comes back with all its coefficients', () => {
    const [fitted] = fitLaw(table, lawNamed(name), ALMOST_NO_RIDGE).targets;
    expect(Object.keys(fitted.coefficients).sort()).toEqual(Object.keys(coefficients).sort());
    for (const [key, value] of Object.entries(coefficients)) {
      expect(Math.abs(fitted.coefficients[key] / value - 1), key).toBeLessThan(1e-4);
    }
    expect(fitted.quality.mre).toBeLessThan(1e-7);
  });

  test('fits runs at one volume, without its term of the volume', () => {
    const last = Array.from(table.rowVolume.keys()).filter(row => table.rowVolume[row] === 20e9);
    const single: RunTable = { ...selectRows(table, last), volumeUnit: 'none' };
    const fitted = fitLaw(single, lawNamed(name), ALMOST_NO_RIDGE);
    expect(Object.keys(fitted.targets[0].coefficients)).not.toContain('beta');
    // The joint law then has no term left for how the mixture scales the volume's.
    expect(fitted.targets[0].quality.mre).toBeLessThan(name === 'shukor-joint' ? 0.01 : 1e-6);
  });
});

describe.each(['shukor', 'shukor-joint'])('%s, of three model sizes', name => {
  const sizes = [100e6, 300e6, 1e9];
  const [, coefficients] = TRUTHS.find(([law]) => law === name) ?? [];
  const size: Coefficients =
    name === 'shukor' ? { A: 0.4, a: 0.3 } : { a: 0.3, pA: 1.4, ...byDomain('A', [0.3, 0.6, 0.45]) };
  const truth = truthOf(name, { ...coefficients, ...size }, sizes);

  test('comes back with its terms of the size', () => {
    const table = ofSizes(truth, sizes);
    const fitted = fitLaw(table, lawNamed(name), ALMOST_NO_RIDGE);
    expect(fitted.sizes).toEqual(sizes);
    for (const [key, value] of Object.entries(size)) {
      expect(Math.abs(fitted.targets[0].coefficients[key] / value - 1), key).toBeLessThan(1e-3);
    }
    const shares = Float64Array.of(0.2, 0.5, 0.3);
    for (const asked of [100e6, 2e9]) {
      const there = predictLosses(fitted, shares, 10e9, asked).web;
      expect(there / predictLosses(truth, shares, 10e9, asked).web).toBeCloseTo(1, 6);
    }
  });
});

/** Twenty runs of each size, their losses those of `truth`. */
function ofSizes(truth: FittedLaw, sizes: readonly number[]): RunTable {
  const table = simulateTable(truth, { runs: 20 * sizes.length });
  const sizeOf = (run: number): number => sizes[run % sizes.length];
  return {
    ...table,
    runs: table.runs.map((run, index) => ({ ...run, size: sizeOf(index) })),
    losses: Float64Array.from(table.rowRun, (run, row) => {
      const [{ loss }] = lossesAtVolume(truth, table.rowVolume[row], sizeOf(run));
      return loss.value(mixtureOfRun(table, run));
    }),
  };
}

test('a light ridge keeps the exponents of sources never seen near zero from exploding', () => {
  const truth = truthOf('sum-of-powers', {
    ...VOLUME,
    ...byDomain('F', [1.5, 0.3, 0.6]),
    ...byDomain('a', [0.2, 0.1, 0.1]),
  });
  // No run has less than 25 % of anything.
  const table = simulateTable(truth, {
    runs: 20,
    rowNoise: 0.003,
    mixtureOf: run =>
      [0.25 + (run % 5) * 0.04, 0.25 + (Math.floor(run / 5) % 4) * 0.02, 0].map((share, j, all) =>
        j < 2 ? share : 1 - all[0] - all[1],
      ),
  });
  const fitted = fitLaw(table, lawNamed('sum-of-powers'));
  const without = Float64Array.of(0.6, 0.4, 0);
  const there = predictLosses(fitted, without, 20e9).web;
  expect(there / predictLosses(truth, without, 20e9).web).toBeLessThan(1.5);
});
