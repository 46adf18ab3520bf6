/** What a run is worth to intervals: how much it narrows the standard errors of predictions over all candidates. */

import type { Belief } from './belief.ts';
import { dot } from './conditioning.ts';

/**
 * Mean variance of the predicted log losses by the coefficients, over targets and candidates: what the `intervals` goal makes
 * small (the integrated variance of Sacks et al. 1989).
 */
export function meanVariance({ targets, candidates }: Belief): number {
  let sum = 0;
  for (const { decided } of targets) for (const row of decided) sum += dot(row, row);
  return sum / (targets.length * candidates.length);
}

/** How much a run of a candidate lowers the mean variance. */
export function varianceReduction({ targets, candidates }: Belief, candidate: number): number {
  let sum = 0;
  for (const { decided, measured, noise } of targets) {
    const row = measured[candidate];
    let squares = 0;
    for (const other of decided) squares += dot(other, row) ** 2;
    sum += squares / (dot(row, row) + noise);
  }
  return sum / (targets.length * candidates.length);
}
