import { describe, expect, test } from 'vitest';
import { simulateTable } from '../../test/simulated-tables.ts';
import { TRUE_BIMIX, TRUE_TRANSFER } from '../../test/true-laws.ts';
import { bimix, bimixTransfer, formatLaws, parseLaws } from '../laws/index.ts';
import { fitLaw } from './fit-law.ts';

describe('the check on mixtures held out', () => {
  test('finds the true law ahead of the baselines, and says so after the count of runs', () => {
    const { heldOut, verdict } = fitLaw(simulateTable(TRUE_BIMIX, { runs: 12 }), bimix);
    expect(heldOut?.folds).toBe(5);
    expect(heldOut?.mre).toBeLessThan(1e-3);
    expect(heldOut?.baselines.nearest).toBeGreaterThan(0.01);
    expect(verdict).toMatch(/^enough runs for bimix: .* On mixtures held out in 5 folds its MRE is 0\.0\d %/);
  });

  test('a law that a baseline beats has no runs enough: the verdict begins with the baseline, and a warning says so', () => {
    // Mixtures in near pairs, each with a misfit that no share tells: the other of the pair knows it, the law cannot.
    const pairs = simulateTable(TRUE_BIMIX, {
      runs: 12,
      mixtureOf: run => [
        0.1 + 0.1 * Math.floor(run / 2),
        0.1 + 0.002 * (run % 2),
        0.8 - 0.1 * Math.floor(run / 2) - 0.002 * (run % 2),
      ],
      bend: (_, run) => 0.1 * Math.sin(7 * Math.floor(run / 2)),
    });
    const { verdict, warnings } = fitLaw(pairs, bimix);
    expect(verdict).toMatch(/^the naive baseline "nearest" predicts better than bimix: MRE/);
    expect(verdict).not.toContain('enough runs');
    expect(warnings[0].code).toBe('beaten-by-baseline');
  });

  test('is in the law file', () => {
    const fitted = fitLaw(simulateTable(TRUE_TRANSFER, { runs: 9 }), bimixTransfer);
    expect(fitted.heldOut).toBeDefined();
    expect(parseLaws(formatLaws([fitted]), 'law.json')).toEqual([fitted]);
  });

  test('needs three mixtures', () => {
    expect(fitLaw(simulateTable(TRUE_BIMIX, { runs: 2 }), bimix).heldOut).toBeUndefined();
    expect(fitLaw(simulateTable(TRUE_BIMIX, { runs: 3 }), bimix).heldOut?.folds).toBe(3);
  });

  test('can be left out', () => {
    expect(fitLaw(simulateTable(TRUE_BIMIX, { runs: 6 }), bimix, { check: false }).heldOut).toBeUndefined();
  });
});
