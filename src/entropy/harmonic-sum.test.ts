import fc from 'fast-check';
import { expect, test } from 'vitest';
import { harmonicSum } from './harmonic-sum.ts';

test('is the difference of two digammas to full relative precision', () => {
  // mpmath, 50 digits: mp.digamma(to) - mp.digamma(from)
  const cases: [from: number, to: number, sum: number][] = [
    [1, 2, 1],
    [1, 10, 2.828968253968254],
    [3, 11, 1.428968253968254],
    [7, 1000, 5.0344708605503445],
    [10, 11, 0.1],
    [123, 124, 0.008130081300813009],
    [1e6, 1e6 + 5, 4.99999000003e-6],
    [1, 1e12, 28.20823678082958],
    [5e11, 1e12, 0.6931471805604453],
    [1e12 - 1, 1e12, 1.000000000001e-12],
  ];
  for (const [from, to, sum] of cases) expect(Math.abs(harmonicSum(from, to) / sum - 1)).toBeLessThan(4e-16);
  expect(harmonicSum(7, 7)).toBe(0);
  expect(harmonicSum(1e9, 1e9)).toBe(0);
});

test('is the sum of its terms', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 2000 }), fc.integer({ min: 0, max: 300 }), (from, length) => {
      let sum = 0;
      for (let k = from + length - 1; k >= from; k--) sum += 1 / k;
      expect(Math.abs(harmonicSum(from, from + length) - sum)).toBeLessThanOrEqual(1e-14 * sum);
    }),
  );
});
