import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  randomBounds,
  randomMixture,
  randomNumbers,
  randomTransferObjective,
  transferLoss,
} from '../../test/random-objective.ts';
import { projectToSimplex, type ShareBounds } from '../mixture/index.ts';
import { solveInteriorPoint } from './interior-point.ts';
import { type ConvexFunction, makeObjective, type Objective, type ObjectiveOptions } from './objective.ts';

/** Four domains; the last has no target of its own and helps the others a little. */
function threeTargets(options: ObjectiveOptions = {}): Objective {
  const losses = [
    transferLoss({ own: 0, t: [1, 0.3, 0.05, 0.02], rho: 0.6, sigma: 0.8, floor: 0.3, scale: 2, alpha: 0.15 }),
    transferLoss({ own: 1, t: [0.1, 1, 0.01, 0.4], rho: 0.5, sigma: 0.9, floor: 0.5, scale: 1.5, alpha: 0.3 }),
    transferLoss({ own: 2, t: [0.001, 0.2, 1, 0.05], rho: 0.75, sigma: 0.7, floor: 0.1, scale: 2.5, alpha: 0.2 }),
  ];
  return makeObjective(losses, [0.5, 0.3, 0.2], 4, options);
}

const open = (m: number): ShareBounds => ({ lower: new Float64Array(m), upper: new Float64Array(m).fill(1) });

function expectClose(shares: Float64Array, expected: readonly number[], digits: number): void {
  expected.forEach((share, j) => {
    expect(shares[j]).toBeCloseTo(share, digits);
  });
}

// scipy.optimize.minimize(F, [.25] * 4, jac=G, method='SLSQP', bounds=..., options={'ftol': 1e-16},
//   constraints={'type': 'eq', 'fun': lambda r: r.sum() - 1}), confirmed by method='trust-constr', gtol 1e-12
describe('the interior point agrees with scipy', () => {
  test('without bounds', () => {
    const objective = threeTargets();
    const { shares, gap } = solveInteriorPoint(objective, open(4));
    expectClose(shares, [0.2831269, 0.4560301, 0.2604003, 0.00044274], 6);
    expect(objective.value(shares)).toBeLessThan(2.4651401296324997 + 1e-12);
    expect(gap).toBeLessThan(1e-10);
  });

  test('within bounds', () => {
    const objective = threeTargets();
    const bounds = { lower: Float64Array.of(0.05, 0, 0.1, 0.15), upper: Float64Array.of(0.3, 0.4, 0.4, 1) };
    const { shares } = solveInteriorPoint(objective, bounds);
    expectClose(shares, [0.255190337, 0.365989062, 0.228820601, 0.15], 7);
    expect(objective.value(shares)).toBeLessThan(2.4882078199387134 + 1e-11);
  });

  test('with a pull to a reference', () => {
    // F + 0.05 * (r * log(r / [.4, .3, .2, .1])).sum()
    const objective = threeTargets({ pull: 0.05, reference: Float64Array.of(0.4, 0.3, 0.2, 0.1) });
    const { shares } = solveInteriorPoint(objective, open(4));
    expectClose(shares, [0.312244442, 0.420213096, 0.254594521, 0.012947942], 7);
    expect(objective.value(shares)).toBeLessThan(2.47165074306177 + 1e-12);
  });
});

describe('the interior point', () => {
  test('closes the gap within bounds on random problems, fixed shares and infinite slopes included', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 1, max: 22 }), fc.boolean(), (seed, m, bounded) => {
        const random = randomNumbers(seed);
        const objective = randomTransferObjective(m, random);
        const bounds = bounded ? randomBounds(m, random) : open(m);
        const { shares, gap } = solveInteriorPoint(objective, bounds);
        expect(gap).toBeLessThan(1e-9);
        expect(Math.abs(shares.reduce((a, b) => a + b, 0) - 1)).toBeLessThan(1e-12);
        shares.forEach((share, j) => {
          expect(share).toBeGreaterThanOrEqual(bounds.lower[j]);
          expect(share).toBeLessThanOrEqual(bounds.upper[j]);
        });
      }),
      { numRuns: 200 },
    );
  });

  test('is beaten by no random allowed mixture by more than its gap', () => {
    const random = randomNumbers(11);
    for (let k = 0; k < 20; k++) {
      const objective = randomTransferObjective(8, random);
      const bounds = randomBounds(8, random);
      const { shares, gap } = solveInteriorPoint(objective, bounds);
      const value = objective.value(shares);
      for (let i = 0; i < 10; i++) {
        const other = projectToSimplex(randomMixture(8, random), bounds);
        expect(objective.value(other)).toBeGreaterThanOrEqual(value - gap);
      }
    }
  });

  test('works for 64 domains', () => {
    const random = randomNumbers(64);
    const objective = randomTransferObjective(64, random);
    const bounds = randomBounds(64, random);
    const { gap, iterations } = solveInteriorPoint(objective, bounds);
    expect(gap).toBeLessThan(1e-10);
    expect(iterations).toBeLessThan(60);
  });

  test('does not depend on the order of the domains', () => {
    const coefficients = [0, 1, 2].map(own => ({
      own,
      rho: 0.5 + 0.1 * own,
      sigma: 0.8,
      floor: 0.2,
      scale: 2,
      alpha: 0.2,
    }));
    const t = [
      [1, 0.3, 0.02],
      [0.1, 1, 0.2],
      [0.01, 0.05, 1],
    ];
    const order = [2, 0, 1];
    const straight = makeObjective(
      coefficients.map((c, i) => transferLoss({ ...c, t: t[i] })),
      [1, 2, 3],
      3,
    );
    const permuted = makeObjective(
      order.map(i => transferLoss({ ...coefficients[i], own: order.indexOf(i), t: order.map(j => t[i][j]) })),
      order.map(i => [1, 2, 3][i]),
      3,
    );
    const a = solveInteriorPoint(straight, open(3)).shares;
    const b = solveInteriorPoint(permuted, open(3)).shares;
    expectClose(
      b,
      order.map(i => a[i]),
      6,
    );
  });

  test('never gets worse when bounds are loosened', () => {
    const random = randomNumbers(3);
    for (let k = 0; k < 20; k++) {
      const objective = randomTransferObjective(6, random);
      const tight = randomBounds(6, random);
      const loose = {
        lower: tight.lower.map(share => share * 0.7),
        upper: tight.upper.map(share => share + 0.3 * (1 - share)),
      };
      const before = objective.value(solveInteriorPoint(objective, tight).shares);
      const after = objective.value(solveInteriorPoint(objective, loose).shares);
      expect(after).toBeLessThanOrEqual(before + 1e-10);
    }
  });

  test('reaches an optimum of 1e-12 inside an infinite slope', () => {
    // min r_0 - a r_0^0.5 / 0.5: the optimum is r_0 = a^2 with a = 1e-6
    const tiny: ConvexFunction = {
      value: r => r[0] - 2e-6 * Math.sqrt(r[0]),
      gradient: (r, gradient) => {
        gradient.set([1 - 1e-6 / Math.sqrt(r[0]), 0]);
        return tiny.value(r);
      },
      hessian: (r, hessian) => hessian.set([0.5e-6 * r[0] ** -1.5, 0, 0, 0]),
    };
    const { shares, gap } = solveInteriorPoint(tiny, open(2), { tolerance: 1e-14 });
    expect(shares[0]).toBeGreaterThan(0.9e-12);
    expect(shares[0]).toBeLessThan(1e-10);
    expect(gap).toBeLessThan(1e-14);
  });

  test('gives the only mixture where bounds leave no choice', () => {
    const objective = threeTargets();
    const one = { lower: Float64Array.of(0.1, 0.2, 0.3, 0.4), upper: new Float64Array(4).fill(1) };
    expectClose(solveInteriorPoint(objective, one).shares, [0.1, 0.2, 0.3, 0.4], 12);
    const rest = { lower: Float64Array.of(0.1, 0.2, 0.3, 0), upper: Float64Array.of(0.1, 0.2, 0.3, 1) };
    expectClose(solveInteriorPoint(objective, rest).shares, [0.1, 0.2, 0.3, 0.4], 12);
  });

  test('gives the same bytes again', () => {
    const solve = (): Float64Array =>
      solveInteriorPoint(randomTransferObjective(12, randomNumbers(1)), open(12)).shares;
    expect(solve()).toEqual(solve());
  });

  test('takes a linear objective to a corner', () => {
    const linear: ConvexFunction = {
      value: r => 3 * r[0] + r[1] + 2 * r[2],
      gradient: (r, gradient) => {
        gradient.set([3, 1, 2]);
        return linear.value(r);
      },
      hessian: (_, hessian) => hessian.fill(0),
    };
    const bounds = { lower: Float64Array.of(0.1, 0, 0), upper: Float64Array.of(1, 0.6, 1) };
    expectClose(solveInteriorPoint(linear, bounds).shares, [0.1, 0.6, 0.3], 9);
  });
});
