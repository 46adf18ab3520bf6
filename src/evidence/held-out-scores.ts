/** From predictions of held-out rows to the scores of a law. */

import { BimixError } from '../errors/index.ts';
import { meanAbsoluteError, meanRelativeError, rSquared, spearman } from '../fitting/index.ts';
import { isLastOfRun, lossAt, type RunTable, type Split } from '../observations/index.ts';
import type { LawEvidence, Scores } from './evidence-types.ts';
import { HeldOutPoints } from './held-out-points.ts';

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
  const rows = targets.map(target => split.folds.map(({ test }) => measuredRows(table, target, test)));
  const points = targets.map((target, i) => {
    return new HeldOutPoints(table, target, joinedRows(rows[i]), joined(predictions.map(fold => fold[i])));
  });
  const scored = targets.map((target, i) => {
    if (points[i].length > 0) return score(table, points[i]);
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
    regretAt1: split.holdsOutRuns
      ? average(
          split.folds.map((_, fold) =>
            foldRegret(
              table,
              targets.map((target, i) => ({ target, rows: rows[i][fold], predicted: predictions[fold][i] })),
            ),
          ),
        )
      : null,
    points: byDomain(points),
  };
}

function score(table: RunTable, points: HeldOutPoints): Scores {
  const { rows, observed, predicted } = points;
  const isLast = Array.from(rows, row => isLastOfRun(table, row));
  const observedLast = observed.filter((_, n) => isLast[n]);
  const predictedLast = predicted.filter((_, n) => isLast[n]);
  return {
    mre: meanRelativeError(observed, predicted),
    mreAtLast: observedLast.length === 0 ? null : meanRelativeError(observedLast, predictedLast),
    mae: meanAbsoluteError(observed, predicted),
    r2: rSquared(observed, predicted),
    r2Log: rSquared(observed.map(Math.log), predicted.map(Math.log)),
    spearman: spearman(observedLast, predictedLast),
    n: points.length,
    runs: new Set(Array.from(rows, row => table.rowRun[row])).size,
  };
}

/** One target's held-out rows of one fold. */
interface FoldRows {
  readonly target: number;
  readonly rows: Int32Array;
  readonly predicted: Float64Array;
}

/**
 * Relative excess of the mean loss of the held-out run with the lowest predicted mean over the best held-out run, at last
 * checkpoints; null with fewer than two runs whose targets were all measured there.
 */
function foldRegret(table: RunTable, fold: readonly FoldRows[]): number | null {
  const sums = new Map<number, { observed: number; predicted: number; count: number }>();
  for (const { target, rows, predicted } of fold) {
    rows.forEach((row, n) => {
      if (!isLastOfRun(table, row)) return;
      const entry = sums.get(table.rowRun[row]) ?? { observed: 0, predicted: 0, count: 0 };
      entry.observed += lossAt(table, row, target);
      entry.predicted += predicted[n];
      entry.count++;
      sums.set(table.rowRun[row], entry);
    });
  }
  const complete = [...sums.values()].filter(entry => entry.count === fold.length);
  if (complete.length < 2) return null;
  const picked = complete.reduce((a, b) => (b.predicted < a.predicted ? b : a));
  const best = complete.reduce((a, b) => (b.observed < a.observed ? b : a));
  return picked.observed / best.observed - 1;
}

/** The rows of one fold after another. */
function joinedRows(parts: readonly Int32Array[]): Int32Array {
  const all = new Int32Array(parts.reduce((sum, part) => sum + part.length, 0));
  parts.reduce((at, part) => {
    all.set(part, at);
    return at + part.length;
  }, 0);
  return all;
}

/** The values of one fold after another. */
export function joined(parts: readonly Float64Array[]): Float64Array {
  const all = new Float64Array(parts.reduce((sum, part) => sum + part.length, 0));
  parts.reduce((at, part) => {
    all.set(part, at);
    return at + part.length;
  }, 0);
  return all;
}

/** Mean of the known values; null when none is. */
function average(values: readonly (number | null)[]): number | null {
  const known = values.filter(value => value !== null);
  return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0) / known.length;
}
