/** Where a law has no intervals to give, and why. */

import { formatQuantity } from '../mixture/index.ts';
import { MAX_COVERED_FACTOR } from './extrapolation.ts';
import type { FittedLaw, Warning } from './fitted-law.ts';
import { hasUncertainty } from './log-deviations.ts';

/**
 * Undefined where there are intervals. None are given by a law file without uncertainties, nor away from the volume of runs
 * that all have one: they do not say how losses go on.
 *
 * @param volume in the fit's unit
 */
export function noIntervals(fitted: FittedLaw, volume: number): Warning | undefined {
  const { unit, smallest, largest } = fitted.volume;
  if (!hasUncertainty(fitted)) {
    const message =
      'no intervals: the law file does not say how uncertain its fit is; fit the law again with bimix fit';
    return { code: 'no-uncertainty', message };
  }
  const away = unit !== 'none' && (volume > largest * MAX_COVERED_FACTOR || volume < smallest / MAX_COVERED_FACTOR);
  if (!away || fitted.targets.every(({ volumeVaries }) => volumeVaries)) return undefined;
  const message = `no intervals at ${formatQuantity(volume)} ${unit}: all runs were measured at ${formatQuantity(largest)}, which does not say how losses change with the data volume; give runs with earlier checkpoints, or of several lengths`;
  return { code: 'no-uncertainty', message };
}
