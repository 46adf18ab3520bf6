/**
 * Whatever predicts the losses of held-out rows from training rows: the laws, and two naive baselines beside which a
 * law's figures mean something.
 */

import { BimixError, didYouMean } from '../errors/index.ts';
import type { FitLawOptions } from '../fitting/index.ts';
import { fitLaw, NAIVE_BASELINES, targetData } from '../fitting/index.ts';
import {
  designIntervals,
  type FittedLaw,
  type FittedTarget,
  hasUncertainty,
  type Law,
  noIntervals,
  predictCheckpoints,
  type RowIntervals,
  type Stack,
} from '../laws/index.ts';
import { type RunTable, sameSize, selectRows } from '../observations/index.ts';

export interface Forecast {
  /** Predicted losses, nats per token, of rows of the table it was trained on; in the order of `rows`. */
  (target: number, rows: Int32Array): Float64Array;
  /**
   * Intervals of the same losses that cover with probability `level`; undefined where the training rows do not say how sure
   * predictions of some of the rows are. Left out by forecasters that know no intervals.
   */
  readonly intervals?: (target: number, rows: Int32Array, level: number) => RowIntervals | undefined;
}

export interface Forecaster {
  readonly name: string;
  readonly kind: 'law' | 'baseline';
  /** @param targets indices of evaluation domains */
  train(table: RunTable, rows: Int32Array, targets: readonly number[]): Forecast;
}

/**
 * A law as something that `evaluate` can judge: fitted to the training rows of each fold.
 *
 * @example
 * ```js
 * import { bimix, lawForecaster } from 'bimix';
 *
 * const forecaster = lawForecaster(bimix, { robust: false });
 * ```
 */
export function lawForecaster(law: Law | Stack, options: FitLawOptions = {}): Forecaster {
  return {
    name: law.name,
    kind: 'law',
    train: (table, rows, targets) => {
      const names = targets.map(target => table.evaluationDomains[target]);
      const fitted = fitLaw(selectRows(table, rows), law, { ...options, targets: names, check: false });
      const forecast = (target: number, testRows: Int32Array) => predictRows(fitted, table, target, testRows);
      if (!hasUncertainty(fitted)) return forecast;
      return Object.assign(forecast, {
        intervals: (target: number, testRows: Int32Array, level: number) =>
          intervalsOfRows(fitted, table, target, testRows, level),
      });
    },
  };
}

/**
 * Losses a fitted law predicts for rows of a table.
 *
 * @param target index of the evaluation domain in the table
 * @param rows rows of the table at which the target was measured
 * @throws BimixError `unknown-target` when the law was not fitted to it, `invalid-law` when the table has other training
 * domains, or the same in another order, or another volume unit
 */
export function predictRows(fitted: FittedLaw, table: RunTable, target: number, rows: Int32Array): Float64Array {
  const fittedTarget = targetOf(fitted, table, target);
  const { design } = targetData(table, target, rows, fitted.volume.scale, fitted.sizes?.at(-1));
  return predictCheckpoints(fitted, fittedTarget, design).map(Math.exp);
}

/**
 * Intervals of the same losses; parameters and errors as `predictRows` and `designIntervals`. Undefined where the fit has none
 * to give for some of the rows: at other volumes than the one of its runs, or at another model size.
 */
export function intervalsOfRows(
  fitted: FittedLaw,
  table: RunTable,
  target: number,
  rows: Int32Array,
  level: number,
): RowIntervals | undefined {
  if (!intervalsGiven(fitted, table, rows)) return undefined;
  const fittedTarget = targetOf(fitted, table, target);
  const { design } = targetData(table, target, rows, fitted.volume.scale, fitted.sizes?.at(-1));
  return designIntervals(fitted, fittedTarget, design, level);
}

/** Whether the fit says how sure it is of all these rows: not at other volumes or another size than the only one of its runs. */
export function intervalsGiven(fitted: FittedLaw, table: RunTable, rows: Int32Array): boolean {
  const { size, sizes } = fitted;
  return rows.every(row => {
    const { size: ofRun } = table.runs[table.rowRun[row]];
    const other = sizes === undefined && size !== undefined && ofRun !== undefined && !sameSize(size, ofRun);
    return !other && noIntervals(fitted, table.rowVolume[row]) === undefined;
  });
}

function targetOf(fitted: FittedLaw, table: RunTable, target: number): FittedTarget {
  const name = table.evaluationDomains[target];
  const fittedTarget = fitted.targets.find(candidate => candidate.target === name);
  if (fittedTarget === undefined) {
    throw new BimixError('unknown-target', `unknown target "${name}": the law was not fitted to it`, {
      hint: didYouMean(
        name,
        fitted.targets.map(candidate => candidate.target),
      ),
    });
  }
  const [ofLaw, ofRuns] = [fitted, table].map(({ trainingDomains }) => trainingDomains.join(', '));
  if (ofLaw !== ofRuns || fitted.volume.unit !== table.volumeUnit) {
    const message = `invalid law for these runs: it knows ${ofLaw} and ${fitted.volume.unit}, they have ${ofRuns} and ${table.volumeUnit}`;
    throw new BimixError('invalid-law', message, { hint: 'Fit the law to these runs with bimix fit.' });
  }
  return fittedTarget;
}

/** `NAIVE_BASELINES` as forecasters. */
const [mean, nearest] = NAIVE_BASELINES.map(
  ({ name, train }): Forecaster => ({ name, kind: 'baseline', train: (table, rows) => train(table, rows) }),
);

/**
 * Predicts the mean loss of the training runs.
 *
 * @example
 * ```js
 * import { evaluate, meanBaseline, splitRuns } from 'bimix';
 *
 * const { laws } = evaluate(table, [meanBaseline], splitRuns(table, 'kfold:3', 0));
 * ```
 */
export const meanBaseline = mean;
/**
 * Predicts the loss of the training run with the nearest mixture.
 *
 * @example
 * ```js
 * import { evaluate, nearestBaseline, splitRuns } from 'bimix';
 *
 * const { laws } = evaluate(table, [nearestBaseline], splitRuns(table, 'kfold:3', 0));
 * ```
 */
export const nearestBaseline = nearest;
