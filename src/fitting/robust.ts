/** Huber's weights: residuals beyond a few typical ones count linearly, not squared. */

import { median } from '../numerics/index.ts';

/** Residuals up to this many robust standard deviations keep full weight. */
const HUBER_K = 2;

/**
 * Square roots of Huber's weights, to multiply residuals with: sqrt(min(1, k s / |residual|)), s = 1.4826 median |residual|.
 *
 * @param residuals n, unweighted
 */
export function huberWeights(residuals: Float64Array): Float64Array {
  const scale = 1.4826 * median(residuals.map(Math.abs));
  return residuals.map(residual => {
    const size = Math.abs(residual);
    return size > HUBER_K * scale ? Math.sqrt((HUBER_K * scale) / size) : 1;
  });
}
