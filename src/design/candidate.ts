/** A mixture that could be run next. */

import { type ShareBounds, totalVariation } from '../mixture/index.ts';
import { mixtureOfRun, type RunTable } from '../observations/index.ts';

export interface Candidate {
  readonly name: string;
  /** m: shares of tokens, in the order of the runs' training domains. */
  readonly shares: Float64Array;
  /** Where it comes from, in words: `pool`, `near the optimum`. */
  readonly origin: string;
  /** The run that has this mixture already; a measured mixture can be recommended but is not run again. */
  readonly run?: string;
}

/** Mixtures that differ by less than this part of their tokens are one. */
const SAME_MIXTURE = 1e-4;

/** The candidates that no run has, then the runs' own mixtures, those within the bounds, as measured candidates. */
export function withRuns(candidates: readonly Candidate[], table: RunTable, bounds?: ShareBounds): Candidate[] {
  const measured = table.runs.map(
    ({ name }, run): Candidate => ({ name, shares: mixtureOfRun(table, run), origin: 'run', run: name }),
  );
  const isNew = ({ shares }: Candidate): boolean =>
    measured.every(other => totalVariation(shares, other.shares) > SAME_MIXTURE);
  const allowed = measured.filter(({ shares }) => bounds === undefined || isWithin(shares, bounds));
  return [...candidates.filter(isNew), ...allowed];
}

/** Whether a mixture lies within bounds, but for rounding. */
export function isWithin(shares: Float64Array, { lower, upper }: ShareBounds): boolean {
  return shares.every((share, j) => share >= lower[j] - 1e-6 && share <= upper[j] + 1e-6);
}
