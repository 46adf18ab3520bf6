import { expect, test } from 'vitest';
import { bimixFit } from '../../test/fitted-laws.ts';
import type { FittedLaw } from '../laws/index.ts';
import { rankingInWords, rankTrials } from './trial-ranking.ts';
import type { VerifiedRun } from './verified-run.ts';

const LAW = bimixFit({ web: [2.5, 0.08, 0.6, 0.3], code: [1.0, 0.2, 0.5, 0.5] });

const trial = (run: string, predicted: number, observed: number, volume = 1e9): VerifiedRun => ({
  ...{ run, mixture: {}, volume, mre: 0 },
  mean: { predicted, observed },
  losses: { web: { predicted, observed }, code: { predicted, observed } },
});

const TRIALS = [trial('uniform', 2.1, 2.05), trial('optimum', 2, 2.0014), trial('size', 2.05, 2)];

const withScatter = (scatter: {
  runSd: number;
  withinSd: number;
  seed?: { sd: number; degrees: number };
}): FittedLaw => ({
  ...LAW,
  residualCorrelation: [1],
  targets: LAW.targets.map(target => ({ ...target, uncertainty: { method: 'members', degrees: 9, ...scatter } })),
});

test('the law has chosen the run with the lowest prediction; measured losses rank it', () => {
  expect(rankTrials(LAW, TRIALS)).toMatchObject({ choice: 'optimum', rank: 2, runs: 3, other: 'size', noise: null });
  expect(rankTrials(LAW, TRIALS)?.difference).toBeCloseTo(0.0007, 12);
});

test('noise of a difference is root two times that of a run: of replicates, or else the scatter about the law', () => {
  const scattered = rankTrials(withScatter({ runSd: 0.003, withinSd: 0.004 }), TRIALS);
  expect(scattered?.noise).toEqual({
    difference: expect.closeTo(0.005 * Math.SQRT2, 12),
    source: 'scatter about the law',
  });
  const seed = { sd: 0.002, degrees: 4 };
  const replicated = rankTrials(withScatter({ runSd: 0.003, withinSd: 0, seed }), TRIALS);
  expect(replicated?.noise).toEqual({ difference: expect.closeTo(0.002 * Math.SQRT2, 12), source: 'replicates' });
});

test('shorter runs, and runs without every loss, are not ranked', () => {
  expect(rankTrials(LAW, [...TRIALS.slice(0, 2), trial('short', 3, 1, 5e8)])).toMatchObject({ rank: 1, runs: 2 });
  expect(rankTrials(LAW, [TRIALS[0], { ...TRIALS[1], mean: null }])).toBeNull();
});

test('in words, with what the noise is from', () => {
  const ranking = { choice: 'optimum', rank: 2, runs: 4, other: 'size', difference: 0.0007 };
  expect(rankingInWords({ ...ranking, noise: { difference: 0.005, source: 'replicates' } })).toBe(
    "The law's choice, optimum, came 2nd of 4 by measured mean loss, 0.07 % above the first, size. The difference is within seed noise (0.50 % between two runs of one mixture, from replicates in the fit).",
  );
  expect(rankingInWords({ ...ranking, noise: { difference: 0.0002, source: 'scatter about the law' } })).toContain(
    'beyond seed noise (0.02 % between two runs of one mixture, from the scatter of the runs about the law',
  );
  expect(rankingInWords({ ...ranking, rank: 1, difference: -0.01, noise: null })).toBe(
    "The law's choice, optimum, came 1st of 4 by measured mean loss, 1.00 % below the second, size.",
  );
  expect(rankingInWords({ ...ranking, rank: 12, noise: null })).toContain('12th of 4');
});
