/** Laws judged on data they were not fitted on, side by side with naive baselines. */

import { BimixError } from '../errors/index.ts';
import { defaultTargets, isLastOfRun, lossAt, type RunTable, type Split } from '../observations/index.ts';
import type { Evidence, HeldOutPoint, LawEvidence, Scores } from './evidence-types.ts';
import type { Forecaster } from './forecaster.ts';
import { meanAbsoluteError, meanRelativeError, rSquared, spearman } from './metrics.ts';

export interface EvaluateOptions {
  /** Indices of evaluation domains; defaults to those with a training domain. */
  readonly targets?: readonly number[];
  /** Called after each fold of each law. */
  readonly onProgress?: (done: number, total: number) => void;
  /** Seconds from any fixed moment, for the fit times; they are reported as 0 without it. */
  readonly clock?: () => number;
}

/** Trains each forecaster on each fold and scores what it says of the held-out rows. */
export function evaluate(
  table: RunTable,
  forecasters: readonly Forecaster[],
  split: Split,
  options: EvaluateOptions = {},
): Evidence {
  const { targets = defaultTargets(table), onProgress, clock = () => 0 } = options;
  const total = forecasters.length * split.folds.length;
  const laws = forecasters.map((forecaster, index) =>
    evaluateOne(table, forecaster, split, targets, clock, fold =>
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
  clock: () => number,
  onFold: (done: number) => void,
): LawEvidence {
  const points = new Map<number, HeldOutPoint[]>(targets.map(target => [target, []]));
  const regrets: number[] = [];
  let seconds = 0;
  split.folds.forEach((fold, index) => {
    const before = clock();
    const forecast = forecaster.train(table, fold.train, targets);
    seconds += clock() - before;
    const foldPoints = targets.map(target => forecastFold(table, target, fold.test, forecast));
    targets.forEach((target, i) => {
      for (const point of foldPoints[i]) points.get(target)?.push(point);
    });
    const regret = split.holdsOutRuns ? foldRegret(foldPoints) : null;
    if (regret !== null) regrets.push(regret);
    onFold(index + 1);
  });
  const scored = targets.map(target => {
    const held = points.get(target) ?? [];
    if (held.length > 0) return score(held);
    const domain = table.evaluationDomains[target];
    throw new BimixError('missing-losses', `missing losses of "${domain}": the split ${split.name} holds out none`, {
      hint: 'Choose other targets with --targets, or another --split.',
    });
  });
  return {
    law: forecaster.name,
    kind: forecaster.kind,
    mean: {
      mre: average(scored.map(scores => scores.mre)) ?? Number.NaN,
      mae: average(scored.map(scores => scores.mae)) ?? Number.NaN,
      r2: average(scored.map(scores => scores.r2)),
      r2Log: average(scored.map(scores => scores.r2Log)),
      spearman: average(scored.map(scores => scores.spearman)),
    },
    targets: Object.fromEntries(targets.map((target, i) => [table.evaluationDomains[target], scored[i]])),
    regretAt1: average(regrets),
    points: Object.fromEntries(targets.map(target => [table.evaluationDomains[target], points.get(target) ?? []])),
    fitSeconds: seconds,
  };
}

function forecastFold(
  table: RunTable,
  target: number,
  test: Int32Array,
  forecast: (target: number, rows: Int32Array) => Float64Array,
): HeldOutPoint[] {
  const rows = test.filter(row => !Number.isNaN(lossAt(table, row, target)));
  const predicted = forecast(target, rows);
  return Array.from(rows, (row, n) => ({
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
  return {
    mre: meanRelativeError(observed, predicted),
    mae: meanAbsoluteError(observed, predicted),
    r2: rSquared(observed, predicted),
    r2Log: rSquared(observed.map(Math.log), predicted.map(Math.log)),
    spearman: spearman(
      last.map(point => point.observed),
      last.map(point => point.predicted),
    ),
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
