/**
 * Fits of laws whose formula says nothing of the mixture. Each run keeps a level of its own, so that the formula is fitted to
 * how losses fall within runs: otherwise a few longer runs of easy mixtures would bend it.
 */

import type { Law } from '../laws/index.ts';
import { type FitTargetOptions, fitTarget, type TargetFit } from './fit-target.ts';
import type { TargetData } from './target-data.ts';

/** Formula and levels are fitted in turn until no level moves by more than this part of the loss, or for this many rounds. */
const MIN_MOVE = 1e-5;
const ROUNDS = 20;

/** The fit to log losses less the levels of their runs, whose mean is 0. */
export function fitLevelled(law: Law, data: TargetData, options: FitTargetOptions): TargetFit {
  const { rowRun } = data.design;
  const runs = data.tableRuns.length;
  const levels = new Float64Array(runs);
  let fit = fitTarget(law, data, options);
  for (let round = 1; round < ROUNDS; round++) {
    const moves = runMeans(fit.residuals, rowRun, runs);
    const common = moves.reduce((sum, move) => sum + move, 0) / runs;
    moves.forEach((move, run) => {
      levels[run] -= move - common;
    });
    const logLosses = data.logLosses.map((logLoss, n) => logLoss - levels[rowRun[n]]);
    fit = fitTarget(law, { ...data, logLosses }, { ...options, start: fit.theta });
    if (moves.every(move => Math.abs(move - common) < MIN_MOVE)) break;
  }
  return fit;
}

/** @param rowRun n: run of each row */
export function runMeans(values: Float64Array, rowRun: Int32Array, runs: number): Float64Array {
  const sums = new Float64Array(runs);
  const rows = new Float64Array(runs);
  values.forEach((value, n) => {
    sums[rowRun[n]] += value;
    rows[rowRun[n]]++;
  });
  return sums.map((sum, run) => sum / rows[run]);
}
