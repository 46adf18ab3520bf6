/**
 * Intervals from nothing but errors on runs held out: for laws that a regression corrects, whose coefficients tell little of
 * how wrong they are, and as a check of the others. Split conformal prediction over folds: every run is predicted once by a fit
 * without it, and the interval at a level is the quantile of those absolute errors. It is as wide everywhere, near the runs
 * and far from them.
 */

import { type FittedLaw, predictCheckpoints } from '../laws/index.ts';
import { evaluationTargets, type RunTable, selectRows, splitRuns } from '../observations/index.ts';
import { mixtureGroups } from './mixture-groups.ts';
import { type ResidualsOfTarget, residualCorrelation } from './residual-correlation.ts';
import { runScatter } from './run-scatter.ts';
import { targetData } from './target-data.ts';

/** Folds, or as many as there are runs. */
const FOLDS = 8;
const DIGITS = 6;

/**
 * @param fitted to all runs
 * @param refit the same fit to other runs
 */
export function addHeldOutUncertainty(
  table: RunTable,
  fitted: FittedLaw,
  refit: (part: RunTable) => FittedLaw,
): FittedLaw {
  const { runs } = table;
  if (runs.length < 2) return fitted;
  const names = fitted.targets.map(({ target }) => target);
  const targets = evaluationTargets(table, names);
  const held = targets.map(() => new Map<number, number>());
  for (const { train, test } of splitRuns(table, `kfold:${Math.min(FOLDS, runs.length)}`, 0).folds) {
    const inner = refit(selectRows(table, train));
    targets.forEach((target, i) => {
      const found = inner.targets.find(candidate => candidate.target === names[i]);
      if (found === undefined) return;
      const data = targetData(table, target, test, inner.volume.scale, inner.sizes?.at(-1));
      predictCheckpoints(inner, found, data.design).forEach((logLoss, n) => {
        held[i].set(data.tableRows[n], data.logLosses[n] - logLoss);
      });
    });
  }
  const groups = mixtureGroups(table);
  const residuals = held.map((byRow): ResidualsOfTarget => {
    const tableRows = Int32Array.from(byRow.keys()).sort();
    return { tableRows, residuals: Float64Array.from(tableRows, row => byRow.get(row) as number) };
  });
  return {
    ...fitted,
    residualCorrelation: residualCorrelation(residuals),
    targets: fitted.targets.map((target, i) => {
      const { tableRows, residuals: errors } = residuals[i];
      const { rowRun, tableRuns } = runsOfRows(table, tableRows);
      const scatter = runScatter({
        residuals: errors,
        weights: new Float64Array(errors.length).fill(1),
        rowRun,
        runMixture: tableRuns.map(run => groups[run]),
        runParameters: 0,
      });
      const quantiles = conformalQuantiles(errors.map(Math.abs), tableRuns.length);
      return { ...target, uncertainty: { method: 'held-out' as const, quantiles, ...scatter } };
    }),
  };
}

function runsOfRows(table: RunTable, rows: Int32Array): { rowRun: Int32Array; tableRuns: number[] } {
  const tableRuns: number[] = [];
  const rowRun = rows.map(row => {
    const run = table.rowRun[row];
    if (tableRuns.at(-1) !== run) tableRuns.push(run);
    return tableRuns.length - 1;
  });
  return { rowRun, tableRuns };
}

/**
 * Quantiles at 0 %, 1 %, ... 100 %, each taken (runs + 1) / runs as far out: a new run is as likely to be the worst of all as
 * any other.
 */
function conformalQuantiles(errors: Float64Array, runs: number): number[] {
  const sorted = errors.sort();
  return Array.from({ length: 101 }, (_, percent) => {
    const place = Math.min(1, ((percent / 100) * (runs + 1)) / runs) * (sorted.length - 1);
    const below = Math.min(sorted.length - 1, Math.floor(place));
    const above = Math.min(sorted.length - 1, below + 1);
    const value = sorted[below] + (place - below) * (sorted[above] - sorted[below]);
    return Number(value.toPrecision(DIGITS));
  });
}
