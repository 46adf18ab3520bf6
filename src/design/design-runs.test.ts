import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { makeMixture } from '../mixture/index.ts';
import { isWithin } from './candidate.ts';
import { DESIGN_METHODS, findDesignMethod } from './design-methods.ts';
import { type DesignProblemOptions, makeDesignProblem } from './design-problem.ts';
import { designRuns } from './design-runs.ts';

const DOMAINS = ['web', 'code', 'books', 'wiki'];
const TOKENS = { web: 100e9, code: 20e9, books: 5e9, wiki: 1e9 };
const ENTROPIES = {
  shannon: makeMixture({ web: 0.4, code: 0.1, books: 0.3, wiki: 0.2 }),
  joint: makeMixture({ web: 0.5, code: 0.1, books: 0.3, wiki: 0.1 }),
};
const GIVEN = {
  optimum: makeMixture({ web: 0.6, code: 0.3, books: 0.1, wiki: 0 }),
  v1: makeMixture({ web: 0.5, code: 0.1, books: 0.3, wiki: 0.1 }),
};

const problemOf = (options: DesignProblemOptions = {}) =>
  makeDesignProblem(DOMAINS, { tokensAvailable: TOKENS, entropyMixtures: ENTROPIES, givenMixtures: GIVEN, ...options });
const designOf = (name: string, options: DesignProblemOptions = {}, runs?: number) =>
  designRuns(problemOf(options), findDesignMethod(name), runs === undefined ? {} : { runs });

describe.each(DESIGN_METHODS.map(({ name }) => name))('%s', name => {
  test('keeps to the simplex, the bounds and the tokens available, the same for the same seed', () => {
    const limits = fc.record({
      seed: fc.integer({ min: 0, max: 1000 }),
      maxEpochs: fc.double({ min: 1, max: 8, noNaN: true }),
      tokenBudget: fc.double({ min: 5e9, max: 1e11, noNaN: true }),
      bounds: fc.record({
        web: fc.record({ lower: fc.double({ min: 0, max: 0.3, noNaN: true }) }),
        code: fc.record({ upper: fc.double({ min: 0.05, max: 1, noNaN: true }) }),
      }),
    });
    fc.assert(
      fc.property(limits, options => {
        const design = designOf(name, options, 6);
        const { runs } = design;
        const { constraints } = problemOf(options);
        expect(runs).toHaveLength(6);
        for (const { shares } of runs) {
          expect(shares.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 9);
          expect(isWithin(shares, constraints)).toBe(true);
          DOMAINS.forEach((domain, j) => {
            const drawn = shares[j] * options.tokenBudget;
            const most = TOKENS[domain as keyof typeof TOKENS] * options.maxEpochs;
            expect(drawn).toBeLessThanOrEqual(most + 1e-6 * options.tokenBudget);
          });
        }
        expect(new Set(runs.map(run => run.name)).size).toBe(6);
        expect(new Set(runs.map(run => `${run.shares} ${run.seed}`)).size).toBe(6);
        expect(designOf(name, options, 6)).toEqual(design);
      }),
      { seed: 11, numRuns: name === 'optimal' ? 2 : 8 },
    );
  });
});

describe('a design from scratch', () => {
  test.each(['spread', 'dirichlet', 'optimal'])('by %s has two runs a domain, and others for another seed', name => {
    const design = designOf(name);
    expect(design.runs).toHaveLength(8);
    expect(design.mixtures).toBe(8);
    expect(design.warnings.map(({ code }) => code)).not.toContain('few-runs');
    expect(designOf(name, { seed: 1 }).runs.map(run => run.shares)).not.toEqual(design.runs.map(run => run.shares));
  });

  test('by size is proportional to the tokens there are', () => {
    const [{ shares }] = designOf('size').runs;
    expect([...shares]).toEqual([100 / 126, 20 / 126, 5 / 126, 1 / 126].map(share => expect.closeTo(share, 12)));
  });

  test('by size needs the tokens of every domain', () => {
    const problem = makeDesignProblem(DOMAINS, { tokensAvailable: { web: 1e9 } });
    expect(() => designRuns(problem, findDesignMethod('size'))).toThrow('missing tokens available');
  });

  test('without each domain in turn leaves the others in proportion', () => {
    const { runs } = designOf('leave-one-out');
    expect(runs.map(run => run.name)).toEqual(['all', 'without-web', 'without-code', 'without-books', 'without-wiki']);
    expect([...runs[2].shares]).toEqual([100 / 106, 0, 5 / 106, 1 / 106].map(share => expect.closeTo(share, 12)));
  });

  test('repeats the mixtures of a method that has few, with other seeds to train with', () => {
    const { runs, mixtures } = designOf('entropy', { seed: 7 }, 5);
    expect(runs.map(({ name, seed }) => [name, seed])).toEqual([
      ['entropy-shannon', 7],
      ['entropy-joint', 7],
      ['entropy-shannon-2', 8],
      ['entropy-joint-2', 8],
      ['entropy-shannon-3', 9],
    ]);
    expect(mixtures).toBe(2);
  });

  test('takes mixtures of your own under their names, with no word on what they identify', () => {
    const { runs, warnings } = designOf('given', { tokensAvailable: {} }, 4);
    expect(runs.map(({ name, seed }) => [name, seed])).toEqual([
      ['optimum', 0],
      ['v1', 0],
      ['optimum-2', 1],
      ['v1-2', 1],
    ]);
    expect([...runs[2].shares]).toEqual([0.6, 0.3, 0.1, 0].map(share => expect.closeTo(share, 12)));
    expect(warnings).toEqual([]);
    expect(() => designOf('given', { givenMixtures: {} })).toThrow('missing mixtures');
  });

  test('says when a mixture is not allowed as it is, and by how much', () => {
    const { runs, warnings } = designOf('uniform', { bounds: { code: { upper: 0.1 } } });
    expect([...runs[0].shares]).toEqual([0.3, 0.1, 0.3, 0.3].map(share => expect.closeTo(share, 12)));
    expect(warnings[0]).toMatchObject({ code: 'moved', message: expect.stringContaining('15 % of its tokens moved') });
  });

  test('warns of fewer mixtures than the law wants', () => {
    const { warnings } = designOf('spread', {}, 5);
    expect(warnings.map(({ message }) => message).join()).toContain('5 different mixtures are few for bimix-transfer');
  });

  test.each([
    ['leave-one-out', {}, 3, 'leave-one-out has 5 mixtures of 4 domains'],
    ['spread', { bounds: { web: { lower: 0.9 }, code: { lower: 0.2 } } }, 4, 'invalid bounds'],
  ])('refuses what cannot be: %s %j', (name, options, runs, message) => {
    expect(() => designOf(name, options, runs)).toThrow(message);
  });

  test.each([
    [['web'], 'a design needs two or more, and has 1'],
    [['web', 'web'], 'ambiguous domain "web"'],
  ])('refuses the domains %j', (domains, message) => {
    expect(() => makeDesignProblem(domains)).toThrow(message);
  });

  test('knows its methods by name', () => {
    expect(() => findDesignMethod('spred')).toThrow('unknown method "spred"');
  });
});
