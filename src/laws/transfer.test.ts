import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { shapeAndDesign, thetaWithin, units } from '../../test/shapes.ts';
import { bimixEps } from './bimix-eps.ts';
import { bimixTransfer } from './bimix-transfer.ts';
import type { Law, PriorTerm, TargetShape, Transfer } from './law.ts';

function transferOf(law: Law, shape: TargetShape, theta: Float64Array, ratio: number, from = shape): Transfer {
  if (law.transfer === undefined) throw new Error('no transfer');
  return law.transfer(shape, { shape: from, theta }, ratio);
}

function residual({ terms, mean }: PriorTerm, theta: Float64Array): number {
  return terms.reduce((sum, [q, coefficient]) => sum + coefficient * theta[q], -mean);
}

describe.each([bimixTransfer, bimixEps].map(law => ({ name: law.name, law })))('what $name takes', ({ law }) => {
  test('predicts the same losses at the same volumes, whatever x = 1 stands for', () => {
    fc.assert(
      fc.property(
        shapeAndDesign(true),
        units,
        fc.double({ min: 0.1, max: 10, noNaN: true }),
        (given, numbers, ratio) => {
          const { shape, design } = given;
          fc.pre(shape.volumeVaries);
          const theta = thetaWithin(law, shape, numbers);
          const { start } = transferOf(law, shape, theta, ratio);
          const shares = design.shares.subarray(0, shape.domains.length);
          const before = law.atVolume(shape, theta, 0.7, 1).value(shares);
          expect(law.atVolume(shape, start, 0.7 / ratio, 1).value(shares)).toBeCloseTo(before, 9);
        },
      ),
    );
  });

  test('has every prior met at the start, and every parameter held', () => {
    fc.assert(
      fc.property(
        shapeAndDesign(true),
        units,
        fc.double({ min: 0.1, max: 10, noNaN: true }),
        ({ shape }, numbers, ratio) => {
          const { start, priors } = transferOf(law, shape, thetaWithin(law, shape, numbers), ratio);
          for (const prior of priors) expect(residual(prior, start)).toBeCloseTo(0, 9);
          const held = new Set(priors.flatMap(({ terms }) => terms.map(([q]) => q)));
          expect(held.size).toBe(start.length);
        },
      ),
    );
  });
});

const SHAPE: TargetShape = {
  domains: ['web', 'code'],
  own: 0,
  volumeVaries: true,
  shareVaries: true,
  sizeVaries: false,
};

test('one factor on all scales costs next to nothing, other proportions of E and C do', () => {
  const names = bimixTransfer.parameters(SHAPE).map(({ name }) => name);
  const theta = Float64Array.from(names, (_, q) => 0.1 * (q + 1));
  const { start, priors } = transferOf(bimixTransfer, SHAPE, theta, 2);
  const cost = (moved: readonly string[], by: number): number => {
    const there = start.map((value, q) => value + (moved.includes(names[q]) ? by : 0));
    return priors.reduce((sum, prior) => sum + (residual(prior, there) / prior.sd) ** 2, 0);
  };
  expect(cost(['E', 'B', 'C'], -0.3)).toBeLessThan(1e-3);
  expect(cost(['E'], -0.3)).toBeGreaterThan(2);
  expect(cost(['alpha'], 0.06)).toBeGreaterThan(10);
});

test('between runs of one volume and of many, constants stand for one another', () => {
  const one = { ...SHAPE, volumeVaries: false };
  const names = bimixTransfer.parameters(SHAPE).map(({ name }) => name);
  const theta = Float64Array.from(names, name => (name === 'beta' ? 0.5 : -0.5));
  // The single volume is a quarter of the largest of the other fit.
  const { start } = transferOf(bimixTransfer, one, theta, 0.25, SHAPE);
  const shares = Float64Array.of(0.4, 0.6);
  const there = bimixTransfer.atVolume(one, start, 1, 1).value(shares);
  expect(there).toBeCloseTo(bimixTransfer.atVolume(SHAPE, theta, 0.25, 1).value(shares), 12);
  // The other way, B and beta are unknown and keep the law's own priors.
  const back = transferOf(bimixTransfer, SHAPE, start, 1, one);
  const beta = names.indexOf('beta');
  expect(back.start[beta]).toBe(0.5);
  expect(back.priors.filter(({ terms }) => terms.some(([q]) => q === beta))).toHaveLength(1);
});
