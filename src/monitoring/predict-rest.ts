/** The rest of a run in progress, from its mixture and its checkpoints so far. */

import { checkLevel, type FittedLaw, type LossInterval } from '../laws/index.ts';
import { forecastInterval, modelRun, offsetSoFar } from './run-model.ts';

/** Checkpoints of one run, ascending in volume. */
export interface ObservedRun {
  /** In the fit's unit. */
  readonly volumes: readonly number[];
  /** By evaluation domain, one a checkpoint: nats per token, NaN where it was not measured. */
  readonly losses: Readonly<Record<string, readonly number[]>>;
}

export interface RestOfRun {
  /** Evaluation domain. */
  readonly target: string;
  /** What the run is off by so far, in log loss: 0.01 is 1 % above the law. */
  readonly offset: number;
  readonly offsetSd: number;
  /** One a volume asked for: measured losses fall into it with the probability asked for. */
  readonly ahead: readonly LossInterval[];
}

/**
 * Each target's losses at later volumes. Intervals hold the checkpoint's noise, what the run's offset leaves open, and the
 * uncertainty of the coefficients at its mixture; the last two shrink as the run goes on.
 *
 * @param shares share of tokens in the order of the law's training domains
 * @param volumes in the fit's unit
 * @param level coverage probability of each interval; default 0.9
 * @param size model size in parameters, for laws that know it
 * @throws BimixError `invalid-level`, or `missing-uncertainty` when the fit does not say how uncertain it is
 */
export function predictRest(
  fitted: FittedLaw,
  shares: Float64Array,
  observed: ObservedRun,
  volumes: readonly number[],
  level = 0.9,
  size?: number,
): RestOfRun[] {
  checkLevel(level);
  return fitted.targets.map(target => {
    const losses = observed.losses[target.target] ?? [];
    const rows = observed.volumes.flatMap((_, row) => (losses[row] > 0 ? [row] : []));
    const model = modelRun(fitted, target, shares, [...observed.volumes, ...volumes], size);
    const past = { rows, deviations: rows.map(row => Math.log(losses[row]) - model.logPredicted[row]) };
    const { offset, variance } = offsetSoFar(model, past);
    const ahead = volumes.map((_, n) => forecastInterval(model, past, observed.volumes.length + n, level));
    return { target: target.target, offset, offsetSd: Math.sqrt(variance), ahead };
  });
}
