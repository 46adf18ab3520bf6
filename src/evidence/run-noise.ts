/** By how much two runs of one mixture differ: what a difference between two mixtures has to exceed. */

import { combined, type FittedLaw } from '../laws/index.ts';

export interface RunNoise {
  /** One standard deviation of the difference between two runs, as a part of the mean loss. */
  readonly difference: number;
  /** The scatter about the law includes the law's misfit: an upper bound. */
  readonly source: 'replicates' | 'scatter about the law';
}

/**
 * Measured on runs of one mixture where the law was fitted to such; else the scatter of its runs about the law.
 *
 * @param losses one a target, in the law's order, at the mixture
 * @param weights one a target; they sum to 1; equal unless given
 * @returns null where the fit does not know its scatter
 */
export function runNoise(
  fitted: FittedLaw,
  losses: readonly number[],
  weights: readonly number[] = losses.map(() => 1 / losses.length),
): RunNoise | null {
  const scatters = fitted.targets.map(({ uncertainty }) => uncertainty);
  const isReplicated = scatters.every(scatter => scatter?.seed !== undefined);
  const sds = scatters.map(scatter => {
    if (isReplicated) return scatter?.seed?.sd ?? 0;
    return scatter === undefined ? Number.NaN : Math.hypot(scatter.runSd, scatter.withinSd);
  });
  if (sds.some(Number.isNaN)) return null;
  const parts = losses.map((loss, i) => weights[i] * loss * sds[i]);
  const mean = losses.reduce((sum, loss, i) => sum + weights[i] * loss, 0);
  return {
    difference: (Math.SQRT2 * combined(fitted, parts)) / mean,
    source: isReplicated ? 'replicates' : 'scatter about the law',
  };
}
