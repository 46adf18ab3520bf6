/** How sure the order of two laws is, from what each errs on the same held-out runs. */

import { studentQuantile } from '../numerics/index.ts';
import { lossAt, type RunTable, type Split } from '../observations/index.ts';
import type { PairedDifference } from './comparison-types.ts';
import { type FoldPredictions, measuredRows } from './held-out-scores.ts';

/** Fewer runs have no standard error to speak of. */
const MIN_RUNS = 3;

/**
 * What each run contributes to a law's mean relative error over targets: their sum is that error.
 *
 * @returns R; NaN for runs that are not held out
 */
export function errorsByRun(
  table: RunTable,
  split: Split,
  targets: readonly number[],
  predictions: readonly FoldPredictions[],
): Float64Array {
  const errors = new Float64Array(table.runs.length).fill(Number.NaN);
  targets.forEach((target, i) => {
    const rows = split.folds.map(fold => measuredRows(table, target, fold.test));
    const count = rows.reduce((sum, { length }) => sum + length, 0) * targets.length;
    rows.forEach((foldRows, fold) => {
      foldRows.forEach((row, n) => {
        const observed = lossAt(table, row, target);
        const run = table.rowRun[row];
        const error = Math.abs(predictions[fold][i][n] - observed) / observed / count;
        errors[run] = (Number.isNaN(errors[run]) ? 0 : errors[run]) + error;
      });
    });
  });
  return errors;
}

/**
 * Difference of two laws' mean relative errors, paired by run. Rows of one run err together, so runs are the units; that
 * the folds' training runs overlap is not counted, and makes the error a little too small.
 *
 * @param errors of one law, from `errorsByRun`
 * @param others of the other, over the same split
 */
export function pairedDifference(errors: Float64Array, others: Float64Array): PairedDifference {
  const differences = errors.map((error, run) => error - others[run]).filter(difference => !Number.isNaN(difference));
  const runs = differences.length;
  const difference = differences.reduce((sum, value) => sum + value, 0);
  if (runs < MIN_RUNS) return { difference, standardError: null, runs };
  const squares = differences.reduce((sum, value) => sum + (value - difference / runs) ** 2, 0);
  return { difference, standardError: Math.sqrt((runs / (runs - 1)) * squares), runs };
}

/** Whether 95 % of differences by chance would be smaller, by Student's t over runs. */
export function isClear({ difference, standardError, runs }: PairedDifference): boolean {
  return standardError !== null && Math.abs(difference) > studentQuantile(0.95, runs - 1) * standardError;
}
