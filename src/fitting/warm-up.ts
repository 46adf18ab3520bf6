/**
 * The warm-up rule: checkpoints of the first steps, where the learning rate still rises, follow no law of volume and
 * bend the fit of all others. They are left out of the fit, never of an evaluation.
 *
 * Rule: after a fit, take for each volume the root mean square over targets of the mean residual over runs. While that of
 * the first or the second volume exceeds three times the median of the later ones and 0.7 %, leave the first volume out
 * and fit again; but keep at least 60 % of the volumes and at least six.
 */

import { median } from './median.ts';

export const WARM_UP_RULE =
  'the first volume is left out while its mean log residual, or that of the second, exceeds 3 x the median of the later ones and 0.7 %; at least 60 % of the volumes and six are kept';

/** A mean residual up to this is the law's own misfit or the noise of a checkpoint, not warm-up. */
const SMALLEST_BEND = 0.007;

/** Fewer runs than this do not average their own noise out of a mean residual, and nothing is left out. */
const LEAST_RUNS = 4;

/** Residuals of one target's fit. */
export interface TargetResiduals {
  /** n: volume of each row, in any one unit. */
  readonly volume: ArrayLike<number>;
  /** n: predicted minus observed log losses. */
  readonly residuals: ArrayLike<number>;
  readonly runs: number;
}

/**
 * Whether the smallest volume still in the fit is warm-up.
 *
 * @param volumesBefore how many distinct volumes there were before any was left out
 */
export function isWarmUp(targets: readonly TargetResiduals[], volumesBefore: number): boolean {
  if (targets.some(({ runs }) => runs < LEAST_RUNS)) return false;
  const means = new Map<number, number[]>();
  for (const target of targets) {
    for (const [volume, mean] of meansByVolume(target)) means.set(volume, [...(means.get(volume) ?? []), mean]);
  }
  const volumes = [...means.keys()].sort((a, b) => a - b);
  if (volumes.length - 1 < Math.max(6, 0.6 * volumesBefore)) return false;
  const sizes = volumes.map(volume => rootMeanSquare(means.get(volume) ?? []));
  const limit = Math.max(3 * median(sizes.slice(2)), SMALLEST_BEND);
  return sizes[0] > limit || sizes[1] > limit;
}

function meansByVolume({ volume, residuals }: TargetResiduals): Map<number, number> {
  const sums = new Map<number, { sum: number; count: number }>();
  for (let n = 0; n < volume.length; n++) {
    const entry = sums.get(volume[n]) ?? { sum: 0, count: 0 };
    entry.sum += residuals[n];
    entry.count++;
    sums.set(volume[n], entry);
  }
  return new Map([...sums].map(([at, { sum, count }]) => [at, sum / count]));
}

function rootMeanSquare(values: readonly number[]): number {
  return Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / values.length);
}
