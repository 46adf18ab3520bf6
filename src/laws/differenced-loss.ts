/** A loss with its slopes in the mixture by finite differences, for laws that only have a formula. */

import type { LossOfShares } from './law.ts';

/** Step of first differences, and of second ones. Central; at shares below a step, around the step. */
const FIRST = 1e-6;
const SECOND = 1e-4;

/** @param value loss in nats per token at m shares, also where they sum to 1 within a few steps only; not below 0 */
export function differencedLoss(m: number, value: (shares: Float64Array) => number): LossOfShares {
  const at = Float64Array.from({ length: m });
  const moved = (r: Float64Array, step: number, i: number, by: number, j = i, also = 0): number => {
    at.set(r);
    at[i] = Math.max(r[i], step) + by;
    if (j !== i) at[j] = Math.max(r[j], step) + also;
    return value(at);
  };
  return {
    value,
    addGradient: (r, weight, gradient) => {
      for (let j = 0; j < m; j++) {
        gradient[j] += (weight * (moved(r, FIRST, j, FIRST) - moved(r, FIRST, j, -FIRST))) / (2 * FIRST);
      }
      return value(r);
    },
    addHessian: (r, weight, hessian) => {
      for (let i = 0; i < m; i++) {
        const middle = moved(r, SECOND, i, 0);
        const along = moved(r, SECOND, i, SECOND) - 2 * middle + moved(r, SECOND, i, -SECOND);
        hessian[i * m + i] += (weight * along) / SECOND ** 2;
        for (let j = 0; j < i; j++) {
          const across =
            moved(r, SECOND, i, SECOND, j, SECOND) -
            moved(r, SECOND, i, SECOND, j, -SECOND) -
            moved(r, SECOND, i, -SECOND, j, SECOND) +
            moved(r, SECOND, i, -SECOND, j, -SECOND);
          const slope = (weight * across) / (4 * SECOND ** 2);
          hessian[i * m + j] += slope;
          hessian[j * m + i] += slope;
        }
      }
    },
  };
}
