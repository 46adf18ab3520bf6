import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { mixtureOf } from '../../test/shapes.ts';
import { bimix } from './bimix.ts';
import { bimixTransfer } from './bimix-transfer.ts';
import type { TargetShape } from './law.ts';

const shape: TargetShape = {
  domains: ['web', 'code', 'books'],
  own: 0,
  volumeVaries: true,
  shareVaries: true,
  sizeVaries: false,
};

function thetaOf(coefficients: Readonly<Record<string, number>>, of: TargetShape = shape): Float64Array {
  return Float64Array.from(bimixTransfer.parameters(of), ({ name, scale }) =>
    scale === 'log' ? Math.log(coefficients[name]) : coefficients[name],
  );
}

const coefficients = {
  ...{ E: 0.5, C: 2, alpha: 0.5, B: 0.5, beta: 0.5, sigma: 0.5, rho: 0.5, tauMean: -2 },
  ...{ 't.code': 0.2, 't.books': 0.4 },
};

describe('BiMix with transfer', () => {
  test('is E + e^-alpha (C + B x^-beta) with e = r_own^rho + sum of t r^sigma', () => {
    // e = 0.49^0.5 + 0.2 x 0.25^0.5 + 0.4 x 0.26^0.5, x = 0.25: C + B x^-beta = 3
    const e = 0.7 + 0.1 + 0.4 * Math.sqrt(0.26);
    const loss = bimixTransfer.atVolume(shape, thetaOf(coefficients), 0.25, 1);
    expect(loss.value(Float64Array.of(0.49, 0.25, 0.26))).toBeCloseTo(0.5 + 3 / Math.sqrt(e), 8);
  });

  test('becomes BiMix when no domain helps another, rho is 1 and E vanishes', () => {
    const alone = { ...coefficients, E: 1e-12, rho: 1, 't.code': 1e-12, 't.books': 1e-12 };
    const theta = Float64Array.of(Math.log(2), 0.5, Math.log(0.5), 0.5);
    fc.assert(
      fc.property(
        mixtureOf(3).filter(([own]) => own > 0.001),
        fc.double({ min: 0.05, max: 2, noNaN: true }),
        (r, x) => {
          const published = bimix.atVolume(shape, theta, x, 1).value(Float64Array.from(r));
          const ours = bimixTransfer.atVolume(shape, thetaOf(alone), x, 1).value(Float64Array.from(r));
          expect(Math.abs(ours / published - 1)).toBeLessThan(1e-6);
        },
      ),
    );
  });

  test('takes zero shares exactly: a domain with no tokens adds nothing', () => {
    const two: TargetShape = { ...shape, domains: ['web', 'code'] };
    const r = [0.7, 0.3];
    const with3 = bimixTransfer.atVolume(shape, thetaOf(coefficients), 1, 1).value(Float64Array.of(...r, 0));
    const with2 = bimixTransfer.atVolume(two, thetaOf(coefficients, two), 1, 1).value(Float64Array.from(r));
    expect(with3).toBe(with2);
  });

  test('has an infinite slope towards a helpful domain at zero, and a finite loss where nothing helps', () => {
    const loss = bimixTransfer.atVolume(shape, thetaOf(coefficients), 1, 1);
    const gradient = new Float64Array(3);
    loss.addGradient(Float64Array.of(0.5, 0.5, 0), 1, gradient);
    expect(gradient[2]).toBe(Number.NEGATIVE_INFINITY);
    expect(gradient[0]).toBeLessThan(0);
    const helpless = bimixTransfer.atVolume(shape, thetaOf({ ...coefficients, 't.code': 1e-12 }), 1, 1);
    const worst = helpless.value(Float64Array.of(0, 1, 0));
    expect(Number.isFinite(worst)).toBe(true);
    expect(worst).toBeGreaterThan(loss.value(Float64Array.of(1, 0, 0)));
  });

  test('without an own domain takes every domain as a helper', () => {
    const outside: TargetShape = { ...shape, own: -1 };
    const names = bimixTransfer.parameters(outside).map(({ name }) => name);
    expect(names).not.toContain('rho');
    expect(names.filter(name => name.startsWith('t.'))).toEqual(['t.web', 't.code', 't.books']);
    const theta = thetaOf({ ...coefficients, 't.web': 1 }, outside);
    // sigma = 0.5 for all: e = 0.6 + 0.2 x 0.5 + 0.4 x sqrt(0.39)
    const e = 0.6 + 0.1 + 0.4 * Math.sqrt(0.39);
    const loss = bimixTransfer.atVolume(outside, theta, 1, 1).value(Float64Array.of(0.36, 0.25, 0.39));
    expect(loss).toBeCloseTo(0.5 + 2.5 / Math.sqrt(e), 8);
  });
});
