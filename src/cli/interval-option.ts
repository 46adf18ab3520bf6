/** The option that asks for intervals, and how the uncertainty of a fit is found. */

import { Option } from '@commander-js/extra-typings';
import { BimixError } from '../errors/index.ts';
import type { FittedLaw, LossInterval, Warning } from '../laws/index.ts';
import { countOf, percent } from './number-text.ts';

export const INTERVAL_HELP = 'intervals meant to cover this percentage of new runs, for example 90';

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
  'what intervals come from: the fit and its residuals, or errors on runs held out inside these',
)
  .choices(['fit', 'held-out'] as const)
  .default('fit' as const);

/** As `FitLawOptions.uncertainty`. */
export function uncertaintySetting(how: 'fit' | 'held-out'): true | 'held-out' {
  return how === 'held-out' ? how : true;
}

/** `2.4432 to 2.4617`. */
export function intervalText({ lower, upper }: Omit<LossInterval, 'loss'>): string {
  return `${lower.toFixed(4)} to ${upper.toFixed(4)}`;
}

/** What the intervals of predictions are of. */
export function intervalNote({ covered, law }: FittedLaw, level: number): string {
  return `Intervals are meant to cover ${percent(level, 0)} of new runs, judged by how ${law} fits its ${countOf(covered.runs.length, 'run')}; bimix evaluate --interval ${Number((100 * level).toFixed(1))} measures their coverage on held-out runs.`;
}

/** With fewer runs, the law's error between mixtures cannot be estimated. */
const MIN_RUNS = 4;

/** What to say of intervals that rest on hardly any run. */
export function fewRunsForIntervals({ covered }: FittedLaw): Warning[] {
  const { length: runs } = covered.runs;
  if (runs >= MIN_RUNS) return [];
  const message = `${countOf(runs, 'run')} cannot show how far the law is off at other mixtures: away from theirs the intervals are too narrow`;
  return [{ code: 'few-runs', message }];
}
