import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { DomainTurns } from './domain-turns.ts';

const shares = fc
  .array(fc.oneof(fc.constant(0), fc.double({ min: 1e-6, max: 1, noNaN: true })), { minLength: 1, maxLength: 12 })
  .filter(weights => weights.some(weight => weight > 0))
  .map(weights => {
    const sum = weights.reduce((a, b) => a + b, 0);
    return weights.map(weight => weight / sum);
  });

test('at every moment every domain is within one sequence of its share', () => {
  fc.assert(
    fc.property(shares, proportions => {
      const turns = new DomainTurns(proportions);
      const drawn = proportions.filter(share => share > 0).length;
      const bound = drawn === 1 ? 0 : 1 - 1 / (2 * drawn - 2);
      let worst = 0;
      for (let n = 1; n <= 600; n++) {
        turns.next();
        turns.counts.forEach((count, domain) => {
          worst = Math.max(worst, Math.abs(count - proportions[domain] * n));
        });
      }
      expect(worst).toBeLessThanOrEqual(bound + 1e-9);
    }),
  );
});

test('a domain without a share has no turn', () => {
  fc.assert(
    fc.property(shares, proportions => {
      const turns = new DomainTurns(proportions);
      for (let n = 0; n < 200; n++) expect(proportions[turns.next()]).toBeGreaterThan(0);
    }),
  );
});

test('two equal domains alternate', () => {
  const turns = new DomainTurns([0.5, 0.5]);
  expect(Array.from({ length: 6 }, () => turns.next())).toEqual([0, 1, 0, 1, 0, 1]);
});
