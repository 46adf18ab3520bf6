/**
 * What a fit leaves unexplained, learned by a regression that its law asks for.
 *
 * Gaussian process: on one value a run, the mean of its log residuals, since checkpoints of a run share most of their error.
 * It is left out where it predicts a run from the others no better than nothing does, so that a law loses nothing by it.
 *
 * Boosted trees: on every checkpoint, as the source has it.
 */

import { type Correction, correctionFeatures, type Design, type Law, type TargetShape } from '../laws/index.ts';
import { gaussianProcessLeaveOneOut, trainBoostedTrees, trainGaussianProcess } from '../regression/index.ts';
import { runMeans } from './level-runs.ts';
import type { TargetData } from './target-data.ts';

/** Leaves of a tree: small trees where runs are few, since a leaf that holds one run learns its noise. */
const FEW_LEAVES = 4;
const MANY_LEAVES = 8;
const MANY_RUNS = 128;
/** Fewer runs than this say nothing of what their neighbours are like. */
const FEWEST_RUNS = 3;

/**
 * @param residuals n: observed minus fitted log losses
 * @returns null where it does not help
 */
export function trainCorrection(
  kind: NonNullable<Law['correction']>,
  data: TargetData,
  residuals: Float64Array,
): Correction | null {
  if (data.tableRuns.length < FEWEST_RUNS) return null;
  return kind === 'gaussian-process' ? processOfRuns(data, residuals) : treesOfRows(data, residuals);
}

function processOfRuns({ shape, design, tableRuns }: TargetData, residuals: Float64Array): Correction | null {
  const features = 'cube roots';
  const means = runMeans(residuals, design.rowRun, tableRuns.length);
  const inputs = Array.from(means, (_, run) => correctionFeatures(features, sharesOfRun(design, shape, run), 1));
  const regression = trainGaussianProcess(joined(inputs), means);
  const errors = gaussianProcessLeaveOneOut(regression);
  return sumOfSizes(errors) < sumOfSizes(means) ? { features, regression } : null;
}

function treesOfRows({ shape, design, tableRuns }: TargetData, residuals: Float64Array): Correction {
  const features = 'shares and volume';
  const inputs = Array.from(design.rowRun, (run, n) =>
    correctionFeatures(features, sharesOfRun(design, shape, run), design.volume[n]),
  );
  const leaves = tableRuns.length < MANY_RUNS ? FEW_LEAVES : MANY_LEAVES;
  return { features, regression: trainBoostedTrees(joined(inputs), residuals, { leaves }) };
}

function sharesOfRun({ shares }: Design, { domains: { length } }: TargetShape, run: number): Float64Array {
  return shares.subarray(run * length, (run + 1) * length);
}

/** Rows of one length, one after the other. */
function joined(rows: readonly Float64Array[]): Float64Array {
  const all = new Float64Array(rows.length * rows[0].length);
  rows.forEach((row, n) => {
    all.set(row, n * row.length);
  });
  return all;
}

function sumOfSizes(values: Float64Array): number {
  return values.reduce((sum, value) => sum + Math.abs(value), 0);
}
