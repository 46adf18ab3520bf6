import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  randomBounds,
  randomMixture,
  randomNumbers,
  randomPowerObjective,
  randomTransferObjective,
  transferLoss,
} from '../../test/random-objective.ts';
import type { LossOfShares } from '../laws/index.ts';
import { projectToSimplex, type ShareBounds } from '../mixture/index.ts';
import { type Ceiling, withinCeilings } from './ceilings.ts';
import { insideCeilings } from './inside-ceilings.ts';
import { solveInteriorPoint } from './interior-point.ts';
import { makeObjective, type Objective } from './objective.ts';

const LOSSES = [
  transferLoss({ own: 0, t: [1, 0.3, 0.05, 0.02], rho: 0.6, sigma: 0.8, floor: 0.3, scale: 2, alpha: 0.15 }),
  transferLoss({ own: 1, t: [0.1, 1, 0.01, 0.4], rho: 0.5, sigma: 0.9, floor: 0.5, scale: 1.5, alpha: 0.3 }),
  transferLoss({ own: 2, t: [0.001, 0.2, 1, 0.05], rho: 0.75, sigma: 0.7, floor: 0.1, scale: 2.5, alpha: 0.2 }),
];
const objective = makeObjective(LOSSES, [0.5, 0.3, 0.2], 4);
const open: ShareBounds = { lower: new Float64Array(4), upper: new Float64Array(4).fill(1) };
const ceiling = (i: number, limit: number): Ceiling => ({ loss: LOSSES[i], limit });

function solve(list: readonly Ceiling[]): ReturnType<typeof solveInteriorPoint> {
  const { inside } = insideCeilings(list, open);
  if (inside === undefined) throw new Error('no mixture inside the ceilings');
  return solveInteriorPoint(objective, open, { ceilings: { list, inside } });
}

// scipy.optimize.minimize(F, [.25] * 4, method='SLSQP', bounds=[(1e-12, 1)] * 4, options={'ftol': 1e-16}, constraints=[
//   {'type': 'eq', 'fun': lambda r: r.sum() - 1}, {'type': 'ineq', 'fun': lambda r: 2.94 - L3(r)}, ...]); multipliers by
// central differences of the minimum in the limits, h = 1e-5
describe('the interior point below ceilings agrees with scipy', () => {
  test('with one that binds', () => {
    const { shares, gap, multipliers } = solve([ceiling(2, 2.94)]);
    expect(objective.value(shares)).toBeCloseTo(2.4665939320253063, 10);
    [0.259472503, 0.428023128, 0.312090154, 0.000414215].forEach((share, j) => {
      expect(shares[j]).toBeCloseTo(share, 6);
    });
    expect(LOSSES[2].value(shares)).toBeLessThanOrEqual(2.94);
    expect(multipliers[0]).toBeCloseTo(0.056437, 5);
    expect(gap).toBeLessThan(1e-10);
  });

  test('with two that bind', () => {
    const { shares, gap, multipliers } = solve([ceiling(2, 2.94), ceiling(0, 2.44)]);
    expect(objective.value(shares)).toBeCloseTo(2.467197116476229, 9);
    expect(multipliers[0]).toBeCloseTo(0.0946698, 4);
    expect(multipliers[1]).toBeCloseTo(0.125125, 4);
    expect(gap).toBeLessThan(1e-9);
  });

  test('in how near all ceilings can be met together', () => {
    // the least t with L_i(r) / limit_i - 1 <= t, by SLSQP over (r, t)
    const { inside, excess, conflicting } = insideCeilings([ceiling(0, 2.35), ceiling(1, 2.1), ceiling(2, 2.8)], open);
    expect(inside).toBeUndefined();
    expect(Math.abs(excess / 0.0435120853 - 1)).toBeLessThan(1e-3);
    expect(conflicting).toEqual([0, 1, 2]);
  });
});

test('a ceiling far above its loss has no multiplier and changes nothing', () => {
  const { shares, multipliers } = solve([ceiling(0, 9)]);
  expect(multipliers[0]).toBeLessThan(1e-9);
  expect(objective.value(shares)).toBeCloseTo(2.4651401296324997, 11);
});

/** A random problem with ceilings that its reference keeps, some of them barely. */
function randomProblem(seed: number): {
  readonly objective: Objective;
  readonly bounds: ShareBounds;
  readonly list: readonly Ceiling[];
  readonly random: () => number;
  readonly m: number;
} {
  const random = randomNumbers(seed);
  const m = 2 + Math.floor(random() * 6);
  const bounds = randomBounds(m, random, 1e-3);
  const makers = [randomTransferObjective, randomPowerObjective];
  const part = (): Objective => makers[random() < 0.7 ? 0 : 1](m, random);
  const reference = projectToSimplex(randomMixture(m, random), bounds);
  const list = Array.from({ length: 1 + Math.floor(random() * 4) }, () => {
    const loss = asLoss(part());
    return { loss, limit: loss.value(reference) * (1 + 10 ** (-6 * random())) };
  });
  return { objective: part(), bounds, list, random, m };
}

function asLoss(f: Objective): LossOfShares {
  return {
    value: f.value,
    addGradient: (r, weight, gradient) => {
      const own = new Float64Array(r.length);
      const value = f.gradient(r, own);
      for (let j = 0; j < own.length; j++) gradient[j] += weight * own[j];
      return value;
    },
    addHessian: (r, weight, hessian) => {
      const own = new Float64Array(hessian.length);
      f.hessian(r, own);
      for (let j = 0; j < own.length; j++) hessian[j] += weight * own[j];
    },
  };
}

describe('on random problems', () => {
  test('a mixture inside the ceilings is found, and the gap below them closes', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e9 }), seed => {
        const { objective, bounds, list, random, m } = randomProblem(seed);
        const { inside } = insideCeilings(list, bounds);
        expect(inside).toBeDefined();
        if (inside === undefined) return;
        expect(withinCeilings(list, inside)).toBe(true);
        const { shares, gap, multipliers } = solveInteriorPoint(objective, bounds, { ceilings: { list, inside } });
        expect(withinCeilings(list, shares)).toBe(true);
        expect(gap).toBeLessThan(1e-8 * (1 + multipliers.reduce((sum, multiplier) => sum + multiplier, 0)));
        const best = objective.value(shares);
        for (const multiplier of multipliers) expect(multiplier).toBeGreaterThanOrEqual(0);
        for (let trial = 0; trial < 30; trial++) {
          const target = projectToSimplex(randomMixture(m, random), bounds);
          const along = random() ** 3;
          const other = shares.map((share, j) => share + along * (target[j] - share));
          if (withinCeilings(list, other)) expect(objective.value(other)).toBeGreaterThan(best - gap - 1e-12);
        }
      }),
      { numRuns: 100 },
    );
  });

  test('ceilings below what any mixture reaches are distinguished from those that can be met', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e9 }), seed => {
        const { objective, bounds, list, random } = randomProblem(seed);
        const least = objective.value(solveInteriorPoint(objective, bounds).shares);
        const by = 10 ** (-1 - 4 * random());
        const outside = { loss: asLoss(objective), limit: least * (1 - by) };
        const { inside, excess } = insideCeilings([...list, outside], bounds);
        expect(inside).toBeUndefined();
        expect(excess).toBeGreaterThanOrEqual(by * 0.999);
        expect(insideCeilings([{ ...outside, limit: least * (1 + by) }], bounds).inside).toBeDefined();
      }),
      { numRuns: 40 },
    );
  });
});
