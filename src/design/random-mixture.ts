/** Dirichlet mixtures from a seeded generator. */

import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import type { RandomGenerator } from 'pure-rand/types/RandomGenerator';
import { normalNumber } from '../numerics/index.ts';

/**
 * A mixture with the given mean: Dirichlet(concentration x centre).
 *
 * @param centre m shares; those of 0 stay 0
 * @param concentration the larger, the nearer to the centre
 */
export function dirichletMixture(random: RandomGenerator, centre: Float64Array, concentration: number): Float64Array {
  const logs = centre.map(share => (share > 0 ? logGamma(random, share * concentration) : Number.NEGATIVE_INFINITY));
  // Relative to the largest: draws of small shapes underflow.
  const largest = Math.max(...logs);
  const weights = logs.map(log => Math.exp(log - largest));
  const sum = weights.reduce((a, b) => a + b, 0);
  return weights.map(weight => weight / sum);
}

/** The logarithm of a Gamma(shape, 1) number: Marsaglia & Tsang 2000, with their boost for shapes below 1. */
function logGamma(random: RandomGenerator, shape: number): number {
  if (shape < 1) return logGamma(random, shape + 1) + Math.log(1 - uniformFloat64(random)) / shape;
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const x = normalNumber(random);
    const v = (1 + c * x) ** 3;
    if (v > 0 && Math.log(1 - uniformFloat64(random)) < 0.5 * x * x + d - d * v + d * Math.log(v)) {
      return Math.log(d * v);
    }
  }
}
