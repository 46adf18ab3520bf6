import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bimixFit, transferFit } from '../../test/fitted-laws.ts';
import {
  randomBounds,
  randomMixture,
  randomNumbers,
  randomPowerObjective,
  randomTransferObjective,
} from '../../test/random-objective.ts';
import { BimixError } from '../errors/index.ts';
import { lossUnderRepetition, REPEAT_DECAY, worthAsNew } from '../laws/index.ts';
import { projectToSimplex } from '../mixture/index.ts';
import { budgetPath } from './budget-path.ts';
import { solveInteriorPoint } from './interior-point.ts';
import { makeObjective } from './objective.ts';
import { proposeMixture } from './optimize-mixture.ts';

const shape = { E: 0.2, C: 1, alpha: 0.3, B: 0.5, beta: 0.4, rho: 0.7, sigma: 0.8 };
const fitted = transferFit(
  ['web', 'code'],
  [
    { target: 'web', own: 'web', ...shape, t: { code: 0.02 } },
    { target: 'code', own: 'code', ...shape, t: { web: 0.02 } },
  ],
);
const volume = { unit: 'tokens', value: 100e9 } as const;
const scarce = { volume, tokensAvailable: { code: 2e9 } };

describe('a small domain of high value', () => {
  const plain = proposeMixture(fitted, scarce);
  const capped = proposeMixture(fitted, { ...scarce, maxEpochs: 4 });
  const valued = proposeMixture(fitted, { ...scarce, repeatDecay: REPEAT_DECAY });

  test('is read several times, but not as often as if every token were new', () => {
    expect(plain.epochs.code).toBeGreaterThan(24);
    expect(capped.epochs.code).toBeCloseTo(4, 9);
    expect(valued.epochs.code).toBeGreaterThan(4);
    expect(valued.epochs.code).toBeLessThan(0.9 * (plain.epochs.code ?? 0));
    expect(valued.gap).toBeLessThan(1e-10);
  });

  test('is worth less than it draws, which is said', () => {
    expect(valued.repetition?.decay).toBe(REPEAT_DECAY);
    expect(valued.repetition?.worth.code).toBeCloseTo(worthAsNew(valued.tokens?.code ?? 0, 2e9, REPEAT_DECAY), 3);
    expect(valued.repetition?.worth.web).toBe(valued.tokens?.web);
    expect(plain.repetition).toBeNull();
    const { code } = valued.epochs;
    expect(valued.warnings.some(warning => warning.code === 'many-epochs')).toBe((code ?? 0) > 1 + REPEAT_DECAY);
  });

  test('saturates as the budget grows: its worth ends below U (1 + R*)', () => {
    const { points } = budgetPath(fitted, 'tokens', [1e9, 10e9, 100e9, 1e12, 10e12], {
      tokensAvailable: { code: 2e9 },
      repeatDecay: REPEAT_DECAY,
    });
    const shares = points.map(({ mixture }) => mixture.code);
    expect(shares).toEqual([...shares].sort((a, b) => b - a));
    expect(points[0].epochs).toEqual({ web: null, code: shares[0] / 2 });
    for (const { gap, volume: tokens, mixture } of points) {
      expect(gap).toBeLessThan(1e-9);
      expect(worthAsNew(mixture.code * tokens, 2e9, REPEAT_DECAY)).toBeLessThan(2e9 * (1 + REPEAT_DECAY));
    }
    expect(points[4].epochs.code).toBeLessThan(120);
  });

  test('has losses no better than with tokens that are all new, and no worse than under the cap', () => {
    expect(valued.objective).toBeGreaterThan(plain.objective);
    const atCap = proposeMixture(fitted, { ...scarce, repeatDecay: REPEAT_DECAY, maxEpochs: 4 });
    expect(valued.objective).toBeLessThan(atCap.objective);
  });

  test('has the freedom of the mixtures within 0.1 % under repetition', () => {
    const options = { ...scarce, repeatDecay: REPEAT_DECAY };
    const { from, to } = valued.freedom.code;
    for (const [share, isWithin] of [
      [from + 1e-3, true],
      [to - 1e-3, true],
      [from - 1e-3, false],
      [to + 1e-3, false],
    ] as const) {
      const { objective } = proposeMixture(fitted, { ...options, bounds: { code: { lower: share, upper: share } } });
      expect(objective <= valued.objective * 1.001).toBe(isWithin);
    }
  });
});

test('under BiMix, slopes in effective shares times what a token is worth are equal', () => {
  const bimix = bimixFit({ web: [2.5, 0.3, 0.6, 0.3], code: [1.0, 0.4, 0.5, 0.5], books: [2.8, 0.2, 0.4, 0.4] });
  const volume = { unit: 'tokens', value: 20e9 } as const;
  const tokensAvailable = { code: 0.5e9, books: 1e9 };
  const { mixture, gap, method } = proposeMixture(bimix, { volume, tokensAvailable, repeatDecay: 10 });
  expect(method).toBe('interior point');
  expect(gap).toBeLessThan(1e-10);
  const slopes = bimix.targets.map(({ target, coefficients: { C, alpha, B } }) => {
    const available = (tokensAvailable as Record<string, number>)[target] ?? Number.POSITIVE_INFINITY;
    const drawn = mixture[target] * 20e9;
    const effective = worthAsNew(drawn, available, 10) / 20e9;
    const last = drawn > available ? Math.exp((1 - drawn / available) / 10) : 1;
    return alpha * (B + C) * effective ** (-alpha - 1) * last;
  });
  expect(slopes[1] / slopes[0]).toBeCloseTo(1, 4);
  expect(slopes[2] / slopes[0]).toBeCloseTo(1, 4);
});

test('where tokens are plenty, repetition changes nothing, the exact method included', () => {
  const bimix = bimixFit({ web: [2.5, 0.3, 0.6, 0.3], code: [1.0, 0.4, 0.5, 0.5] });
  const options = { volume, tokensAvailable: { web: 200e9, code: 100e9 } };
  const { repetition, ...counted } = proposeMixture(bimix, { ...options, repeatDecay: 15.4 });
  expect(repetition?.worth).toEqual(counted.tokens);
  expect(counted).toEqual({ ...proposeMixture(bimix, options), repetition: undefined });
});

test('the gap closes on random problems under repetition, kinks included', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1e9 }), seed => {
      const random = randomNumbers(seed);
      const m = 2 + Math.floor(random() * 6);
      const inner = (random() < 0.7 ? randomTransferObjective : randomPowerObjective)(m, random);
      const available = Float64Array.from({ length: m }, () =>
        random() < 0.3 ? Number.POSITIVE_INFINITY : Math.exp(-7 * random()),
      );
      const loss = lossUnderRepetition(
        {
          falling: true,
          value: inner.value,
          addGradient: (r, weight, gradient) => {
            const own = new Float64Array(m);
            const value = inner.gradient(r, own);
            for (let j = 0; j < m; j++) gradient[j] += weight * own[j];
            return value;
          },
          addHessian: (r, weight, hessian) => {
            const own = new Float64Array(m * m);
            inner.hessian(r, own);
            for (let j = 0; j < m * m; j++) hessian[j] += weight * own[j];
          },
        },
        { tokens: 1, available, decay: 0.5 + 20 * random() },
        0,
      );
      const objective = makeObjective([loss], [1], m);
      const bounds = randomBounds(m, random, 1e-3);
      const { shares, gap } = solveInteriorPoint(objective, bounds);
      const value = objective.value(shares);
      expect(gap).toBeLessThan(1e-8 * Math.max(1, value));
      for (let trial = 0; trial < 20; trial++) {
        const other = projectToSimplex(randomMixture(m, random), bounds);
        expect(objective.value(other)).toBeGreaterThanOrEqual(value - gap - 1e-12);
      }
    }),
    { numRuns: 150 },
  );
});

describe('repetition that cannot be counted', () => {
  test.each([
    [{ volume, repeatDecay: 15.4 }, 'missing-tokens-available'],
    [{ ...scarce, repeatDecay: 0 }, 'invalid-repetition'],
    [{ ...scarce, repeatDecay: Number.NaN }, 'invalid-repetition'],
  ])('%o is refused', (options, code) => {
    try {
      proposeMixture(fitted, options);
      expect.unreachable();
    } catch (error) {
      expect((error as BimixError).code).toBe(code);
    }
  });

  test('for a budget in steps of unknown size', () => {
    const inSteps = transferFit(['web'], [{ target: 'web', own: 'web', ...shape, t: {} }], {
      volume: { unit: 'steps', scale: 1000, smallest: 100, largest: 1000 },
    });
    const options = { volume: { unit: 'steps', value: 1000 }, tokensAvailable: { web: 1e9 }, repeatDecay: 15 } as const;
    expect(() => proposeMixture(inSteps, options)).toThrow(BimixError);
    expect(() => proposeMixture(inSteps, options)).toThrow('missing token budget');
  });
});
