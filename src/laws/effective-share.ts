/**
 * A loss that falls with a concave effective share: L(r) = floor + scale e(r)^-alpha with
 * e(r) = offset + sum_j weight_j r_j^exponent_j, 0 < exponent_j <= 1. Log-convex in r.
 */

import type { LossOfShares } from './law.ts';

/** @param weights m, non-negative; @param exponents m, in (0, 1]; @param offset keeps e positive at r = 0 */
export function effectiveShareLoss(
  weights: Float64Array,
  exponents: Float64Array,
  offset: number,
  floor: number,
  scale: number,
  alpha: number,
): LossOfShares {
  const m = weights.length;
  const slope = new Float64Array(m);
  const effective = (r: Float64Array): number => {
    let e = offset;
    for (let j = 0; j < m; j++) if (r[j] > 0) e += weights[j] * r[j] ** exponents[j];
    return e;
  };
  /**
   * Returns e and writes de/dr to `slope`: one power a domain serves both. At r_j = 0 the slope is infinite for exponents
   * below 1 and the weight itself for exponent 1.
   */
  const differentiate = (r: Float64Array): number => {
    let e = offset;
    for (let j = 0; j < m; j++) {
      if (weights[j] === 0) slope[j] = 0;
      else if (r[j] > 0) {
        const part = weights[j] * r[j] ** exponents[j];
        e += part;
        slope[j] = (exponents[j] * part) / r[j];
      } else slope[j] = exponents[j] < 1 ? Number.POSITIVE_INFINITY : weights[j];
    }
    return e;
  };
  return {
    falling: true,
    value: r => floor + scale * effective(r) ** -alpha,
    addGradient: (r, weight, gradient) => {
      const e = differentiate(r);
      const part = scale * e ** -alpha;
      if (part > 0 && alpha > 0) {
        const factor = (-weight * alpha * part) / e;
        for (let j = 0; j < m; j++) if (slope[j] !== 0) gradient[j] += factor * slope[j];
      }
      return floor + part;
    },
    addHessian: (r, weight, hessian) => {
      const e = differentiate(r);
      const part = scale * e ** -alpha;
      if (!(part > 0 && alpha > 0)) return;
      const first = (weight * alpha * part) / e;
      const second = (first * (alpha + 1)) / e;
      for (let i = 0; i < m; i++) {
        if (slope[i] === 0) continue;
        for (let j = 0; j < m; j++) hessian[i * m + j] += second * slope[i] * slope[j];
        if (exponents[i] < 1) hessian[i * m + i] += (first * (1 - exponents[i]) * slope[i]) / r[i];
      }
    },
  };
}
