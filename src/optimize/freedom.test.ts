import { describe, expect, test } from 'vitest';
import {
  powerLoss,
  randomBounds,
  randomMixture,
  randomNumbers,
  randomTransferObjective,
  transferLoss,
} from '../../test/random-objective.ts';
import { projectToSimplex, type ShareBounds } from '../mixture/index.ts';
import { shareFreedom } from './freedom.ts';
import { solveInteriorPoint } from './interior-point.ts';
import { makeObjective } from './objective.ts';

const open = (m: number): ShareBounds => ({ lower: new Float64Array(m), upper: new Float64Array(m).fill(1) });

describe('the freedom of shares', () => {
  test('agrees with scipy', () => {
    // minimize(lambda r: +-r[j], r0, method='SLSQP', bounds=[(1e-12, 1)] * 4, constraints=[sum(r) == 1,
    //   F(r) <= 1.001 F*]) from twelve random r0 near the optimum, the farthest end kept
    const losses = [
      transferLoss({ own: 0, t: [1, 0.3, 0.05, 0.02], rho: 0.6, sigma: 0.8, floor: 0.3, scale: 2, alpha: 0.15 }),
      transferLoss({ own: 1, t: [0.1, 1, 0.01, 0.4], rho: 0.5, sigma: 0.9, floor: 0.5, scale: 1.5, alpha: 0.3 }),
      transferLoss({ own: 2, t: [0.001, 0.2, 1, 0.05], rho: 0.75, sigma: 0.7, floor: 0.1, scale: 2.5, alpha: 0.2 }),
    ];
    const objective = makeObjective(losses, [0.5, 0.3, 0.2], 4);
    const best = solveInteriorPoint(objective, open(4)).shares;
    const expected = [
      [0.2135877286, 0.3580504722],
      [0.3713485099, 0.5439153464],
      [0.1966825057, 0.3294835793],
      [0, 0.0241893325],
    ];
    shareFreedom(objective, open(4), best).forEach(({ from, to }, j) => {
      expect(Math.abs(from - expected[j][0])).toBeLessThan(2e-5);
      expect(Math.abs(to - expected[j][1])).toBeLessThan(2e-5);
    });
  });

  test('agrees with a search along the only line there is between two domains', () => {
    const objective = makeObjective([powerLoss(0, 2, 0.1), powerLoss(1, 3, 0.2)], [1, 1], 2);
    const best = solveInteriorPoint(objective, open(2)).shares;
    const limit = 1.001 * objective.value(best);
    const end = (outside: number): number => {
      let inside = best[0];
      for (let step = 0; step < 60; step++) {
        const share = (inside + outside) / 2;
        if (objective.value(Float64Array.of(share, 1 - share)) <= limit) inside = share;
        else outside = share;
      }
      return inside;
    };
    const [first, second] = shareFreedom(objective, open(2), best);
    expect(first.from).toBeCloseTo(end(0), 5);
    expect(first.to).toBeCloseTo(end(1), 5);
    expect(second.from).toBeCloseTo(1 - end(1), 5);
    expect(second.to).toBeCloseTo(1 - end(0), 5);
  });

  test('holds every allowed mixture within the tolerance, and the optimum', () => {
    const random = randomNumbers(21);
    let within = 0;
    for (let k = 0; k < 10; k++) {
      const objective = randomTransferObjective(5, random);
      const bounds = randomBounds(5, random);
      const best = solveInteriorPoint(objective, bounds).shares;
      const freedom = shareFreedom(objective, bounds, best);
      const limit = 1.001 * objective.value(best);
      for (let i = 0; i < 300; i++) {
        const near = 10 ** (-2 * random());
        const other = randomMixture(5, random).map((share, j) => best[j] + near * (share - best[j]));
        const allowed = projectToSimplex(other, bounds);
        if (objective.value(allowed) > limit) continue;
        within++;
        allowed.forEach((share, j) => {
          expect(share).toBeGreaterThanOrEqual(freedom[j].from - 1e-12);
          expect(share).toBeLessThanOrEqual(freedom[j].to + 1e-12);
        });
      }
      best.forEach((share, j) => {
        expect(freedom[j].from).toBeLessThanOrEqual(share);
        expect(freedom[j].to).toBeGreaterThanOrEqual(share);
      });
    }
    expect(within).toBeGreaterThan(100);
  });

  test('grows with the tolerance and never leaves the bounds', () => {
    const random = randomNumbers(8);
    const objective = randomTransferObjective(6, random);
    const bounds = randomBounds(6, random);
    const best = solveInteriorPoint(objective, bounds).shares;
    const ranges = [1e-4, 1e-3, 1e-2, 1e-1].map(tolerance => shareFreedom(objective, bounds, best, tolerance));
    for (let k = 0; k < ranges.length; k++) {
      ranges[k].forEach(({ from, to }, j) => {
        expect(from).toBeGreaterThanOrEqual(bounds.lower[j]);
        expect(to).toBeLessThanOrEqual(bounds.upper[j]);
        if (k === 0) return;
        expect(from).toBeLessThanOrEqual(ranges[k - 1][j].from + 1e-5);
        expect(to).toBeGreaterThanOrEqual(ranges[k - 1][j].to - 1e-5);
      });
    }
  });

  test('of a domain no target feels is all its bounds allow', () => {
    const objective = makeObjective([powerLoss(0, 2, 0.001), powerLoss(1, 2, 0.001)], [1, 1], 3);
    const bounds = { lower: new Float64Array(3).fill(1e-3), upper: Float64Array.of(1, 1, 0.3) };
    const best = Float64Array.of(0.4995, 0.4995, 0.001);
    const [, , third] = shareFreedom(objective, bounds, best);
    expect(third.from).toBeCloseTo(0.001, 6);
    expect(third.to).toBeCloseTo(0.3, 5);
  });

  test('is none where bounds leave none', () => {
    const objective = makeObjective([powerLoss(0, 2, 0.1), powerLoss(1, 2, 0.1), powerLoss(2, 2, 0.1)], [1, 1, 1], 3);
    const bounds = { lower: Float64Array.of(0.2, 0, 0), upper: Float64Array.of(0.2, 1, 1) };
    const best = solveInteriorPoint(objective, bounds).shares;
    expect(shareFreedom(objective, bounds, best)[0]).toEqual({ from: 0.2, to: 0.2 });
    const only = { lower: Float64Array.of(0.2, 0.3, 0.5), upper: new Float64Array(3).fill(1) };
    for (const { from, to } of shareFreedom(objective, only, only.lower)) expect(to - from).toBeLessThan(1e-12);
  });
});
