/** How far a law is asked beyond the data volumes of its runs. */

import type { FittedLaw } from './fitted-law.ts';

/** Up to this many times the largest volume of the runs, a prediction is no extrapolation. */
const MAX_COVERED_FACTOR = 1.05;

/**
 * The volume over the largest volume of the runs: 500 where runs of 2B tokens are asked about 1T. Exactly 1 up to 1.05 times
 * the largest, and for a law fitted without volumes.
 *
 * @param volume in the fit's unit
 */
export function extrapolationFactor({ volume: { unit, largest } }: FittedLaw, volume: number): number {
  return unit === 'none' || volume <= largest * MAX_COVERED_FACTOR ? 1 : volume / largest;
}
