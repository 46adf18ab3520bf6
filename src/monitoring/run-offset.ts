/**
 * What a run under way is off by as a whole, beyond what a law says of its mixture: its seed, its data order, what the law
 * misses of it. The best linear unbiased prediction from the mean of its log residuals d at checkpoints s, late ones counting
 * more (Henderson 1975, with weights k = (s / s_last)^2):
 *
 *   mean = sum k d / sum k,    n = (sum k)^2 / sum k^2,    offset = mean v_run / (v_run + v_within / n)
 */

/** A run's checkpoints so far, ascending in volume. */
export interface RunSoFar {
  readonly volumes: ArrayLike<number>;
  /** Observed minus predicted log losses. */
  readonly deviations: ArrayLike<number>;
}

/** Variances of log losses. */
export interface OffsetVariances {
  /** Between runs: of what all checkpoints of a run are off by. */
  readonly run: number;
  /** Of a checkpoint within its run. */
  readonly within: number;
}

export interface RunOffset {
  /** To add to the law's log losses. */
  readonly offset: number;
  /** Of what the offset leaves open. */
  readonly variance: number;
}

/** Each checkpoint's part of the recency-weighted mean; they sum to 1. */
export function recencyWeights(volumes: ArrayLike<number>): Float64Array {
  const last = volumes[volumes.length - 1];
  const weights = Float64Array.from(volumes, volume => (volume / last) ** 2);
  const sum = weights.reduce((a, b) => a + b, 0);
  return weights.map(weight => weight / sum);
}

/** How many equally weighted checkpoints a weighted mean is worth: 1 / sum of squared weights that sum to 1. */
export function effectiveCount(weights: Float64Array): number {
  return 1 / weights.reduce((sum, weight) => sum + weight * weight, 0);
}

/** @returns no offset, with the variance between runs, for a run without checkpoints */
export function runOffset({ volumes, deviations }: RunSoFar, { run, within }: OffsetVariances): RunOffset {
  if (volumes.length === 0) return { offset: 0, variance: run };
  const weights = recencyWeights(volumes);
  const mean = weights.reduce((sum, weight, n) => sum + weight * deviations[n], 0);
  const noise = within / effectiveCount(weights);
  const gain = run + noise > 0 ? run / (run + noise) : 0;
  return { offset: gain * mean, variance: run * (1 - gain) };
}

/**
 * Both variances from runs, by moments: v_within is the mean of the runs' weighted variances, v_run that of their weighted
 * means less what v_within adds to them, plus the square of their common mean.
 *
 * @param runs at least one, each with at least one checkpoint
 */
export function offsetVariances(runs: readonly RunSoFar[]): OffsetVariances {
  const each = runs.map(({ volumes, deviations }) => {
    const weights = recencyWeights(volumes);
    const mean = weights.reduce((sum, weight, n) => sum + weight * deviations[n], 0);
    const within = weights.reduce((sum, weight, n) => sum + weight * (deviations[n] - mean) ** 2, 0);
    return { mean, within, share: 1 / effectiveCount(weights) };
  });
  const average = (of: (run: (typeof each)[number]) => number): number =>
    each.reduce((sum, run) => sum + of(run), 0) / each.length;
  const within = average(run => run.within);
  const common = average(run => run.mean);
  const between = average(run => (run.mean - common) ** 2 - within * run.share);
  return { run: Math.max(0, between) + common * common, within };
}
