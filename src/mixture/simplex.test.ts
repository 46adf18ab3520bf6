import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BimixError } from '../errors/index.ts';
import {
  isFeasible,
  klDivergence,
  leastLinear,
  projectToSimplex,
  type ShareBounds,
  totalVariation,
} from './simplex.ts';

const total = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0);
const dot = (a: Float64Array, b: Float64Array): number => a.reduce((sum, value, j) => sum + value * b[j], 0);
const boundsOf = (lower: number[], upper: number[]): ShareBounds => ({
  lower: Float64Array.from(lower),
  upper: Float64Array.from(upper),
});

/** Random bounds around a random mixture, so that they are feasible; a point; another feasible mixture. */
const problem = fc
  .integer({ min: 1, max: 12 })
  .chain(m =>
    fc.record({
      weights: fc.array(fc.double({ min: 0.001, max: 1, noNaN: true }), { minLength: m, maxLength: m }),
      below: fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: m, maxLength: m }),
      above: fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: m, maxLength: m }),
      point: fc.array(fc.double({ min: -3, max: 3, noNaN: true }), { minLength: m, maxLength: m }),
    }),
  )
  .map(({ weights, below, above, point }) => {
    const sum = weights.reduce((a, b) => a + b, 0);
    const feasible = Float64Array.from(weights, weight => weight / sum);
    const bounds = {
      lower: feasible.map((share, j) => share * below[j]),
      upper: feasible.map((share, j) => share + (1 - share) * above[j]),
    };
    return { feasible, bounds, point: Float64Array.from(point) };
  });

describe('projection onto the bounded simplex', () => {
  test('gives what a general convex solver gives', () => {
    // from scipy.optimize import minimize
    // minimize(lambda r: ((r-v)**2).sum(), r0, bounds=list(zip(lo, hi)), method='SLSQP', tol=1e-15,
    //          constraints={'type': 'eq', 'fun': lambda r: r.sum() - 1}).x
    // v = [0.9, 0.4, -0.2, 0.1], lo = [0, 0.05, 0.1, 0], hi = [0.5, 1, 1, 1]
    const r = projectToSimplex(Float64Array.of(0.9, 0.4, -0.2, 0.1), boundsOf([0, 0.05, 0.1, 0], [0.5, 1, 1, 1]));
    expect([...r].map(share => Number(share.toFixed(12)))).toEqual([0.5, 0.35, 0.1, 0.05]);
  });

  test('is a mixture within the bounds', () => {
    fc.assert(
      fc.property(problem, ({ bounds, point }) => {
        const r = projectToSimplex(point, bounds);
        expect(Math.abs(total(r) - 1)).toBeLessThan(1e-12);
        r.forEach((share, j) => {
          expect(share).toBeGreaterThanOrEqual(bounds.lower[j]);
          expect(share).toBeLessThanOrEqual(bounds.upper[j]);
        });
      }),
    );
  });

  test('meets the obtuse angle condition: (point - r).(v - r) <= 0 for every mixture v within the bounds', () => {
    fc.assert(
      fc.property(problem, ({ bounds, point, feasible }) => {
        const r = projectToSimplex(point, bounds);
        const outward = point.map((value, j) => value - r[j]);
        const towards = feasible.map((value, j) => value - r[j]);
        expect(dot(outward, towards)).toBeLessThan(1e-10);
      }),
    );
  });

  test('leaves a mixture within the bounds where it is', () => {
    fc.assert(
      fc.property(problem, ({ bounds, feasible }) => {
        expect(totalVariation(projectToSimplex(feasible, bounds), feasible)).toBeLessThan(1e-12);
      }),
    );
  });
});

describe('linear minimization over the bounded simplex', () => {
  test('fills the cheapest domains first', () => {
    const shares = leastLinear(Float64Array.of(3, 1, 2), boundsOf([0.1, 0, 0.1], [1, 0.5, 1]));
    expect([...shares].map(share => Number(share.toFixed(12)))).toEqual([0.1, 0.5, 0.4]);
  });

  test('is a mixture within the bounds that no other beats', () => {
    fc.assert(
      fc.property(problem, ({ bounds, point, feasible }) => {
        const shares = leastLinear(point, bounds);
        expect(Math.abs(total(shares) - 1)).toBeLessThan(1e-12);
        expect(dot(point, shares)).toBeLessThanOrEqual(dot(point, feasible) + 1e-10);
      }),
    );
  });

  test('gives everything it can to a domain of infinite gain', () => {
    const cost = Float64Array.of(0, Number.NEGATIVE_INFINITY);
    expect([...leastLinear(cost, boundsOf([0, 0], [1, 0.75]))]).toEqual([0.25, 0.75]);
  });
});

describe('feasibility', () => {
  test('needs lower <= upper and sums on both sides of 1', () => {
    expect(isFeasible(boundsOf([0.2, 0.2], [0.6, 0.6]))).toBe(true);
    expect(isFeasible(boundsOf([0.5, 0.5], [0.5, 0.5]))).toBe(true);
    expect(isFeasible(boundsOf([0.7, 0.7], [1, 1]))).toBe(false);
    expect(isFeasible(boundsOf([0, 0], [0.4, 0.4]))).toBe(false);
    expect(isFeasible(boundsOf([0.5, 0], [0.4, 1]))).toBe(false);
  });

  test('is asked for before anything is projected', () => {
    expect(() => projectToSimplex(Float64Array.of(1, 0), boundsOf([0, 0], [0.4, 0.4]))).toThrow(BimixError);
    expect(() => leastLinear(Float64Array.of(1, 0), boundsOf([0, 0], [0.4, 0.4]))).toThrow(/upper bounds to 0.8/);
  });
});

describe('distances between mixtures', () => {
  test('match scipy', () => {
    // scipy.stats.entropy([.2, .3, .5], [.4, .4, .2]); 0.5 * np.abs(p - q).sum()
    expect(klDivergence([0.2, 0.3, 0.5], [0.4, 0.4, 0.2])).toBeCloseTo(0.2332113080895542, 14);
    expect(totalVariation([0.2, 0.3, 0.5], [0.4, 0.4, 0.2])).toBeCloseTo(0.3, 14);
  });

  test('count an empty domain as nothing, and a share the reference has not as infinite', () => {
    expect(klDivergence([0, 1], [0.5, 0.5])).toBeCloseTo(Math.LN2, 14);
    expect(klDivergence([0.5, 0.5], [0, 1])).toBe(Number.POSITIVE_INFINITY);
    expect(totalVariation([1, 0], [0, 1])).toBe(1);
  });
});
