/**
 * The warm-up rule: checkpoints of the first steps, where the learning rate still rises, follow no law of volume and
 * bend the fit of all others. They are left out of the fit, never of an evaluation.
 *
 * Rule: after a fit, take for each volume the root mean square over targets of the mean residual over runs. While that of
 * the first or the second volume exceeds three times the median of the later ones and 0.7 %, leave the first volume out
 * and fit again; but keep at least 60 % of the volumes and at least six. Only volumes at which four or more runs were
 * measured count: fewer do not average their own noise out.
 */

import { median } from '../numerics/index.ts';

export const WARM_UP_RULE =
  'the first volume is left out while its mean log residual, or that of the second, exceeds 3 x the median of the later ones and 0.7 %; at least 60 % of the volumes and six are kept; volumes of fewer than 4 runs do not count';

/** A mean residual up to this is the law's own misfit or the noise of a checkpoint, not warm-up. */
const MIN_BEND = 0.007;

const MIN_RUNS = 4;

/** Residuals of one target's fit. */
export interface TargetResiduals {
  /** n: volume of each row. */
  readonly volume: ArrayLike<number>;
  /** n: predicted minus observed log losses. */
  readonly residuals: ArrayLike<number>;
}

/**
 * How many volumes the rule must leave.
 *
 * @param rowVolume n: volume of each row of the table
 */
export function volumesToKeep(rowVolume: ArrayLike<number>): number {
  const counted = meansByVolume({ volume: rowVolume, residuals: rowVolume }).size;
  return Math.max(6, 0.6 * counted);
}

/**
 * The volume to fit from when the smallest one in the fit is warm-up; undefined when it is not.
 *
 * @param toKeep as `volumesToKeep` said before anything was left out
 */
export function endOfWarmUp(targets: readonly TargetResiduals[], toKeep: number): number | undefined {
  const means = new Map<number, number[]>();
  for (const target of targets) {
    for (const [volume, mean] of meansByVolume(target)) means.set(volume, [...(means.get(volume) ?? []), mean]);
  }
  const volumes = [...means.keys()].sort((a, b) => a - b);
  if (volumes.length - 1 < toKeep) return undefined;
  const sizes = volumes.map(volume => rootMeanSquare(means.get(volume) ?? []));
  const limit = Math.max(3 * median(sizes.slice(2)), MIN_BEND);
  return sizes[0] > limit || sizes[1] > limit ? volumes[1] : undefined;
}

/** Mean residual at each volume that enough runs share. */
function meansByVolume({ volume, residuals }: TargetResiduals): Map<number, number> {
  const sums = new Map<number, { sum: number; count: number }>();
  for (let n = 0; n < volume.length; n++) {
    const entry = sums.get(volume[n]) ?? { sum: 0, count: 0 };
    entry.sum += residuals[n];
    entry.count++;
    sums.set(volume[n], entry);
  }
  return new Map([...sums].flatMap(([at, { sum, count }]) => (count < MIN_RUNS ? [] : [[at, sum / count]])));
}

function rootMeanSquare(values: readonly number[]): number {
  return Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / values.length);
}
