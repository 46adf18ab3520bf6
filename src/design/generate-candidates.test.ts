import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { totalVariation } from '../mixture/index.ts';
import { generateCandidates } from './generate-candidates.ts';

const open = { lower: new Float64Array(4), upper: new Float64Array(4).fill(1) };
const optimum = Float64Array.of(0.5, 0.5, 0, 0);
const mean = Float64Array.of(0.25, 0.25, 0.25, 0.25);

describe('generated candidates', () => {
  test('begin with the optimum, none twice, near and far', () => {
    const candidates = generateCandidates({ bounds: open, optimum, mean });
    expect([...candidates[0].shares]).toEqual([...optimum]);
    expect(candidates.length).toBeGreaterThan(300);
    expect(new Set(candidates.map(({ name }) => name)).size).toBe(candidates.length);
    const distances = candidates.slice(1).map(({ shares }) => totalVariation(shares, optimum));
    expect(Math.min(...distances)).toBeGreaterThanOrEqual(1e-3);
    expect(Math.min(...distances)).toBeLessThan(0.1);
    expect(Math.max(...distances)).toBeGreaterThan(0.8);
  });

  test('are mixtures within the bounds', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1000 }), fc.double({ min: 0.3, max: 0.6, noNaN: true }), (seed, most) => {
        const bounds = { lower: Float64Array.of(0, 0, 0, 0.1), upper: new Float64Array(4).fill(most) };
        const centre = Float64Array.of(0.3, 0.3, 0.2, 0.2);
        for (const { shares } of generateCandidates({ bounds, optimum: centre, mean, count: 60, seed })) {
          expect(shares.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 9);
          shares.forEach((share, j) => {
            expect(share).toBeGreaterThanOrEqual(bounds.lower[j] - 1e-6);
            expect(share).toBeLessThanOrEqual(bounds.upper[j] + 1e-6);
          });
        }
      }),
      { numRuns: 20 },
    );
  });

  test('are the same for the same seed only', () => {
    const draw = (seed: number): string =>
      JSON.stringify(generateCandidates({ bounds: open, optimum, mean, count: 80, seed }));
    expect(draw(1)).toBe(draw(1));
    expect(draw(1)).not.toBe(draw(2));
  });

  test('are one where the bounds leave one mixture', () => {
    const bounds = { lower: mean, upper: mean };
    expect(generateCandidates({ bounds, optimum: mean, mean }).length).toBe(1);
  });
});
