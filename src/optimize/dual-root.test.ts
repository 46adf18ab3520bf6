import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  powerLoss,
  randomBounds,
  randomMixture,
  randomNumbers,
  randomPowerObjective,
} from '../../test/random-objective.ts';
import type { ShareBounds } from '../mixture/index.ts';
import { dualityGap } from './certificate.ts';
import { solveDualRoot } from './dual-root.ts';
import { solveInteriorPoint } from './interior-point.ts';
import { makeObjective, type Objective, type ObjectiveOptions, type SeparableParts } from './objective.ts';

const K = [2.1, 1.4, 3.0, 0.8];
const ALPHA = [0.12, 0.3, 0.08, 0.2];

function powers(options: ObjectiveOptions = {}): Objective {
  const losses = K.map((scale, j) => powerLoss(j, scale, ALPHA[j]));
  return makeObjective(losses, [1, 1, 1, 1], 4, options);
}

const open = (m: number, least = 1e-3): ShareBounds => ({
  lower: new Float64Array(m).fill(least),
  upper: new Float64Array(m).fill(1),
});

function parts(objective: Objective): SeparableParts {
  if (objective.separable === null) throw new Error('not separable');
  return objective.separable;
}

function gapOf(objective: Objective, shares: Float64Array, bounds: ShareBounds): number {
  const gradient = new Float64Array(shares.length);
  objective.gradient(shares, gradient);
  return dualityGap(gradient, shares, bounds);
}

function expectClose(shares: Float64Array, expected: readonly number[], digits: number): void {
  expected.forEach((share, j) => {
    expect(shares[j]).toBeCloseTo(share, digits);
  });
}

describe('the dual root', () => {
  test('has the closed form where all exponents are one: shares go with K^(1 / (alpha + 1))', () => {
    const losses = K.map((scale, j) => powerLoss(j, scale, 0.25));
    const { shares } = solveDualRoot(parts(makeObjective(losses, [1, 1, 1, 1], 4)), open(4));
    const ideal = K.map(scale => scale ** (1 / 1.25));
    const sum = ideal.reduce((a, b) => a + b, 0);
    expectClose(
      shares,
      ideal.map(value => value / sum),
      14,
    );
  });

  test('agrees with scipy without bounds', () => {
    // scipy.optimize.minimize(lambda r: (K * r**-a).mean(), [.25] * 4, jac=..., method='SLSQP',
    //   bounds=[(1e-3, 1)] * 4, constraints={'type': 'eq', 'fun': lambda r: r.sum() - 1}, options={'ftol': 1e-16})
    // fun 2.2250421401578437; trust-constr gives the same shares within 3e-10
    const objective = powers();
    const { shares } = solveDualRoot(parts(objective), open(4));
    expectClose(shares, [0.222990068, 0.406607883, 0.2016175, 0.168784549], 8);
    expect(objective.value(shares)).toBeLessThanOrEqual(2.2250421401578437 + 1e-15);
    expect(gapOf(objective, shares, open(4))).toBeLessThan(1e-14);
  });

  test('agrees with scipy within bounds', () => {
    // the same with bounds=[(1e-3, .2), (.1, .35), (.02, 1), (.3, 1)]: fun 2.243128926638136
    const bounds = { lower: Float64Array.of(1e-3, 0.1, 0.02, 0.3), upper: Float64Array.of(0.2, 0.35, 1, 1) };
    const objective = powers();
    const { shares } = solveDualRoot(parts(objective), bounds);
    expectClose(shares, [0.185765337, 0.34740642, 0.166828243, 0.3], 8);
    expect(objective.value(shares)).toBeLessThanOrEqual(2.243128926638136 + 1e-15);
  });

  test('agrees with scipy with a pull to a reference', () => {
    // the same without bounds, plus 0.5 * (r * log(r / [.4, .3, .2, .1])).sum(): fun 2.2436437789048496
    const objective = powers({ pull: 0.5, reference: Float64Array.of(0.4, 0.3, 0.2, 0.1) });
    const { shares } = solveDualRoot(parts(objective), open(4));
    expectClose(shares, [0.32034845, 0.349157987, 0.201098066, 0.129395497], 8);
    expect(objective.value(shares)).toBeLessThanOrEqual(2.2436437789048496 + 1e-15);
    expect(gapOf(objective, shares, open(4))).toBeLessThan(1e-14);
  });

  test('sums to 1, keeps the bounds and closes the gap on random problems', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 1, max: 30 }), fc.boolean(), (seed, m, pulled) => {
        const random = randomNumbers(seed);
        const pull = pulled ? { pull: 10 ** (4 * random() - 4), reference: randomMixture(m, random) } : {};
        const objective = randomPowerObjective(m, random, pull);
        const bounds = randomBounds(m, random, 1e-3);
        const { shares } = solveDualRoot(parts(objective), bounds);
        expect(Math.abs(shares.reduce((a, b) => a + b, 0) - 1)).toBeLessThan(1e-14);
        shares.forEach((share, j) => {
          expect(share).toBeGreaterThanOrEqual(bounds.lower[j]);
          expect(share).toBeLessThanOrEqual(bounds.upper[j]);
        });
        expect(gapOf(objective, shares, bounds)).toBeLessThan(1e-11);
      }),
    );
  });

  test('finds what the interior point finds', () => {
    const random = randomNumbers(5);
    for (let k = 0; k < 20; k++) {
      const objective = randomPowerObjective(9, random);
      const bounds = randomBounds(9, random, 1e-3);
      const exact = solveDualRoot(parts(objective), bounds).shares;
      const general = solveInteriorPoint(objective, bounds).shares;
      expect(objective.value(exact)).toBeLessThanOrEqual(objective.value(general) + 1e-14);
      expect(objective.value(general) - objective.value(exact)).toBeLessThan(1e-10);
    }
  });

  test('serves several losses of one domain', () => {
    const losses = [powerLoss(0, 2, 0.1), powerLoss(0, 1, 0.5), powerLoss(1, 1.5, 0.2)];
    const objective = makeObjective(losses, [1, 1, 1], 2);
    const { shares } = solveDualRoot(parts(objective), open(2));
    expect(gapOf(objective, shares, open(2))).toBeLessThan(1e-14);
    expect(shares[0]).toBeGreaterThan(shares[1]);
  });

  test('gives a domain without a loss its lower bound, and what no other may take', () => {
    const objective = makeObjective([powerLoss(0, 2, 0.1), powerLoss(1, 2, 0.1)], [1, 1], 4);
    expectClose(solveDualRoot(parts(objective), open(4, 0.05)).shares, [0.45, 0.45, 0.05, 0.05], 14);
    const capped = { lower: new Float64Array(4).fill(0.05), upper: Float64Array.of(0.2, 0.3, 0.45, 0.85) };
    expectClose(solveDualRoot(parts(objective), capped).shares, [0.2, 0.3, 0.05 + 0.4 / 3, 0.05 + 0.8 / 3], 14);
  });

  test('obeys bounds that leave no choice', () => {
    const bounds = { lower: Float64Array.of(0.1, 0.2, 0.3, 0.4), upper: Float64Array.of(1, 1, 1, 1) };
    expectClose(solveDualRoot(parts(powers()), bounds).shares, [0.1, 0.2, 0.3, 0.4], 14);
    const tight = { lower: new Float64Array(4), upper: Float64Array.of(0.1, 0.2, 0.3, 0.4) };
    expectClose(solveDualRoot(parts(powers()), tight).shares, [0.1, 0.2, 0.3, 0.4], 14);
  });
});
