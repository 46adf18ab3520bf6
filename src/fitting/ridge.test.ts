import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { PriorTerm } from '../laws/index.ts';
import { ridge } from './ridge.ts';

const term: fc.Arbitrary<PriorTerm> = fc.record({
  terms: fc.array(
    fc.tuple(fc.integer({ min: 0, max: 3 }), fc.double({ min: -2, max: 2, noNaN: true })) as fc.Arbitrary<
      readonly [number, number]
    >,
    { minLength: 1, maxLength: 3 },
  ),
  mean: fc.double({ min: -3, max: 3, noNaN: true }),
  sd: fc.double({ min: 0.1, max: 5, noNaN: true }),
});

test('the quadratic is lambda^2 times the sum of the squared prior residuals', () => {
  fc.assert(
    fc.property(
      fc.array(term, { maxLength: 5 }),
      fc.array(fc.double({ min: -3, max: 3, noNaN: true }), { minLength: 4, maxLength: 4 }),
      fc.double({ min: 0, max: 2, noNaN: true }),
      (priors, theta, lambda) => {
        const { matrix, vector, constant } = ridge(priors, 4, lambda ** 2);
        let value = constant;
        theta.forEach((a, i) => {
          value -= 2 * vector[i] * a;
          theta.forEach((b, j) => {
            value += a * matrix[i * 4 + j] * b;
          });
        });
        const expected = priors
          .map(({ terms, mean, sd }) => (terms.reduce((sum, [q, c]) => sum + c * theta[q], 0) - mean) / sd)
          .reduce((sum, residual) => sum + (lambda * residual) ** 2, 0);
        expect(Math.abs(value - expected)).toBeLessThan(1e-9 * (1 + expected + constant));
      },
    ),
  );
});
