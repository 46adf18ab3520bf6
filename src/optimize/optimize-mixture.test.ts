import { describe, expect, test } from 'vitest';
import { bimixFit, transferFit } from '../../test/fitted-laws.ts';
import { BimixError } from '../errors/index.ts';
import { predictLosses } from '../laws/index.ts';
import { makeMixture } from '../mixture/index.ts';
import type { OptimizeOptions } from './mixture-problem.ts';
import { proposeMixture } from './optimize-mixture.ts';
import type { Proposal } from './proposal.ts';

const bimix = bimixFit({
  web: [2.5, 0.08, 0.6, 0.3],
  code: [1.0, 0.2, 0.5, 0.5],
  books: [2.8, 0.06, 0.4, 0.4],
  wiki: [1.8, 0.15, 0.5, 0.45],
});

const transfer = transferFit(
  ['web', 'code', 'books', 'wiki'],
  [
    {
      ...{ target: 'web', own: 'web', E: 0.3, C: 2, alpha: 0.1, B: 0.5, beta: 0.4, rho: 0.6, sigma: 0.8 },
      t: { code: 0.01, books: 0.1, wiki: 0.05 },
    },
    {
      ...{ target: 'code', own: 'code', E: 0.1, C: 1, alpha: 0.25, B: 0.4, beta: 0.5, rho: 0.7, sigma: 0.7 },
      t: { web: 0.02, books: 0.005, wiki: 0.01 },
    },
    {
      ...{ target: 'qa', own: null, E: 0.2, C: 1.5, alpha: 0.15, B: 0.4, beta: 0.5, sigma: 0.8, rho: 1 },
      t: { web: 0.3, code: 0.1, books: 0.2, wiki: 0.8 },
    },
  ],
);

const at = (tokens: number): OptimizeOptions => ({ volume: { unit: 'tokens', value: tokens } });
const sum = (values: Readonly<Record<string, number>>): number => Object.values(values).reduce((a, b) => a + b, 0);
const mean = (values: Readonly<Record<string, number>>): number => sum(values) / Object.keys(values).length;
const codes = (proposal: Proposal): string[] => proposal.warnings.map(warning => warning.code);
const warningOf = (proposal: Proposal, code: string): string =>
  proposal.warnings.find(warning => warning.code === code)?.message ?? '';

function errorOf(run: () => unknown): BimixError {
  try {
    run();
  } catch (error) {
    if (error instanceof BimixError) return error;
  }
  throw new Error('no BimixError was thrown');
}

describe('a proposal', () => {
  test('under BiMix is the closed form r = (alpha K / lambda)^(1 / (alpha + 1))', () => {
    const proposal = proposeMixture(bimix, at(20e9));
    const slopes = bimix.targets.map(({ target, coefficients: { C, alpha, B } }) => {
      return alpha * (B + C) * proposal.mixture[target] ** (-alpha - 1);
    });
    for (const slope of slopes) expect(slope).toBeCloseTo(slopes[0], 10);
    expect(sum(proposal.mixture)).toBeCloseTo(1, 14);
    expect(proposal.method).toBe('dual root');
    expect(proposal.gap).toBeLessThan(1e-14);
  });

  test('under the transfer law is certified, a target without a training domain included', () => {
    const proposal = proposeMixture(transfer, at(20e9));
    expect(proposal.method).toBe('interior point');
    expect(proposal.gap).toBeLessThan(1e-10);
    expect(Object.keys(proposal.losses)).toEqual(['web', 'code', 'qa']);
    expect(sum(proposal.mixture)).toBeCloseTo(1, 12);
  });

  test('predicts the losses of its mixture and of the reference, and means them', () => {
    for (const fitted of [bimix, transfer]) {
      const mixture = makeMixture({ books: 0.1, web: 0.7, code: 0.15, wiki: 0.05 });
      const proposal = proposeMixture(fitted, { ...at(10e9), reference: { name: 'v1', mixture } });
      const shares = Float64Array.from(fitted.trainingDomains, domain => proposal.mixture[domain]);
      expect(proposal.losses).toEqual(predictLosses(fitted, shares, 10e9));
      expect(proposal.objective).toBeCloseTo(mean(proposal.losses), 12);
      expect(proposal.reference.name).toBe('v1');
      expect(proposal.reference.mixture).toEqual({ web: 0.7, code: 0.15, books: 0.1, wiki: 0.05 });
      expect(proposal.reference.losses).toEqual(predictLosses(fitted, Float64Array.of(0.7, 0.15, 0.1, 0.05), 10e9));
      expect(proposal.reference.objective).toBeGreaterThan(proposal.objective);
    }
  });

  test('is compared with the mean of the runs where no reference is given', () => {
    const { reference } = proposeMixture(bimix, at(10e9));
    expect(reference.name).toBe('mean of the runs');
    for (const share of Object.values(reference.mixture)) expect(share).toBeCloseTo(0.25, 12);
  });

  test('counts tokens and epochs by training domain', () => {
    const proposal = proposeMixture(bimix, { ...at(10e9), tokensAvailable: { code: 2e9, wiki: 1e9 }, maxEpochs: 2 });
    expect(sum(proposal.tokens ?? {})).toBeCloseTo(10e9, 0);
    expect(proposal.tokens?.code).toBeCloseTo(proposal.mixture.code * 10e9, 3);
    expect(proposal.epochs).toEqual({
      web: null,
      code: (proposal.mixture.code * 10e9) / 2e9,
      books: null,
      wiki: (proposal.mixture.wiki * 10e9) / 1e9,
    });
    expect(proposal.mixture.wiki).toBeCloseTo(0.2, 12);
    expect(proposal.activeBounds).toEqual([
      { domain: 'wiki', bound: 'tokens available', share: proposal.mixture.wiki },
    ]);
  });

  test('follows the weights, whatever their scale', () => {
    const plain = proposeMixture(bimix, at(10e9)).mixture;
    const weighted = proposeMixture(bimix, { ...at(10e9), weights: { web: 1, code: 3, books: 1, wiki: 1 } });
    const scaled = proposeMixture(bimix, { ...at(10e9), weights: { web: 10, code: 30, books: 10, wiki: 10 } });
    expect(weighted.mixture.code).toBeGreaterThan(plain.code * 1.5);
    for (const domain of bimix.trainingDomains)
      expect(scaled.mixture[domain]).toBeCloseTo(weighted.mixture[domain], 12);
  });

  test('goes to the reference as the pull grows', () => {
    const reference = { name: 'v1', mixture: makeMixture({ web: 0.7, code: 0.1, books: 0.1, wiki: 0.1 }) };
    const distances = [0, 0.1, 1, 100].map(pull => {
      const { mixture } = proposeMixture(bimix, { ...at(10e9), reference, pull });
      return Math.abs(mixture.web - 0.7) + Math.abs(mixture.code - 0.1);
    });
    expect(distances).toEqual([...distances].sort((a, b) => b - a));
    expect(distances[3]).toBeLessThan(0.01);
  });

  test('holds its mixture in the freedom of every share', () => {
    const proposal = proposeMixture(transfer, at(20e9));
    for (const [domain, share] of Object.entries(proposal.mixture)) {
      expect(proposal.freedom[domain].from).toBeLessThanOrEqual(share);
      expect(proposal.freedom[domain].to).toBeGreaterThanOrEqual(share);
    }
  });

  test('is the same again', () => {
    expect(proposeMixture(transfer, at(20e9))).toEqual(proposeMixture(transfer, at(20e9)));
  });
});

describe('the volume', () => {
  const steps = bimixFit(
    { web: [2.5, 0.08, 0.6, 0.3], code: [1.0, 0.2, 0.5, 0.5] },
    { volume: { unit: 'steps', tokensPerStep: 1e6, scale: 20_000, smallest: 1000, largest: 20_000 } },
  );

  test('in tokens serves a law fitted on steps where the tokens in a step are known', () => {
    const byTokens = proposeMixture(steps, at(10e9));
    expect(byTokens.mixture).toEqual(proposeMixture(steps, { volume: { unit: 'steps', value: 10_000 } }).mixture);
    expect(byTokens.volume).toEqual({ unit: 'steps', value: 10_000 });
    expect(sum(byTokens.tokens ?? {})).toBeCloseTo(10e9, 0);
  });

  test('in another unit is refused where they are not', () => {
    const { tokensPerStep: _, ...volume } = steps.volume;
    const error = errorOf(() => proposeMixture({ ...steps, volume }, at(10e9)));
    expect(error.code).toBe('invalid-volume');
    expect(error.message).toBe(
      'invalid volume in tokens: the law was fitted on steps, and the tokens in a step are not known',
    );
    const proposal = proposeMixture({ ...steps, volume }, { volume: { unit: 'steps', value: 10_000 } });
    expect(proposal.tokens).toBeNull();
  });

  test('is asked for, and must be positive', () => {
    expect(errorOf(() => proposeMixture(bimix)).code).toBe('missing-volume');
    expect(errorOf(() => proposeMixture(bimix, at(-1))).code).toBe('invalid-volume');
    expect(errorOf(() => proposeMixture(bimix, at(Number.NaN))).code).toBe('invalid-volume');
  });

  test('beyond the runs is warned of, with the factor', () => {
    expect(warningOf(proposeMixture(bimix, at(100e9)), 'volume-beyond-runs')).toBe(
      '100B tokens is 5 times the largest volume of the runs (20B): losses and mixture are extrapolated',
    );
    expect(warningOf(proposeMixture(bimix, at(1e8)), 'volume-beyond-runs')).toContain('below the smallest volume');
    expect(proposeMixture(bimix, at(100e9)).extrapolation).toBe(5);
    for (const tokens of [20e9, 20.1e9, 21e9]) {
      const proposal = proposeMixture(bimix, at(tokens));
      expect(codes(proposal)).not.toContain('volume-beyond-runs');
      expect(proposal.extrapolation).toBe(1);
    }
  });

  test('are as they were where all runs have one volume', () => {
    const flat = { ...bimix, targets: bimix.targets.map(target => ({ ...target, volumeVaries: false })) };
    expect(warningOf(proposeMixture(flat, at(100e9)), 'volume-beyond-runs')).toContain(
      'all runs were measured at one volume, so the losses are those at ',
    );
  });

  test('of a law fitted without one only counts tokens and epochs', () => {
    const single = bimixFit(
      { web: [2.5, 0.08, 0, 0], code: [1.0, 0.2, 0, 0] },
      { volume: { unit: 'none', scale: 1, smallest: 1, largest: 1 } },
    );
    const free = proposeMixture(single);
    expect(free.tokens).toBeNull();
    expect(free.volume).toEqual({ unit: 'none', value: null });
    const budgeted = proposeMixture(single, { ...at(10e9), tokensAvailable: { code: 1e9 } });
    expect(budgeted.mixture).toEqual(free.mixture);
    expect(sum(budgeted.tokens ?? {})).toBeCloseTo(10e9, 0);
    expect(budgeted.epochs.code).toBeCloseTo(free.mixture.code * 10, 10);
    expect(codes(budgeted)).toContain('volume-ignored');
    expect(errorOf(() => proposeMixture(single, { volume: { unit: 'steps', value: 10 } })).code).toBe('invalid-volume');
  });
});

describe('warnings', () => {
  test('are none for an optimum amid the runs', () => {
    const amid = proposeMixture(bimix, at(20e9));
    expect(codes(amid).filter(code => code !== 'flat-optimum')).toEqual([]);
  });

  test('name a share outside those of the runs, and a mixture far from all of them', () => {
    const runs = [0.5, 0.52, 0.54, 0.56].map(web => [web, 0.1, 0.1, 0.8 - web]);
    const covered = {
      runs: ['a', 'b', 'c', 'd'],
      mixtures: runs,
      lastLosses: runs.map(() => []),
      lastVolumes: runs.map(() => 20e9),
    };
    const proposal = proposeMixture({ ...bimix, covered }, at(20e9));
    expect(warningOf(proposal, 'outside-runs')).toMatch(
      /^the share of "web" is \d+\.\d %, outside the 50 % to 56 % of the runs$/,
    );
    expect(warningOf(proposal, 'far-from-runs')).toMatch(
      /reach the nearest, "a", where neighbouring runs are 2 % apart/,
    );
    expect(proposal.warnings.find(({ code }) => code === 'outside-runs')?.domain).toBe('web');
  });

  test('name an own share below the smallest positive one of the runs', () => {
    const runs = [
      [0, 0.3, 0.3, 0.4],
      [0.6, 0.4, 0, 0],
      [0.8, 0, 0.2, 0],
      [0.5, 0, 0, 0.5],
    ];
    const covered = {
      runs: ['a', 'b', 'c', 'd'],
      mixtures: runs,
      lastLosses: runs.map(() => []),
      lastVolumes: runs.map(() => 20e9),
    };
    const proposal = proposeMixture({ ...bimix, covered }, at(20e9));
    expect(proposal.mixture.web).toBeLessThan(0.5);
    expect(warningOf(proposal, 'below-seen')).toMatch(
      /^the share of "web" is \d+\.\d %, below 50 %, the smallest positive share/,
    );
  });

  test('are none for a domain that neither the runs nor the optimum draw', () => {
    const runs = [0.3, 0.5, 0.7].map(web => [web, 0.9 - web, 0, 0.1]);
    const covered = {
      runs: ['a', 'b', 'c'],
      mixtures: runs,
      lastLosses: runs.map(() => []),
      lastVolumes: runs.map(() => 20e9),
    };
    const targets = transfer.targets.map(target => (target.own === null ? { ...target, own: 'books' } : target));
    const proposal = proposeMixture(
      { ...transfer, covered, targets },
      { ...at(20e9), bounds: { books: { upper: 0 } } },
    );
    expect(proposal.warnings.filter(({ domain }) => domain === 'books')).toEqual([]);
  });

  test('name shares on a bound, but not those without a choice', () => {
    const proposal = proposeMixture(bimix, {
      ...at(20e9),
      bounds: { web: { lower: 0.5 }, code: { upper: 0.15 }, wiki: { lower: 0.1, upper: 0.1 } },
    });
    const messages = proposal.warnings.filter(({ code }) => code === 'on-bound').map(({ message }) => message);
    expect(messages).toEqual(['a share is on the lower bound: web 50 %', 'a share is on the upper bound: code 15 %']);
  });

  test('name coefficients at a bound of the fit, for targets that count', () => {
    const targets = bimix.targets.map((target, i) => ({ ...target, atBound: i < 2 ? ['alpha', 'C'] : [] }));
    const proposal = proposeMixture({ ...bimix, targets }, { ...at(20e9), weights: { web: 1, books: 1, wiki: 1 } });
    expect(warningOf(proposal, 'coefficients-at-bound')).toBe(
      'coefficients of "web" ended on a bound of the fit: alpha, C',
    );
    expect(codes(proposal).filter(code => code === 'coefficients-at-bound')).toHaveLength(1);
    expect(warningOf(proposal, 'targets-without-weight')).toContain('code');
  });

  test('name a flat optimum and its widest shares', () => {
    const flat = bimixFit({ web: [2.5, 0.01, 0.6, 0.3], code: [1.0, 0.02, 0.5, 0.5] });
    expect(warningOf(proposeMixture(flat, at(20e9)), 'flat-optimum')).toMatch(
      /^the optimum is flat: within 0.1 % of the best objective shares range over (web|code) [\d.]+ % to [\d.]+ %, /,
    );
  });

  test('say when the mixture compared with is not allowed itself', () => {
    const bounds = { web: { upper: 0.2 }, code: { lower: 0.3 } };
    expect(warningOf(proposeMixture(bimix, { ...at(20e9), bounds }), 'reference-not-allowed')).toBe(
      'the mixture compared with, "mean of the runs", is not allowed itself, so it may be better than the optimum: web 25 %, at most 20 %; code 25 %, at least 30 %',
    );
    const without = { name: 'v1', mixture: makeMixture({ web: 1 }) };
    expect(codes(proposeMixture(bimix, { ...at(20e9), reference: without }))).not.toContain('reference-not-allowed');
  });

  test('name domains drawn over and over', () => {
    const proposal = proposeMixture(bimix, { ...at(20e9), tokensAvailable: { code: 1e8, web: 1e12 } });
    expect(warningOf(proposal, 'many-epochs')).toMatch(
      /^"code" is drawn \d+(\.\d+)? times over \(100M tokens available\): the law takes every token for new$/,
    );
  });
});

describe('wishes that cannot be', () => {
  test('are refused with a name and a way out', () => {
    const typo = errorOf(() => proposeMixture(bimix, { ...at(1e9), weights: { wik: 1 } }));
    expect(typo.message).toBe('unknown evaluation domain "wik" in the weights');
    expect(typo.hint).toBe('Did you mean "wiki"?');
    expect(errorOf(() => proposeMixture(bimix, { ...at(1e9), weights: { web: -1 } })).code).toBe('invalid-weights');
    expect(errorOf(() => proposeMixture(bimix, { ...at(1e9), weights: {} })).code).toBe('invalid-weights');
    expect(errorOf(() => proposeMixture(bimix, { ...at(1e9), pull: -1 })).code).toBe('invalid-pull');
    expect(errorOf(() => proposeMixture(bimix, { ...at(1e9), pull: 0.1 })).code).toBe('missing-reference');
    const unknown = { name: 'v1', mixture: makeMixture({ web: 0.5, cod: 0.5 }) };
    expect(errorOf(() => proposeMixture(bimix, { ...at(1e9), reference: unknown })).message).toBe(
      'unknown domain "cod" in reference "v1"',
    );
    expect(errorOf(() => proposeMixture(bimix, { ...at(1e9), bounds: { code: { upper: 0 } } })).hint).toContain(
      'bimix-transfer',
    );
  });

  test('include a pull to a reference without a domain, unless the domain is excluded too', () => {
    const reference = { name: 'v1', mixture: makeMixture({ web: 0.5, code: 0.5 }) };
    const error = errorOf(() => proposeMixture(transfer, { ...at(1e9), reference, pull: 0.1 }));
    expect(error.code).toBe('invalid-reference');
    expect(error.message).toContain('it gives no tokens to "books"');
    const bounds = { books: { upper: 0 }, wiki: { upper: 0 } };
    const proposal = proposeMixture(transfer, { ...at(1e9), reference, pull: 0.1, bounds });
    expect(proposal.mixture.books).toBe(0);
    expect(proposal.gap).toBeLessThan(1e-10);
  });
});
