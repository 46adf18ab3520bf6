/** What all runs share at one measured checkpoint, on top of a law's coefficients. */

import type { CheckpointEffect } from './fitted-law.ts';
import type { Parameter } from './law.ts';

/** Volumes nearer than this part are one checkpoint: short runs are rounded to whole steps. */
const SAME_VOLUME = 5e-3;

/**
 * Theta at a data volume: with the effect of the checkpoint measured there, or as it is where none was. Stays within the
 * parameters' bounds.
 *
 * @param volume in the unit of the effects
 */
export function thetaAtCheckpoint(
  parameters: readonly Parameter[],
  theta: Float64Array,
  effects: readonly CheckpointEffect[] | undefined,
  volume: number,
): Float64Array {
  const effect = effects?.find(candidate => Math.abs(candidate.volume - volume) <= SAME_VOLUME * volume);
  if (effect === undefined) return theta;
  return theta.map((value, q) => {
    const { name, lower, upper } = parameters[q];
    return Math.min(upper, Math.max(lower, value + (effect.shifts[name] ?? 0)));
  });
}
