/** The option that asks for intervals, and how the uncertainty of a fit is found. */

import { Option } from '@commander-js/extra-typings';
import { BimixError } from '../errors/index.ts';
import type { LossInterval } from '../laws/index.ts';

export const INTERVAL_HELP = 'intervals that are to cover this percentage of new runs, for example 90';

/**
 * @param text percent, `90` or `90%`
 * @returns a probability
 * @throws BimixError `invalid-level`
 */
export function intervalLevel(text: string): number {
  const percent = Number(text.replace(/\s*%$/, ''));
  if (text.trim() !== '' && percent >= 1 && percent <= 99.9) return percent / 100;
  throw new BimixError('invalid-level', `invalid --interval ${text}: expected a percentage from 1 to 99.9`, {
    hint: 'For example --interval 90.',
  });
}

export const uncertaintyOption = new Option(
  '--uncertainty <how>',
  'what intervals come from: the fit (auto: Laplace, or a bootstrap where runs are few), resampled runs, or errors on runs held out',
)
  .choices(['auto', 'bootstrap', 'held-out'] as const)
  .default('auto' as const);

/** As `FitLawOptions.uncertainty`. */
export function uncertaintySetting(how: 'auto' | 'bootstrap' | 'held-out'): true | 'bootstrap' | 'held-out' {
  return how === 'auto' ? true : how;
}

/** `2.4432 to 2.4617`. */
export function intervalText({ lower, upper }: Omit<LossInterval, 'loss'>): string {
  return `${lower.toFixed(4)} to ${upper.toFixed(4)}`;
}
