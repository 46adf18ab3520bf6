/** The arithmetic of bench/experiment: losses, gains and speed-ups of final runs. */

import { expect, test } from 'vitest';
import { outcomes } from '../bench/experiment/outcomes.ts';
import { regmixChoice } from '../bench/experiment/regmix-choice.ts';
import { fitLaw } from '../src/fitting/index.ts';
import { findLaw, predictLosses } from '../src/laws/index.ts';
import type { RunTable } from '../src/observations/index.ts';
import { simulateTable } from './simulated-tables.ts';
import { TRUE_BIMIX } from './true-laws.ts';

/** Two domains; three checkpoints a run, at 1, 2 and 4 tokens. */
function finals(runs: Readonly<Record<string, readonly (readonly [number, number])[]>>): RunTable {
  const names = Object.keys(runs);
  const checkpoints = Object.values(runs);
  return {
    trainingDomains: ['a', 'b'],
    evaluationDomains: ['a', 'b'],
    ownDomain: Int32Array.of(0, 1),
    volumeUnit: 'tokens',
    runs: names.map(name => ({ name, seed: Number(name.split('-')[1] ?? 1) - 1 })),
    mixtures: Float64Array.from(names.flatMap(() => [0.5, 0.5])),
    rowRun: Int32Array.from(names.flatMap((_, run) => [run, run, run])),
    rowVolume: Float64Array.from(names.flatMap(() => [1, 2, 4])),
    losses: Float64Array.from(checkpoints.flat(2)),
    provenance: { format: 'test', inputs: [], version: '0' },
  };
}

const table = finals({
  uniform: [
    [5, 5],
    [4, 4],
    [3, 3],
  ],
  best: [
    [4, 4],
    [3, 3],
    [2, 2.4],
  ],
  worse: [
    [6, 6],
    [5, 5],
    [4, 4],
  ],
  'uniform-2': [
    [5, 5],
    [4, 4],
    [3.2, 3],
  ],
  'best-2': [
    [4, 4],
    [3, 3],
    [2.2, 2.4],
  ],
  'worse-2': [
    [6, 6],
    [5, 5],
    [4, 4.2],
  ],
});

test('losses are means over domains and seeds, gains are taken seed by seed', () => {
  const [uniform, best, worse] = outcomes(table, ['uniform', 'best', 'worse'], 'uniform');
  expect([uniform.runs, best.runs, worse.runs]).toEqual([2, 2, 2]);
  expect(uniform.loss).toBeCloseTo(3.05, 12);
  expect(best.loss).toBeCloseTo(2.25, 12);
  expect(best.losses).toEqual({ a: expect.closeTo(2.1, 12), b: expect.closeTo(2.4, 12) });
  expect(uniform.gain).toBeNull();
  expect(best.gain?.mean).toBeCloseTo(0.8, 12);
  expect(worse.gain?.mean).toBeCloseTo(-1, 12);
});

test('intervals rest on the scatter between seeds of all choices', () => {
  const results = outcomes(table, ['uniform', 'best', 'worse'], 'uniform');
  // Each pair of seeds is 0.1 apart: pooled sd sqrt(3 * 0.005 / 3); scipy.stats.t.ppf(0.975, 3) = 3.18244630528371
  const margin = (3.18244630528371 * Math.sqrt(0.005)) / Math.sqrt(2);
  for (const result of results) expect(result.margin).toBeCloseTo(margin, 9);
  // Gains do not differ between seeds at all.
  expect(results[1].gain?.margin).toBeCloseTo(0, 9);
});

test('the speed-up is where the mean curve crosses the last loss of uniform', () => {
  const [uniform, best, worse] = outcomes(table, ['uniform', 'best', 'worse'], 'uniform');
  expect(uniform.speedUp).toBeCloseTo(1, 12);
  // 4 at 1 token, 3 at 2 tokens, 3.05 at 2^0.95 tokens.
  expect(best.speedUp).toBeCloseTo(4 / 2 ** 0.95, 12);
  expect(worse.speedUp).toBeNull();
});

test('trees choose a mixture that the true law finds better than the centre, the same for the same seed', () => {
  const runs = simulateTable(TRUE_BIMIX, { runs: 48, volumes: [1e9], seed: 3 });
  const fitted = fitLaw(runs, findLaw('trees'));
  const m = runs.trainingDomains.length;
  const centre = new Float64Array(m).fill(1 / m);
  const chosen = regmixChoice(fitted, centre, fitted.volume.scale, 0, 2000);
  expect(chosen.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 9);
  expect(regmixChoice(fitted, centre, fitted.volume.scale, 0, 2000)).toEqual(chosen);
  const trueLoss = (shares: Float64Array) => {
    const losses = Object.values(predictLosses(TRUE_BIMIX, shares, 1e9));
    return losses.reduce((a, b) => a + b, 0);
  };
  expect(trueLoss(chosen)).toBeLessThan(trueLoss(centre));
});
