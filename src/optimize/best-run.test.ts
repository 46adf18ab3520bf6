import { describe, expect, test } from 'vitest';
import { bimixFit } from '../../test/fitted-laws.ts';
import { type FittedLaw, predictLosses } from '../laws/index.ts';
import { type BestRun, bestRunInWords } from './best-run.ts';
import type { OptimizeOptions } from './mixture-problem.ts';
import { proposeMixture } from './optimize-mixture.ts';

const COEFFICIENTS = { web: [2.5, 0.08, 0.6, 0.3], code: [1.0, 0.2, 0.5, 0.5] } as const;

const COVERED: FittedLaw['covered'] = {
  runs: ['even', 'code', 'web'],
  mixtures: [
    [0.5, 0.5],
    [0.2, 0.8],
    [0.8, 0.2],
  ],
  lastLosses: [
    [3.3, 1.75],
    [3.6, 1.5],
    [3.1, 1.9],
  ],
  lastVolumes: [20e9, 20e9, 20e9],
};

const lawOf = (covered: Partial<FittedLaw['covered']> = {}, change: Partial<FittedLaw> = {}): FittedLaw =>
  bimixFit(COEFFICIENTS, { covered: { ...COVERED, ...covered }, ...change });

function best(fitted: FittedLaw, options: OptimizeOptions = {}): BestRun | null {
  return proposeMixture(fitted, { volume: { unit: 'tokens', value: 20e9 }, ...options }).bestRun;
}

describe('the best run at hand', () => {
  test('has the lowest mean of the last losses measured', () => {
    expect(best(lawOf())).toMatchObject({ name: 'web', measured: 2.5, volume: 20e9, runs: 3, isComparable: true });
  });

  test('is chosen by the weights of the objective', () => {
    expect(best(lawOf(), { weights: { web: 1, code: 3 } })).toMatchObject({ name: 'code', measured: 2.025 });
  });

  test('comes with what the law predicts for its mixture at the volume asked about', () => {
    const asked = best(lawOf(), { volume: { unit: 'tokens', value: 1e12 } });
    const { web, code } = predictLosses(lawOf(), Float64Array.of(0.8, 0.2), 1e12);
    expect(asked?.predicted).toBeCloseTo((web + code) / 2, 12);
    expect(asked?.isComparable).toBe(false);
  });

  test('is one of the longest runs: a shorter one does not compete', () => {
    expect(best(lawOf({ lastVolumes: [20e9, 20e9, 10e9] }))).toMatchObject({ name: 'even', runs: 2 });
    expect(best(lawOf({ lastVolumes: [20e9, 20e9, 19.9e9] }))).toMatchObject({ name: 'web', runs: 3 });
  });

  test('is of the model size asked about, or of the nearest', () => {
    const sizes = { sizes: [1e9, 1e9, 3e9] };
    expect(best(lawOf(sizes, { size: 1e9 }))).toMatchObject({ name: 'even', size: 1e9, isComparable: true });
    expect(best(lawOf(sizes, { size: 3e9 }))).toMatchObject({ name: 'web', size: 3e9, isComparable: true });
    expect(best(lawOf(sizes, { size: 9e9 }))).toMatchObject({ name: 'web', size: 3e9, isComparable: false });
  });

  test('measured every loss with a weight, or there is none', () => {
    const losses = [
      [3.3, null],
      [3.6, null],
      [3.1, null],
    ];
    expect(best(lawOf({ lastLosses: losses }))).toBeNull();
    expect(best(lawOf({ lastLosses: losses }), { weights: { web: 1 } })?.name).toBe('web');
  });

  test('is said to be outside the bounds where they do not allow it', () => {
    expect(best(lawOf())?.isAllowed).toBe(true);
    expect(best(lawOf(), { bounds: { web: { upper: 0.7 } } })?.isAllowed).toBe(false);
  });
});

describe('in words', () => {
  const run: BestRun = {
    ...{ name: 'dirichlet-6', mixture: {}, measured: 2.9382, volume: 237568, size: null, runs: 16, predicted: 2.9478 },
    ...{ isComparable: true, meanOffset: 0, isAllowed: true },
  };
  const words = (change: Partial<BestRun>, value = 237568): string =>
    bestRunInWords({ ...run, ...change }, { name: 'The proposal', loss: 2.9434 }, { unit: 'tokens', value });

  test('the proposal is compared with the measurement and with the prediction', () => {
    expect(words({})).toBe(
      'Best run at hand: dirichlet-6, measured 2.9382 at 237.6K tokens, the lowest of 16 runs; the law predicts 2.9478 for its mixture. The proposal (2.9434) is 0.18 % above that measured loss and 0.15 % below that prediction (the lowest of several noisy runs flatters its mixture).',
    );
  });

  test('where all runs ended off the law, that is said too', () => {
    expect(words({ meanOffset: -0.012 })).toContain(
      '(the 16 runs ended 1.20 % below the law on average; the lowest of several noisy runs flatters its mixture).',
    );
  });

  test('at another volume only the prediction is comparable', () => {
    expect(words({ isComparable: false }, 1e9)).toBe(
      'Best run at hand: dirichlet-6, measured 2.9382 at 237.6K tokens, the lowest of 16 runs; the law predicts 2.9478 for its mixture at 1B tokens. The proposal (2.9434) is 0.15 % below that prediction.',
    );
  });

  test('a size that the law knows is named', () => {
    expect(words({ size: 3e9, isComparable: false }, 1e9)).toContain(
      'measured 2.9382 at 237.6K tokens, 3B parameters, the lowest of 16 runs; the law predicts',
    );
  });

  test('a law without a prediction says so', () => {
    expect(words({ predicted: null })).toContain('the law predicts no loss for its mixture. The proposal');
    expect(words({ predicted: null, isComparable: false })).not.toContain('The proposal');
  });

  test('equal losses are level, and bounds are named', () => {
    expect(words({ predicted: 2.9434, isAllowed: false })).toMatch(/level with that prediction.*do not allow/);
  });
});
