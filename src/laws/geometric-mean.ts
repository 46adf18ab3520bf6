/**
 * The weighted geometric mean of losses, exp(sum_k w_k log L_k(r)) with w_k >= 0 summing to 1: log-convex in r where every
 * L_k is.
 */

import type { LossOfShares } from './law.ts';

/** @param weights positive, one a loss, summing to 1; @param m number of training domains */
export function geometricMean(losses: readonly LossOfShares[], weights: readonly number[], m: number): LossOfShares {
  if (losses.length === 1) return losses[0];
  const parts = losses.map((loss, k) => ({ loss, weight: weights[k] }));
  const value = (r: Float64Array): number =>
    Math.exp(parts.reduce((sum, { loss, weight }) => sum + weight * Math.log(loss.value(r)), 0));
  /** Adds weight x gradient of the logarithm and returns the mean. */
  const addLogGradient = (r: Float64Array, gradient: Float64Array): number => {
    let log = 0;
    for (const { loss, weight } of parts) {
      const own = loss.value(r);
      loss.addGradient(r, weight / own, gradient);
      log += weight * Math.log(own);
    }
    return Math.exp(log);
  };
  return {
    falling: losses.every(loss => loss.falling === true),
    value,
    addGradient: (r, weight, gradient) => {
      const slopes = new Float64Array(m);
      const mean = addLogGradient(r, slopes);
      for (let j = 0; j < m; j++) if (slopes[j] !== 0) gradient[j] += weight * mean * slopes[j];
      return mean;
    },
    addHessian: (r, weight, hessian) => {
      const slopes = new Float64Array(m);
      const mean = addLogGradient(r, slopes);
      const scale = weight * mean;
      const own = new Float64Array(m);
      for (let i = 0; i < m; i++) for (let j = 0; j < m; j++) hessian[i * m + j] += scale * slopes[i] * slopes[j];
      for (const { loss, weight: share } of parts) {
        own.fill(0);
        const at = loss.addGradient(r, 1, own);
        loss.addHessian(r, (scale * share) / at, hessian);
        const square = (scale * share) / (at * at);
        for (let i = 0; i < m; i++) for (let j = 0; j < m; j++) hessian[i * m + j] -= square * own[i] * own[j];
      }
    },
  };
}
