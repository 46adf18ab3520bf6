/** Laws judged on data they were not fitted on, side by side with naive baselines. */

import type { RowIntervals } from '../laws/index.ts';
import { defaultTargets, type RunTable, type Split } from '../observations/index.ts';
import type { Evidence, LawEvidence } from './evidence-types.ts';
import type { Forecaster } from './forecaster.ts';
import { type FoldPredictions, measuredRows, scoreFolds } from './held-out-scores.ts';
import { scoreIntervals } from './interval-coverage.ts';

export interface EvaluateOptions {
  /** Indices of evaluation domains; defaults to those with a training domain. */
  readonly targets?: readonly number[];
  /** Probability that an interval covers its loss. Without it none are made; some forecasters have none. */
  readonly interval?: number;
  /** Called after each fold of each law. */
  readonly onProgress?: (done: number, total: number) => void;
  /** Seconds from any fixed moment, for the fit times; they are reported as 0 without it. */
  readonly clock?: () => number;
}

/**
 * Trains each forecaster on each fold and scores its predictions of the held-out rows.
 *
 * @example
 * ```js
 * import { bimix, evaluate, lawForecaster, meanBaseline, splitRuns } from 'bimix';
 *
 * const { laws } = evaluate(table, [lawForecaster(bimix), meanBaseline], splitRuns(table, 'kfold:2', 0));
 * ```
 */
export function evaluate(
  table: RunTable,
  forecasters: readonly Forecaster[],
  split: Split,
  options: EvaluateOptions = {},
): Evidence {
  const { targets = defaultTargets(table), onProgress } = options;
  const total = forecasters.length * split.folds.length;
  const laws = forecasters.map((forecaster, index) =>
    evaluateOne(table, forecaster, split, targets, options, fold =>
      onProgress?.(index * split.folds.length + fold, total),
    ),
  );
  const heldOut = new Set(split.folds.flatMap(fold => Array.from(fold.test, row => table.rowRun[row])));
  return {
    split: split.name,
    meaning: split.meaning,
    runs: heldOut.size,
    points: Object.values(laws[0].points).reduce((sum, points) => sum + points.length, 0),
    laws,
  };
}

function evaluateOne(
  table: RunTable,
  forecaster: Forecaster,
  split: Split,
  targets: readonly number[],
  { interval: level, clock = () => 0 }: EvaluateOptions,
  onFold: (done: number) => void,
): LawEvidence {
  let seconds = 0;
  const intervals: RowIntervals[][] = targets.map(() => []);
  const predictions = split.folds.map((fold, index): FoldPredictions => {
    const before = clock();
    const forecast = forecaster.train(table, fold.train, targets);
    seconds += clock() - before;
    const rows = targets.map(target => measuredRows(table, target, fold.test));
    if (level !== undefined) {
      targets.forEach((target, i) => {
        const ofFold = forecast.intervals?.(target, rows[i], level);
        if (ofFold !== undefined) intervals[i].push(ofFold);
      });
    }
    const predicted = targets.map((target, i) => forecast(target, rows[i]));
    onFold(index + 1);
    return predicted;
  });
  const scored = scoreFolds(table, split, targets, predictions);
  const complete = level !== undefined && intervals.every(folds => folds.length === split.folds.length);
  const byDomain = Object.fromEntries(targets.map((target, i) => [table.evaluationDomains[target], intervals[i]]));
  return {
    law: forecaster.name,
    kind: forecaster.kind,
    ...scored,
    ...(complete ? scoreIntervals(scored.points, byDomain, level) : {}),
    fitSeconds: seconds,
  };
}
