import { expect, test } from 'vitest';
import { simulatedEntropy } from '../../../test/simulated-entropy.ts';
import { entropyContext } from './entropy-context.ts';
import { divergenceMatrix, domainPairs } from './overlaps.ts';

test('domains along a line come out along it, rows and columns alike', () => {
  const domains = Array.from({ length: 12 }, (_, i) => `d${i}`);
  const results = simulatedEntropy(domains);
  const context = entropyContext(results);
  const matrix = divergenceMatrix(context);
  expect([domains, domains.toReversed()]).toContainEqual(matrix.domains);
  matrix.domains.forEach((first, i) => {
    matrix.domains.forEach((second, j) => {
      expect(matrix.bits[i][j]).toBe(results.overlap[domains.indexOf(first)][domains.indexOf(second)]);
    });
  });
  const pairs = domainPairs(context);
  expect(pairs.length).toBe(66);
  expect(pairs[0].divergence).toBeLessThan(pairs[65].divergence);
});
