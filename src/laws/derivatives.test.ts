/** What must hold for every law: derivatives, bounds, convexity. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { denseJacobian } from '../../test/dense-jacobian.ts';
import { mixtureOf, type ShapeAndDesign, shapeAndDesign, thetaWithin, units } from '../../test/shapes.ts';
import type { Law, LossOfShares } from './law.ts';
import { LAWS } from './registry.ts';

const H = 1e-5;

/** Shapes the law can be bound to, with and without an own domain where it needs none. */
function shapesOf(law: Law): fc.Arbitrary<ShapeAndDesign> {
  const own = shapeAndDesign(true, law.knowsSize);
  return law.needsOwnDomain ? own : fc.oneof(own, shapeAndDesign(false, law.knowsSize));
}

function predict(law: Law, { shape, design, rows }: ShapeAndDesign, theta: Float64Array): Float64Array {
  const logLosses = new Float64Array(rows);
  law.bind(shape, design).predict(theta, logLosses);
  return logLosses;
}

/** At mixtures inside the simplex, away from the floor of shares. */
const interior = (m: number): fc.Arbitrary<number[]> =>
  mixtureOf(m).map(shares => shares.map(share => 0.02 + share * (1 - 0.02 * m)));

const lossAndMixture = (law: Law) =>
  fc.tuple(shapesOf(law), units, fc.double({ min: 0.05, max: 3, noNaN: true })).chain(([bound, at, volume]) =>
    fc.record({
      loss: fc.constant(law.atVolume(bound.shape, thetaWithin(law, bound.shape, at), volume, 1)),
      r: interior(bound.shape.domains.length),
      m: fc.constant(bound.shape.domains.length),
    }),
  );

function gradientOf(loss: LossOfShares, r: readonly number[]): Float64Array {
  const gradient = new Float64Array(r.length);
  loss.addGradient(Float64Array.from(r), 1, gradient);
  return gradient;
}

function shifted(r: readonly number[], j: number, by: number): Float64Array {
  return Float64Array.from(r, (share, i) => (i === j ? share + by : share));
}

describe.each(LAWS)('$name', law => {
  test('has the Jacobian in its parameters that central differences have', () => {
    fc.assert(
      fc.property(shapesOf(law), units, (bound, at) => {
        const theta = thetaWithin(law, bound.shape, at);
        const { rows, logLosses } = denseJacobian(law, bound.shape, bound.design, theta);
        expect(logLosses).toEqual(predict(law, bound, theta));
        for (let q = 0; q < theta.length; q++) {
          const above = predict(law, bound, shifted(Array.from(theta), q, H));
          const below = predict(law, bound, shifted(Array.from(theta), q, -H));
          rows.forEach((row, n) => {
            expect(row).toHaveLength(theta.length);
            expect(Math.abs(row[q] - (above[n] - below[n]) / (2 * H))).toBeLessThan(1e-6 * (1 + Math.abs(row[q])));
          });
        }
      }),
    );
  });

  test('has the gradient in shares that central differences have', () => {
    fc.assert(
      fc.property(lossAndMixture(law), ({ loss, r, m }) => {
        const gradient = gradientOf(loss, r);
        for (let j = 0; j < m; j++) {
          const difference = (loss.value(shifted(r, j, H)) - loss.value(shifted(r, j, -H))) / (2 * H);
          expect(Math.abs(gradient[j] - difference)).toBeLessThan(1e-4 * (1 + Math.abs(difference)));
        }
        expect(loss.addGradient(Float64Array.from(r), 2, new Float64Array(m))).toBe(loss.value(Float64Array.from(r)));
      }),
    );
  });

  test('has the Hessian in shares that differences of the gradient have', () => {
    fc.assert(
      fc.property(lossAndMixture(law), ({ loss, r, m }) => {
        const hessian = new Float64Array(m * m);
        loss.addHessian(Float64Array.from(r), 1, hessian);
        for (let i = 0; i < m; i++) {
          const above = gradientOf(loss, Array.from(shifted(r, i, H)));
          const below = gradientOf(loss, Array.from(shifted(r, i, -H)));
          for (let j = 0; j < m; j++) {
            const difference = (above[j] - below[j]) / (2 * H);
            expect(Math.abs(hessian[i * m + j] - difference)).toBeLessThan(1e-3 * (1 + Math.abs(difference)));
          }
        }
      }),
    );
  });

  test('weights and adds what it is asked to', () => {
    fc.assert(
      fc.property(lossAndMixture(law), ({ loss, r, m }) => {
        const gradient = new Float64Array(m).fill(7);
        loss.addGradient(Float64Array.from(r), 3, gradient);
        gradientOf(loss, r).forEach((slope, j) => {
          expect(gradient[j]).toBeCloseTo(7 + 3 * slope, 8);
        });
        const once = new Float64Array(m * m);
        const thrice = new Float64Array(m * m).fill(7);
        loss.addHessian(Float64Array.from(r), 1, once);
        loss.addHessian(Float64Array.from(r), 3, thrice);
        thrice.forEach((value, i) => {
          expect(Math.abs(value - 7 - 3 * once[i])).toBeLessThan(1e-8 * (1 + Math.abs(value)));
        });
      }),
    );
  });

  test('at one volume is what its rows of that volume are', () => {
    fc.assert(
      fc.property(shapesOf(law), units, (bound, at) => {
        const theta = thetaWithin(law, bound.shape, at);
        const m = bound.shape.domains.length;
        predict(law, bound, theta).forEach((logLoss, n) => {
          const run = bound.design.rowRun[n];
          const loss = law.atVolume(bound.shape, theta, bound.design.volume[n], bound.design.size[run]);
          const value = loss.value(bound.design.shares.subarray(run * m, (run + 1) * m));
          expect(Math.abs(value / Math.exp(logLoss) - 1)).toBeLessThan(1e-12);
        });
      }),
    );
  });

  test('is finite at mixtures with zeros', () => {
    fc.assert(
      fc.property(shapesOf(law), units, fc.nat(4), (bound, at, only) => {
        const m = bound.shape.domains.length;
        const r = Float64Array.from({ length: m }, (_, j) => (j === only % m ? 1 : 0));
        const loss = law.atVolume(bound.shape, thetaWithin(law, bound.shape, at), 1, 1).value(r);
        expect(loss).toBeGreaterThan(0);
        expect(Number.isFinite(loss)).toBe(true);
      }),
    );
  });

  test('names each parameter once and has finite starts for all of them', () => {
    fc.assert(
      fc.property(shapesOf(law), units, (bound, at) => {
        const parameters = law.parameters(bound.shape);
        const names = parameters.map(({ name }) => name);
        expect(new Set(names).size).toBe(names.length);
        const logLosses = Float64Array.from({ length: bound.rows }, (_, n) => Math.log(0.2 + 9 * at[n % 16]));
        const starts = law.starts(bound.shape, bound.design, logLosses);
        expect(starts.length).toBeGreaterThan(0);
        for (const start of starts) {
          expect(start).toHaveLength(parameters.length);
          expect(start.every(Number.isFinite)).toBe(true);
        }
        for (const { terms, sd } of law.priors(bound.shape)) {
          expect(sd).toBeGreaterThan(0);
          for (const [q] of terms) expect(q).toBeLessThan(parameters.length);
        }
      }),
    );
  });
});

test.each(LAWS.filter(law => law.convex))(
  '$name is convex in the mixture where the optimizer may go, on the faces too',
  law => {
    const allowed = (m: number): fc.Arbitrary<number[]> =>
      mixtureOf(m).map(shares => shares.map(share => law.smallestShare + share * (1 - m * law.smallestShare)));
    const pair = fc
      .tuple(shapesOf(law), units)
      .chain(([bound, at]) =>
        fc.tuple(
          fc.constant(law.atVolume(bound.shape, thetaWithin(law, bound.shape, at), 1, 1)),
          allowed(bound.shape.domains.length),
          allowed(bound.shape.domains.length),
          fc.double({ min: 0, max: 1, noNaN: true }),
        ),
      );
    fc.assert(
      fc.property(pair, ([loss, a, b, part]) => {
        const between = Float64Array.from(a, (share, j) => part * share + (1 - part) * b[j]);
        const chord = part * loss.value(Float64Array.from(a)) + (1 - part) * loss.value(Float64Array.from(b));
        expect(loss.value(between)).toBeLessThanOrEqual(chord * (1 + 1e-12));
      }),
      { numRuns: 1000 },
    );
  },
);
