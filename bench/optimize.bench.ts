/**
 * What the optimum costs. Run: npx vitest bench --run bench/optimize.bench.ts
 *
 * Each problem is random with coefficients in the range of real fits, the same on every run.
 */

import { bench, describe } from 'vitest';
import type { ShareBounds } from '../src/mixture/index.ts';
import { makeConstraints } from '../src/optimize/constraints.ts';
import { shareFreedom } from '../src/optimize/freedom.ts';
import { findOptimum } from '../src/optimize/optimum.ts';
import {
  randomBounds,
  randomNumbers,
  randomPowerObjective,
  randomTransferObjective,
} from '../test/random-objective.ts';

for (const m of [7, 22, 64]) {
  const random = randomNumbers(m);
  const transfer = randomTransferObjective(m, random);
  const bimix = randomPowerObjective(m, random);
  const { lower, upper }: ShareBounds = randomBounds(m, random, 1e-3);
  const domains = Array.from(lower, (_, j) => `d${j}`);
  const bounds = Object.fromEntries(domains.map((domain, j) => [domain, { lower: lower[j], upper: upper[j] }]));
  const open = makeConstraints(domains);
  const bounded = makeConstraints(domains, { bounds });
  const near = findOptimum(transfer, open).shares;

  describe(`optimum of ${m} domains and ${m} targets`, () => {
    bench('bimix, dual root, within bounds', () => {
      findOptimum(bimix, bounded);
    });
    bench('bimix-transfer, interior point', () => {
      findOptimum(transfer, open);
    });
    bench('bimix-transfer, interior point, within bounds', () => {
      findOptimum(transfer, bounded);
    });
    bench('bimix-transfer, interior point, from the optimum of a similar problem', () => {
      findOptimum(transfer, open, near);
    });
  });

  describe(`freedom of ${m} shares`, () => {
    bench(
      'bimix-transfer',
      () => {
        shareFreedom(transfer, open, near);
      },
      { iterations: 3, time: 0, warmupIterations: 1, warmupTime: 0 },
    );
  });
}
