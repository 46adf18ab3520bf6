/** How far a law is asked beyond the data volumes of its runs, and what such predictions are off by. */

import type { FittedLaw } from './fitted-law.ts';

/** Up to this many times the largest volume of the runs, a prediction is no extrapolation. */
export const MAX_COVERED_FACTOR = 1.05;

/**
 * By what part the continuation of a loss curve beyond the runs is off, before the runs themselves say: a standard deviation,
 * as measured on public tables (docs/intervals.md).
 */
export const BEYOND_VOLUMES = 0.13;
export const BEYOND_SIZES = 0.25;

/**
 * The volume over the largest volume of the runs: 500 where runs of 2B tokens are asked about 1T. Exactly 1 up to 1.05 times
 * the largest, and for a law fitted without volumes.
 *
 * @param volume in the fit's unit
 */
export function extrapolationFactor({ volume: { unit, largest } }: FittedLaw, volume: number): number {
  return unit === 'none' || volume <= largest * MAX_COVERED_FACTOR ? 1 : volume / largest;
}
