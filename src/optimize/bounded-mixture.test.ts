import fc from 'fast-check';
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { describe, expect, test } from 'vitest';
import { klDivergence, makeMixture, mixtureToRecord } from '../mixture/index.ts';
import { nearestAllowedMixture } from './bounded-mixture.ts';

const wanted = makeMixture({ web: 0.5, code: 0.3, books: 0.2 });

describe('the nearest allowed mixture', () => {
  test('is the wanted one when that is allowed', () => {
    const { mixture, divergence, activeBounds } = nearestAllowedMixture(wanted, {});
    expect(mixture.proportions).toEqual(wanted.proportions);
    expect(divergence).toBe(0);
    expect(activeBounds).toEqual([]);
  });

  test('gives what a scarce domain cannot take to the others in proportion', () => {
    const { mixture, divergence, activeBounds } = nearestAllowedMixture(wanted, {
      tokensAvailable: { code: 5e9 },
      maxEpochs: 2,
      tokenBudget: 1e11,
    });
    expect(mixtureToRecord(mixture)).toEqual({
      web: expect.closeTo((0.9 * 5) / 7, 15),
      code: expect.closeTo(0.1, 15),
      books: expect.closeTo((0.9 * 2) / 7, 15),
    });
    expect(divergence).toBeCloseTo(0.9 * Math.log(9 / 7) + 0.1 * Math.log(1 / 3), 14);
    expect(activeBounds).toEqual([{ domain: 'code', bound: 'tokens available', share: expect.closeTo(0.1, 15) }]);
  });

  test('fills one bound after another', () => {
    const { mixture, activeBounds } = nearestAllowedMixture(wanted, {
      bounds: { web: { upper: 0.3 }, code: { upper: 0.35 } },
    });
    expect(mixtureToRecord(mixture)).toEqual({ web: 0.3, code: 0.35, books: expect.closeTo(0.35, 15) });
    expect(activeBounds.map(({ domain }) => domain)).toEqual(['web', 'code']);
  });

  test('takes from all what a lower bound wants', () => {
    const { mixture } = nearestAllowedMixture(wanted, { bounds: { books: { lower: 0.6 } } });
    expect(mixtureToRecord(mixture)).toEqual({
      web: expect.closeTo(0.25, 15),
      code: expect.closeTo(0.15, 15),
      books: 0.6,
    });
  });

  test('is the only one when the bounds leave one', () => {
    const bounds = { web: { lower: 0.1, upper: 0.1 }, code: { upper: 0.3 }, books: { upper: 0.6 } };
    expect(mixtureToRecord(nearestAllowedMixture(wanted, { bounds }).mixture)).toEqual({
      web: 0.1,
      code: 0.3,
      books: 0.6,
    });
    const lowest = { web: { lower: 0.5 }, code: { lower: 0.4 }, books: { lower: 0.1 } };
    expect(mixtureToRecord(nearestAllowedMixture(wanted, { bounds: lowest }).mixture)).toEqual({
      web: 0.5,
      code: 0.4,
      books: expect.closeTo(0.1, 15),
    });
  });

  test('keeps within the bounds, sums to 1 and is nearer than any other', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 2, max: 25 }), (seed, m) => {
        const random = xoroshiro128plus(seed);
        const uniform = (): number => uniformFloat64(random);
        const names = Array.from({ length: m }, (_, j) => `d${j}`);
        const target = makeMixture(Object.fromEntries(names.map(name => [name, 1e-6 + uniform() ** 4])), {
          sumTolerance: Number.POSITIVE_INFINITY,
        });
        const bounds = Object.fromEntries(
          names.map(name => [name, { lower: (uniform() * 0.5) / m, upper: Math.min(1, (1 + 4 * uniform()) / m) }]),
        );
        const { mixture, divergence } = nearestAllowedMixture(target, { bounds });
        const shares = mixture.proportions;
        expect(Math.abs(shares.reduce((a, b) => a + b) - 1)).toBeLessThan(1e-12);
        shares.forEach((share, j) => {
          expect(share).toBeGreaterThanOrEqual(bounds[names[j]].lower);
          expect(share).toBeLessThanOrEqual(bounds[names[j]].upper);
        });
        // Moving a little from one domain to another, where the bounds let it, never helps.
        for (let trial = 0; trial < 20; trial++) {
          const [from, to] = [Math.floor(uniform() * m), Math.floor(uniform() * m)];
          const room = Math.min(shares[from] - bounds[names[from]].lower, bounds[names[to]].upper - shares[to]);
          const moved = shares.slice();
          moved[from] -= 0.3 * uniform() * room;
          moved[to] += shares[from] - moved[from];
          expect(klDivergence(moved, target.proportions)).toBeGreaterThanOrEqual(divergence - 1e-12);
        }
      }),
    );
  });

  test('gives a domain the mixture has none of its lower bound and no more', () => {
    const without = makeMixture({ web: 0.6, code: 0.4, books: 0 });
    const { mixture } = nearestAllowedMixture(without, { bounds: { books: { lower: 0.1 } } });
    expect(mixtureToRecord(mixture)).toEqual({
      web: expect.closeTo(0.54, 15),
      code: expect.closeTo(0.36, 15),
      books: 0.1,
    });
    expect(() =>
      nearestAllowedMixture(without, { bounds: { web: { upper: 0.3 }, code: { upper: 0.5 } } }),
    ).toThrowError(
      'invalid bounds: the domains that the mixture draws from may take at most 0.8 of the tokens, and the rest would go to "books", of which it has none',
    );
  });

  test('does not exist when the bounds clash', () => {
    expect(() =>
      nearestAllowedMixture(wanted, {
        tokensAvailable: { web: 1e9, code: 1e9, books: 1e9 },
        maxEpochs: 4,
        tokenBudget: 1e11,
      }),
    ).toThrowError(expect.objectContaining({ code: 'invalid-bounds' }));
    expect(() => nearestAllowedMixture(wanted, { bounds: { wbe: { upper: 0.3 } } })).toThrowError(
      expect.objectContaining({ code: 'unknown-domain' }),
    );
  });
});
