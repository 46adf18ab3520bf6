/** A law's priors as one quadratic in the parameters, weighed by the noise. */

import type { PriorTerm } from '../laws/index.ts';
import type { Quadratic } from './linearization.ts';

/** lambdaSquared x sum over terms of ((sum coefficient theta - mean) / sd)^2, for p parameters. */
export function ridge(priors: readonly PriorTerm[], p: number, lambdaSquared: number): Quadratic {
  const matrix = new Float64Array(p * p);
  const vector = new Float64Array(p);
  let constant = 0;
  for (const { terms, mean, sd } of priors) {
    const precision = lambdaSquared / (sd * sd);
    for (const [a, left] of terms) {
      for (const [b, right] of terms) matrix[a * p + b] += precision * left * right;
      vector[a] += precision * left * mean;
    }
    constant += precision * mean * mean;
  }
  return { matrix, vector, constant };
}
