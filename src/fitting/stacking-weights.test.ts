import fc from 'fast-check';
import { expect, test } from 'vitest';
import { stackingWeights } from './stacking-weights.ts';

const residualsOf = (...members: readonly (readonly number[])[]): Map<number, Map<number, number>>[] =>
  members.map(values => new Map([[0, new Map(values.map((value, row) => [row, value]))]]));

test('two members get the weights of the closed form', () => {
  // w = (g22 - g12) / (g11 + g22 - 2 g12) with g the products of residuals: 0.4 here.
  const [first, second] = stackingWeights(residualsOf([3, 0], [0, Math.sqrt(6)]), [0], 8).get(0) ?? [];
  expect(first).toBeCloseTo(0.4, 5);
  expect(first + second).toBeCloseTo(1, 12);
});

test('a member that is worse in every way gets nothing', () => {
  expect(stackingWeights(residualsOf([1, 1, 1], [3, 2, 2]), [0], 8).get(0)).toEqual([1, 0]);
});

test('a member that cannot predict the target gets nothing, and without held-out rows the others share', () => {
  const able = new Map([[0, new Map<number, number>()]]);
  expect(stackingWeights([new Map(), able, able], [0], 2).get(0)).toEqual([0, 0.5, 0.5]);
});

test('weights lie on the simplex and are no worse than the best member', () => {
  const residual = fc.double({ min: -1, max: 1, noNaN: true });
  fc.assert(
    fc.property(fc.array(fc.tuple(residual, residual, residual), { minLength: 4, maxLength: 20 }), rows => {
      const members = [0, 1, 2].map(k => rows.map(row => row[k]));
      if (members.some(values => values.every(value => Math.abs(value) < 0.01))) return;
      const weights = stackingWeights(residualsOf(...members), [0], rows.length).get(0) ?? [];
      expect(weights.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 9);
      expect(Math.min(...weights)).toBeGreaterThanOrEqual(0);
      const square = (w: readonly number[]): number =>
        rows.reduce((sum, row) => sum + row.reduce((at, value, k) => at + w[k] * value, 0) ** 2, 0);
      const alone = members.map(values => values.reduce((sum, value) => sum + value * value, 0));
      // Weights below 1 % are dropped and members are told apart by a ridge, which costs a little.
      expect(square(weights)).toBeLessThan(Math.min(...alone) * 1.03 + 1e-9);
    }),
  );
});
