import { describe, expect, test } from 'vitest';
import { simulateTable } from '../../test/simulated-tables.ts';
import { TRUE_TRANSFER } from '../../test/true-laws.ts';
import { fitLaw } from '../fitting/index.ts';
import { bimixTransfer } from '../laws/index.ts';
import { mixtureOfRun } from '../observations/index.ts';
import { afterRun, type Belief, type BeliefOptions, believe } from './belief.ts';
import type { Candidate } from './candidate.ts';
import { recommended } from './decision.ts';
import { nextRuns } from './next-runs.ts';
import { regretReduction } from './regret-reduction.ts';

/** Runs crowded about one mixture: what happens far from it is not known. */
const crowded = simulateTable(TRUE_TRANSFER, {
  runs: 8,
  runNoise: 0.003,
  mixtureOf: run => [0.6 + 0.02 * (run % 3), 0.3 - 0.02 * (run % 3) - 0.01 * run, 0.1 + 0.01 * run],
});
const fitted = fitLaw(crowded, bimixTransfer, { uncertainty: 'laplace' });

const candidate = (name: string, ...shares: number[]): Candidate => ({
  name,
  shares: Float64Array.from(shares),
  origin: 'pool',
});
const [a, b, c] = mixtureOfRun(crowded, 0);
const duplicate = candidate('duplicate', a - 5e-4, b + 5e-4, c);
const far = candidate('far', 0.2, 0.2, 0.6);
const believed = (candidates: readonly Candidate[], options: BeliefOptions = {}): Belief =>
  believe(fitted, crowded, candidates, options);

describe('a run to make next', () => {
  test.each(['optimum', 'intervals', 'coefficients'] as const)('is not one that says nothing new (%s)', goal => {
    const { runs } = nextRuns(believed([duplicate, far]), { goal });
    expect(runs.map(run => run.candidate.name)).toEqual(['far']);
  });

  test('is worth more where less is known', () => {
    const belief = believed([duplicate, far]);
    expect(regretReduction(belief, 1, 0)).toBeGreaterThan(2 * regretReduction(belief, 0, 0));
  });

  test('is no mixture that a run has already', () => {
    const again = candidate('again', a, b, c);
    const { runs } = nextRuns(believed([again, far]), { goal: 'optimum', runs: 3 });
    expect(runs.map(run => run.candidate.name)).toEqual(['far']);
  });

  test('of a batch is chosen as if those before it had been made', () => {
    const twin = candidate('twin', 0.2005, 0.1995, 0.6);
    const other = candidate('other', 0.15, 0.7, 0.15);
    for (const goal of ['intervals', 'coefficients'] as const) {
      const { runs } = nextRuns(believed([far, twin, other]), { goal, runs: 2 });
      expect(runs.map(run => run.candidate.name)).toContain('other');
      expect(runs[1].errorReduction).toBeGreaterThan(0);
    }
  });

  test('is said with what it teaches and how far errors fall', () => {
    const { runs, standardError } = nextRuns(believed([duplicate, far]), { goal: 'intervals', runs: 2 });
    for (const { teaches, errorReduction, regretReduction: gain } of runs) {
      expect(teaches.after).toBeLessThan(teaches.before);
      expect(errorReduction).toBeGreaterThan(0);
      expect(gain).toBeGreaterThanOrEqual(0);
    }
    expect(standardError.after / standardError.before).toBeCloseTo(
      runs.reduce((rest, { errorReduction }) => rest * (1 - errorReduction), 1),
      12,
    );
  });

  test('is the same for the same seed', () => {
    const choose = (seed: number): string =>
      JSON.stringify(nextRuns(believed([duplicate, far]), { goal: 'optimum', runs: 2, seed }));
    expect(choose(3)).toBe(choose(3));
    expect(choose(3)).not.toBe(choose(4));
  });
});

describe('what is believed', () => {
  test('of a mixture that was run is nearly what was measured', () => {
    const { candidates, expected, sd } = believed([far]);
    candidates.forEach(({ run }, at) => {
      if (run === undefined) return;
      const row = 7 * crowded.runs.findIndex(({ name }) => name === run) + 6;
      const measured = (crowded.losses[3 * row] + crowded.losses[3 * row + 1]) / 2;
      expect(Math.abs(expected[at] / measured - 1)).toBeLessThan(0.003);
      expect(sd[at]).toBeLessThan(sd[0] / 3);
    });
  });

  test('of means does not change by a run whose losses are not known, and of deviations shrinks', () => {
    const before = believed([duplicate, far]);
    const after = afterRun(before, 1);
    expect([...after.expected]).toEqual([...before.expected]);
    after.sd.forEach((sd, at) => {
      expect(sd).toBeLessThanOrEqual(before.sd[at] * (1 + 1e-9));
    });
    expect(after.sd[1]).toBeLessThan(before.sd[1] / 3);
  });

  test('counts only targets with a weight', () => {
    const { targets } = believed([far], { weights: [0, 3] });
    expect(targets.map(({ target, weight }) => [target, weight])).toEqual([['code', 1]]);
  });

  test('recommends nothing outside the bounds', () => {
    const bounds = { lower: Float64Array.of(0, 0, 0.5), upper: Float64Array.of(1, 1, 1) };
    const belief = believed([far], { bounds });
    expect(belief.candidates.map(({ name }) => name)).toEqual(['far']);
    expect(recommended(belief)).toBe(0);
  });
});
