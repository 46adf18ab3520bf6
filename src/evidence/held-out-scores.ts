/** From predictions of held-out rows to the scores of a law. */

import { BimixError } from '../errors/index.ts';
import { meanAbsoluteError, meanRelativeError, rSquared, spearman } from '../fitting/index.ts';
import { isLastOfRun, lossAt, type RunTable, type Split } from '../observations/index.ts';
import type { HeldOutPoint, LawEvidence, Scores } from './evidence-types.ts';

/** Predicted losses, nats per token, of the rows of one fold: one array a target, over `measuredRows`. */
export type FoldPredictions = readonly Float64Array[];

/** The rows at which a target was measured. */
export function measuredRows(table: RunTable, target: number, rows: Int32Array): Int32Array {
  return rows.filter(row => !Number.isNaN(lossAt(table, row, target)));
}

/**
 * Scores of all folds together.
 *
 * @param targets indices of evaluation domains, in the order of the predictions
 * @param predictions one entry a fold of `split`
 * @throws BimixError `missing-losses` when the split holds out no loss of a target
 */
export function scoreFolds(
  table: RunTable,
  split: Split,
  targets: readonly number[],
  predictions: readonly FoldPredictions[],
): Omit<LawEvidence, 'law' | 'kind' | 'fitSeconds'> {
  const folds = split.folds.map((fold, index) =>
    targets.map((target, i) => pointsOf(table, target, fold.test, predictions[index][i])),
  );
  const points = targets.map((_, i) => folds.flatMap(fold => fold[i]));
  const scored = targets.map((target, i) => {
    if (points[i].length > 0) return score(points[i]);
    const domain = table.evaluationDomains[target];
    throw new BimixError('missing-losses', `missing losses of "${domain}": the split ${split.name} holds out none`, {
      hint: 'Choose other targets with --targets, or another --split.',
    });
  });
  const byDomain = <T>(values: readonly T[]): Record<string, T> =>
    Object.fromEntries(targets.map((target, i) => [table.evaluationDomains[target], values[i]]));
  return {
    mean: {
      mre: average(scored.map(scores => scores.mre)) ?? Number.NaN,
      mreAtLast: average(scored.map(scores => scores.mreAtLast)),
      mae: average(scored.map(scores => scores.mae)) ?? Number.NaN,
      r2: average(scored.map(scores => scores.r2)),
      r2Log: average(scored.map(scores => scores.r2Log)),
      spearman: average(scored.map(scores => scores.spearman)),
    },
    targets: byDomain(scored),
    regretAt1: split.holdsOutRuns ? average(folds.map(foldRegret)) : null,
    points: byDomain(points),
  };
}

function pointsOf(table: RunTable, target: number, test: Int32Array, predicted: Float64Array): HeldOutPoint[] {
  return Array.from(measuredRows(table, target, test), (row, n) => ({
    run: table.runs[table.rowRun[row]].name,
    volume: table.rowVolume[row],
    observed: lossAt(table, row, target),
    predicted: predicted[n],
    last: isLastOfRun(table, row),
  }));
}

function score(points: readonly HeldOutPoint[]): Scores {
  const observed = points.map(point => point.observed);
  const predicted = points.map(point => point.predicted);
  const last = points.filter(point => point.last);
  const observedLast = last.map(point => point.observed);
  const predictedLast = last.map(point => point.predicted);
  return {
    mre: meanRelativeError(observed, predicted),
    mreAtLast: last.length === 0 ? null : meanRelativeError(observedLast, predictedLast),
    mae: meanAbsoluteError(observed, predicted),
    r2: rSquared(observed, predicted),
    r2Log: rSquared(observed.map(Math.log), predicted.map(Math.log)),
    spearman: spearman(observedLast, predictedLast),
    n: points.length,
    runs: new Set(points.map(point => point.run)).size,
  };
}

/**
 * Relative excess of the mean loss of the held-out run with the lowest predicted mean over the best held-out run, at last
 * checkpoints; null with fewer than two runs whose targets were all measured there.
 */
function foldRegret(foldPoints: readonly (readonly HeldOutPoint[])[]): number | null {
  const sums = new Map<string, { observed: number; predicted: number; count: number }>();
  for (const { run, observed, predicted, last } of foldPoints.flat()) {
    if (!last) continue;
    const entry = sums.get(run) ?? { observed: 0, predicted: 0, count: 0 };
    sums.set(run, {
      observed: entry.observed + observed,
      predicted: entry.predicted + predicted,
      count: entry.count + 1,
    });
  }
  const complete = [...sums.values()].filter(entry => entry.count === foldPoints.length);
  if (complete.length < 2) return null;
  const picked = complete.reduce((a, b) => (b.predicted < a.predicted ? b : a));
  const best = complete.reduce((a, b) => (b.observed < a.observed ? b : a));
  return picked.observed / best.observed - 1;
}

/** Mean of the known values; null when none is. */
function average(values: readonly (number | null)[]): number | null {
  const known = values.filter(value => value !== null);
  return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0) / known.length;
}
