/** How laws improve with the number of runs they are fitted to. */

import { mean } from '../numerics/index.ts';
import { drawFold, type Fold, type RunTable } from '../observations/index.ts';
import type { CurvePoint } from './comparison-types.ts';
import { measuredRows, scoreFolds } from './held-out-scores.ts';
import type { HoldOut, HoldOutOutcome } from './hold-out.ts';

/** Draws of training runs at each number of them. */
export const CURVE_DRAWS = 3;
/** A rank correlation needs as many. */
const MIN_PREDICTED = 3;
/** Numbers of runs of the grid that nobody asked for. */
const MAX_STEPS = 6;

/** Doubling from 4 to four fifths of the runs, at most six numbers. */
export function runGrid(runs: number): number[] {
  const most = Math.min(Math.floor(0.8 * runs), runs - MIN_PREDICTED);
  const grid: number[] = [];
  for (let count = 4; count <= most; count *= 2) grid.push(count);
  const last = grid.at(-1);
  if (last !== undefined && most > 1.3 * last) grid.push(most);
  return grid.slice(-MAX_STEPS);
}

/** Whether this many training runs leave runs to predict. */
export function leavesRuns(table: RunTable, runs: number): boolean {
  return table.runs.length - runs >= MIN_PREDICTED;
}

/** For each number of runs, one fold a draw; draws with one seed hold each other. */
export function curveFolds(table: RunTable, runs: readonly number[], seed: number): Fold[][] {
  return runs.map(count => Array.from({ length: CURVE_DRAWS }, (_, draw) => drawFold(table, count, seed + draw)));
}

/** The hold-outs of all curves; draws outermost, so that the time left is known early. */
export function curveHoldOuts(folds: readonly (readonly Fold[])[], forecasters: readonly string[]): HoldOut[] {
  return Array.from({ length: CURVE_DRAWS }, (_, draw) =>
    folds.flatMap(draws => forecasters.map(forecaster => ({ forecaster, ...draws[draw] }))),
  ).flat();
}

/**
 * The curve of one law.
 *
 * @param outcomes of that law's hold-outs, in the order of `curveHoldOuts`
 */
export function learningCurve(
  table: RunTable,
  targets: readonly number[],
  runs: readonly number[],
  folds: readonly (readonly Fold[])[],
  outcomes: readonly HoldOutOutcome[],
): CurvePoint[] {
  return runs.map((count, step): CurvePoint => {
    const scores = folds[step].map((fold, draw) => {
      const outcome = outcomes[draw * runs.length + step];
      return 'failure' in outcome ? null : scoreFold(table, targets, fold, outcome);
    });
    const draws = scores.map(score => score?.mre ?? null);
    return { runs: count, mre: mean(draws), spearman: mean(scores.map(score => score?.spearman ?? null)), draws };
  });
}

function scoreFold(
  table: RunTable,
  targets: readonly number[],
  fold: Fold,
  { predictions }: Exclude<HoldOutOutcome, { failure: object }>,
): { readonly mre: number; readonly spearman: number | null } | null {
  if (targets.some(target => measuredRows(table, target, fold.test).length === 0)) return null;
  const split = { name: 'draw', meaning: '', holdsOutRuns: true, folds: [fold] };
  return scoreFolds(table, split, targets, [predictions]).mean;
}
