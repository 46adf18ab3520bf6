import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { spectrumOfCounts } from '../../test/token-arrays.ts';
import { plugIn } from './plug-in.ts';
import { rarefiedEntropy } from './rarefaction.ts';

const countList = fc.array(fc.integer({ min: 1, max: 3000 }), { minLength: 1, maxLength: 30 });

describe('the entropy of a smaller sample', () => {
  test('is the expectation over what may be drawn', () => {
    // scipy: -sum((hypergeom.pmf(k, n, c, m) * k / m * np.log(k / m)).sum() for c in counts), k = np.arange(1, m + 1)
    const many = [40000, 9000, 700, 30, ...new Array<number>(50).fill(2), ...new Array<number>(200).fill(1)];
    const cases: [counts: number[], size: number, entropy: number][] = [
      [[5, 3, 1, 1], 4, 0.8606341593970492],
      [[5, 3, 1, 1], 10, 1.1682824501765625],
      [[500, 300, 20, 5, 1, 1, 1], 100, 0.7955519180691834],
      [many, 20000, 0.6104430891552535],
    ];
    for (const [counts, size, entropy] of cases) {
      expect(Math.abs(rarefiedEntropy(spectrumOfCounts(counts), size) / entropy - 1)).toBeLessThan(1e-7);
    }
  });

  test('is that of the sample when all of it is drawn, and none for one token', () => {
    fc.assert(
      fc.property(countList, counts => {
        const sample = spectrumOfCounts(counts);
        const n = counts.reduce((sum, count) => sum + count, 0);
        expect(Math.abs(rarefiedEntropy(sample, n) - plugIn.estimate(sample))).toBeLessThan(1e-12);
        expect(Math.abs(rarefiedEntropy(sample, 1))).toBeLessThan(1e-12);
      }),
    );
  });

  test('grows with its size', () => {
    fc.assert(
      fc.property(countList, fc.double({ min: 0.05, max: 0.9, noNaN: true }), (counts, part) => {
        const n = counts.reduce((sum, count) => sum + count, 0);
        const few = Math.max(1, Math.floor(part * n));
        const sample = spectrumOfCounts(counts);
        expect(rarefiedEntropy(sample, few)).toBeLessThanOrEqual(plugIn.estimate(sample) + 1e-9);
      }),
    );
  });
});
