import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { denseJacobian } from '../../test/dense-jacobian.ts';
import { mixtureOf, shapeAndDesign, thetaWithin, units } from '../../test/shapes.ts';
import { bimixEps } from './bimix-eps.ts';
import { defineLaw, type LawDefinition } from './define-law.ts';
import type { TargetShape } from './law.ts';
import { findLaw, knownLaws, registerLaw } from './registry.ts';

/** bimix-eps, written as a formula. */
const definition: LawDefinition = {
  name: 'eps-again',
  title: 'BiMix with an offset',
  formula: 'L = (r + ε)^-α · (C + B · x^-β)',
  source: 'itself',
  convex: true,
  parameters: ({ volumeVaries }) => [
    { name: 'C', lower: Math.exp(-18), upper: Math.exp(6), scale: 'log' },
    { name: 'alpha', lower: 0, upper: 6 },
    { name: 'eps', lower: Math.exp(-14), upper: Math.exp(2), scale: 'log' },
    ...(volumeVaries
      ? ([
          { name: 'B', lower: Math.exp(-18), upper: Math.exp(6), scale: 'log' },
          { name: 'beta', lower: 0, upper: 6 },
        ] as const)
      : []),
  ],
  loss: (c, { shares, volume, own }) =>
    (shares[own] + c.eps) ** -c.alpha * (c.C + (c.B ?? 0) * volume ** -(c.beta ?? 0)),
};
const law = defineLaw(definition);

const shape: TargetShape = {
  domains: ['web', 'code'],
  own: 0,
  volumeVaries: true,
  shareVaries: true,
  sizeVaries: false,
};

describe('a law from its formula', () => {
  test('has the losses and, nearly, the Jacobian of the same law with derivatives of its own', () => {
    fc.assert(
      fc.property(shapeAndDesign(true), units, (bound, at) => {
        const theta = thetaWithin(bimixEps, bound.shape, at);
        const ours = denseJacobian(law, bound.shape, bound.design, theta);
        const exact = denseJacobian(bimixEps, bound.shape, bound.design, theta);
        ours.rows.forEach((row, n) => {
          expect(ours.logLosses[n]).toBeCloseTo(exact.logLosses[n], 12);
          row.forEach((slope, q) => {
            expect(slope).toBeCloseTo(exact.rows[n][q], 5);
          });
        });
      }),
    );
  });

  test('has nearly the slopes in the mixture that the same law has', () => {
    const interior = mixtureOf(2).map(shares => shares.map(share => 0.02 + 0.96 * share));
    fc.assert(
      fc.property(interior, units, (shares, at) => {
        const r = Float64Array.from(shares);
        const theta = thetaWithin(bimixEps, shape, at);
        const [ours, exact] = [law, bimixEps].map(one => {
          const loss = one.atVolume(shape, theta, 0.5, 1);
          const gradient = new Float64Array(2);
          const hessian = new Float64Array(4);
          loss.addGradient(r, 2, gradient);
          loss.addHessian(r, 2, hessian);
          return [loss.value(r), ...gradient, ...hessian];
        });
        ours.forEach((value, k) => {
          expect(Math.abs(value - exact[k])).toBeLessThan(1e-3 * (1 + Math.abs(exact[k])));
        });
      }),
    );
  });

  test('is asked about no share below 0, and no coefficient beyond its bounds', () => {
    const strict = defineLaw({
      ...definition,
      loss: (c, at) => {
        expect(Math.min(...at.shares)).toBeGreaterThanOrEqual(0);
        expect(c.alpha).toBeGreaterThanOrEqual(0);
        expect(c.alpha).toBeLessThanOrEqual(6);
        return definition.loss(c, at);
      },
    });
    for (const alpha of [0, 6]) {
      const theta = Float64Array.of(0, alpha, -3, -1, 0.5);
      const loss = strict.atVolume(shape, theta, 1, 1);
      const r = Float64Array.of(1, 0);
      loss.addGradient(r, 1, new Float64Array(2));
      loss.addHessian(r, 1, new Float64Array(4));
      const design = {
        ...{ shares: r, rowRun: Int32Array.of(0, 0), volume: Float64Array.of(0.5, 1), size: Float64Array.of(1) },
      };
      const { rows } = denseJacobian(strict, shape, design, theta);
      expect(rows.flat().every(Number.isFinite)).toBe(true);
    }
  });

  test('begins in the middle of the bounds, or where it is told to', () => {
    const started = defineLaw({
      ...definition,
      parameters: () => [
        { name: 'a', lower: 0, upper: 4 },
        { name: 'b', lower: 0.01, upper: 100, scale: 'log' },
        { name: 'c', lower: 1, upper: 100, scale: 'log', start: 10, prior: { mean: 1, sd: 2 } },
      ],
      loss: () => 1,
    });
    const design = {
      ...{ shares: Float64Array.of(1, 0), rowRun: Int32Array.of(0), volume: Float64Array.of(1) },
      size: Float64Array.of(1),
    };
    const [start] = started.starts(shape, design, Float64Array.of(0));
    expect(start[0]).toBe(2);
    expect(start[1]).toBeCloseTo(0, 12);
    expect(start[2]).toBeCloseTo(Math.log(10), 12);
    expect(started.priors(shape)).toEqual([{ terms: [[2, 1]], mean: 1, sd: 2 }]);
  });

  test('refuses bounds that leave nothing between them', () => {
    const wrong = (lower: number, upper: number, scale?: 'log') =>
      defineLaw({
        ...definition,
        parameters: () => [{ name: 'a', lower, upper, ...(scale === undefined ? {} : { scale }) }],
      });
    expect(() => wrong(2, 1).parameters(shape)).toThrow(
      'invalid law "eps-again": coefficient a has the bounds 2 and 1',
    );
    expect(() => wrong(0, 1, 'log').parameters(shape)).toThrow('bounds 0 and 1');
    expect(() => wrong(0, Number.NaN).parameters(shape)).toThrow('bounds 0 and NaN');
    const none = defineLaw({ ...definition, parameters: () => 'a, b' as never });
    expect(() => none.parameters(shape)).toThrow('does not give a list');
  });
});

describe('registering a law', () => {
  test('makes it known by its name, once', () => {
    const mine = registerLaw(law);
    expect(mine).toBe(law);
    expect(findLaw('eps-again')).toBe(law);
    expect(registerLaw(law)).toBe(law);
    expect(knownLaws().filter(({ name }) => name === 'eps-again')).toHaveLength(1);
  });

  test('refuses another law of the same name, and a name of bimix', () => {
    registerLaw(law);
    expect(() => registerLaw(defineLaw(definition))).toThrow('ambiguous law name "eps-again"');
    expect(() => registerLaw({ ...definition, name: 'bimix' })).toThrow('ambiguous law name "bimix"');
  });

  test('refuses what is no law, and says why', () => {
    expect(() => registerLaw(null)).toThrow('invalid law: expected an object, found null');
    expect(() => registerLaw({ name: 'x', loss: 3 })).toThrow('it lacks title (a string), formula (a string)');
    expect(() => registerLaw({ ...definition, name: 'My Law' })).toThrow(
      'the name "My Law" must consist of lower-case letters',
    );
  });
});
