import { describe, expect, test } from 'vitest';
import { bimixFit } from '../../test/fitted-laws.ts';
import { simulateTable } from '../../test/simulated-tables.ts';
import { TRUE_BIMIX, TRUE_TRANSFER } from '../../test/true-laws.ts';
import { fitLaw } from '../fitting/index.ts';
import { bimix, bimixTransfer, type FittedLaw } from '../laws/index.ts';
import { proposeMixture } from './optimize-mixture.ts';
import type { OptimumIntervals } from './optimum-intervals.ts';

const volume = { unit: 'tokens', value: 20e9 } as const;

function intervalsOf(fitted: FittedLaw, options: object = {}): OptimumIntervals {
  const { intervals } = proposeMixture(fitted, { volume, interval: 0.9, ...options });
  if (intervals === undefined) throw new Error('no intervals');
  return intervals;
}

test('the interval of a share is the spread of its exponent times the slope of the optimum', () => {
  // Two domains with equal laws: r* = 1/2, and by symmetry dr*/dalpha of the first follows from finite differences of
  // scipy.optimize.brentq(lambda r: a * K * r**(-a-1) - .1 * K * (1-r)**-1.1, .01, .99) at a = .1 +- 1e-4, K = 2.8.
  const law = bimixFit({ web: [2.5, 0.1, 0.3, 0.4], code: [2.5, 0.1, 0.3, 0.4] });
  const sd = 0.004;
  const scatter = { runSd: 0.002, withinSd: 0.001, degrees: 1000 };
  const fitted: FittedLaw = {
    ...law,
    residualCorrelation: [0],
    targets: law.targets.map((target, i) => ({
      ...target,
      uncertainty: { method: 'laplace', parameters: i === 0 ? ['alpha'] : [], factor: i === 0 ? [sd] : [], ...scatter },
    })),
  };
  const { mixture } = intervalsOf(fitted);
  const half = ((mixture?.web.to ?? 0) - (mixture?.web.from ?? 0)) / 2;
  expect(half / (1.6463788172854643 * sd * 2.430261)).toBeCloseTo(1, 2);
  expect(mixture?.code.from).toBeCloseTo(1 - (mixture?.web.to ?? 0), 9);
});

describe('of simulated runs', () => {
  const table = simulateTable(TRUE_TRANSFER, { runs: 30, runNoise: 0.004, rowNoise: 0.002 });
  const fitted = fitLaw(table, bimixTransfer, { uncertainty: true, targets: ['web', 'code', 'exams'] });
  const proposal = proposeMixture(fitted, { volume, interval: 0.9 });

  test('every interval holds the proposal, within what is allowed', () => {
    for (const [domain, share] of Object.entries(proposal.mixture)) {
      const range = proposal.intervals?.mixture?.[domain];
      expect(range?.from).toBeGreaterThanOrEqual(0);
      expect(range?.from).toBeLessThan(share);
      expect(range?.to).toBeGreaterThan(share);
    }
    for (const [target, { loss, lower, upper }] of Object.entries(proposal.intervals?.losses ?? {})) {
      expect(loss).toBeCloseTo(proposal.losses[target], 12);
      expect(lower).toBeLessThan(loss);
      expect(upper).toBeGreaterThan(loss);
    }
    expect(proposal.intervals?.mean.loss).toBeCloseTo(proposal.objective, 12);
  });

  test('the same fit gives the same intervals, and a higher level wider ones', () => {
    const again = intervalsOf(fitted);
    expect(again).toEqual(proposal.intervals);
    const wider = intervalsOf(fitted, { interval: 0.95 });
    expect((wider.mixture?.web.to ?? 0) - (wider.mixture?.web.from ?? 0)).toBeGreaterThan(
      (again.mixture?.web.to ?? 0) - (again.mixture?.web.from ?? 0),
    );
  });

  test('the proposal beats a poor reference surely, and its equal with even odds', () => {
    const poor = {
      name: 'poor',
      mixture: { domains: ['web', 'code', 'books'], proportions: Float64Array.of(0.01, 0.98, 0.01) },
    };
    expect(intervalsOf(fitted, { reference: poor }).beatsReference).toBeGreaterThan(0.95);
    const shares = Float64Array.from(Object.values(proposal.mixture));
    const same = { name: 'same', mixture: { domains: Object.keys(proposal.mixture), proportions: shares } };
    expect(intervalsOf(fitted, { reference: same }).beatsReference).toBeCloseTo(0.5, 6);
  });

  test('bounds hold for intervals too', () => {
    const { mixture } = intervalsOf(fitted, { bounds: { web: { upper: 0.3 }, code: { lower: 0.3 } } });
    expect(mixture?.web.to).toBeLessThanOrEqual(0.3);
    expect(mixture?.code.from).toBeGreaterThanOrEqual(0.3);
  });
});

test('none are made unless asked for; a law file without uncertainty gives the reason', () => {
  const plain = fitLaw(simulateTable(TRUE_BIMIX, { runs: 8 }), bimix);
  expect(proposeMixture(plain, { volume }).intervals).toBeUndefined();
  const without = proposeMixture(plain, { volume, interval: 0.9 });
  expect(without.intervals).toBeUndefined();
  expect(without.warnings.map(({ code }) => code)).toContain('no-uncertainty');
});

test('90 % intervals of shares cover those of the true optimum in 80 to 98 % of simulations', () => {
  const truth = proposeMixture(TRUE_BIMIX, { volume }).mixture;
  let covered = 0;
  const simulations = 100;
  for (let seed = 0; seed < simulations; seed++) {
    const table = simulateTable(TRUE_BIMIX, { runs: 20, volumes: [4e9, 20e9], runNoise: 0.01, rowNoise: 0.004, seed });
    const { mixture } = intervalsOf(fitLaw(table, bimix, { uncertainty: true }));
    for (const [domain, share] of Object.entries(truth)) {
      const range = mixture?.[domain];
      if (range !== undefined && share >= range.from && share <= range.to) covered++;
    }
  }
  expect(covered / (3 * simulations)).toBeGreaterThan(0.8);
  expect(covered / (3 * simulations)).toBeLessThan(0.98);
}, 20_000);
