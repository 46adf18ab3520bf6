import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { allowedMixtures } from './allowed-mixtures.ts';
import { isWithin } from './candidate.ts';

describe('mixtures that fill what is allowed', () => {
  test('lie on the simplex and within bounds of any width', () => {
    const bounds = fc
      .array(fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true })), {
        minLength: 2,
        maxLength: 8,
      })
      .map(pairs => ({
        lower: Float64Array.from(pairs, ([a]) => a / pairs.length),
        upper: Float64Array.from(pairs, ([a, b]) => a / pairs.length + b * (1 - a / pairs.length)),
      }))
      .filter(({ upper }) => upper.reduce((sum, share) => sum + share, 0) >= 1);
    fc.assert(
      fc.property(bounds, fc.integer(), (limits, seed) => {
        for (const shares of allowedMixtures(limits, 20, seed)) {
          expect(shares.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 12);
          expect(isWithin(shares, limits)).toBe(true);
        }
      }),
      { seed: 5, numRuns: 100 },
    );
  });

  test('are Dirichlet(1/2, ..., 1/2) where nothing bounds them', () => {
    const m = 4;
    const bounds = { lower: new Float64Array(m), upper: new Float64Array(m).fill(1) };
    const draws = allowedMixtures(bounds, 20_000, 3);
    for (let j = 0; j < m; j++) {
      const mean = draws.reduce((sum, shares) => sum + shares[j], 0) / draws.length;
      const variance = draws.reduce((sum, shares) => sum + (shares[j] - mean) ** 2, 0) / draws.length;
      expect(Math.abs(mean - 1 / m)).toBeLessThan(0.01);
      // (1/m)(1 - 1/m) / (m/2 + 1)
      expect(Math.abs(variance - ((1 / m) * (1 - 1 / m)) / (m / 2 + 1))).toBeLessThan(0.003);
    }
  });
});
