/** One law fitted to part of the runs and asked for the rest: the unit of work of a comparison. */

import { BimixError, type ErrorCode } from '../errors/index.ts';
import type { FitLawOptions } from '../fitting/index.ts';
import { fitLaw } from '../fitting/index.ts';
import { type FittedLaw, hasUncertainty, type Law, type RowIntervals, type Stack } from '../laws/index.ts';
import { type Fold, type RunTable, selectRows } from '../observations/index.ts';
import { type Forecaster, intervalsOfRows, predictRows } from './forecaster.ts';
import { type FoldPredictions, measuredRows } from './held-out-scores.ts';

/** Plain data, as a thread can be sent. */
export interface HoldOut extends Fold {
  /** Name of a law or a baseline. */
  readonly forecaster: string;
  /** Probability that an interval covers its loss; without it none are made. */
  readonly interval?: number;
}

/** What all hold-outs of a comparison share; plain data too. */
export interface HoldOutSetting {
  readonly table: RunTable;
  /** Indices of evaluation domains. */
  readonly targets: readonly number[];
  readonly fit: Omit<FitLawOptions, 'targets' | 'near' | 'onProgress' | 'uncertainty'>;
}

export type HoldOutOutcome =
  | {
      readonly predictions: FoldPredictions;
      /** One a target, where they were asked for and the law has them. */
      readonly intervals?: readonly RowIntervals[];
      /** Coefficients over all targets; null for what has none. */
      readonly parameters: number | null;
      readonly seconds: number;
    }
  | { readonly failure: { readonly code: ErrorCode; readonly message: string; readonly hint: string } };

/**
 * Fits and predicts. A law that cannot be fitted to these runs, or predicts no number, is an outcome and no error.
 *
 * @param forecaster the one that `holdOut` names
 * @param clock seconds from any fixed moment
 */
export function runHoldOut(
  { table, targets, fit }: HoldOutSetting,
  { train, test, interval }: HoldOut,
  forecaster: Law | Stack | Forecaster,
  clock: () => number,
): HoldOutOutcome {
  const began = clock();
  try {
    const rows = targets.map(target => measuredRows(table, target, test));
    if ('train' in forecaster) {
      const forecast = forecaster.train(table, train, targets);
      const predictions = targets.map((target, i) => forecast(target, rows[i]));
      return { predictions, parameters: null, seconds: clock() - began };
    }
    const names = targets.map(target => table.evaluationDomains[target]);
    const fitted = fitLaw(selectRows(table, train), forecaster, {
      ...fit,
      targets: names,
      uncertainty: interval !== undefined,
      check: false,
    });
    const seconds = clock() - began;
    const predictions = targets.map((target, i) => predictRows(fitted, table, target, rows[i]));
    predictions.forEach((losses, i) => {
      checkNumbers(table, forecaster.name, names[i], rows[i], losses);
    });
    const intervals =
      interval !== undefined && hasUncertainty(fitted)
        ? targets.flatMap((target, i) => intervalsOfRows(fitted, table, target, rows[i], interval) ?? [])
        : [];
    const complete = intervals.length === targets.length ? { intervals } : {};
    return { predictions, ...complete, parameters: countCoefficients(fitted), seconds };
  } catch (error) {
    if (!(error instanceof BimixError)) throw error;
    return { failure: { code: error.code, message: error.message, hint: error.hint } };
  }
}

/** @throws BimixError `invalid-prediction` */
function checkNumbers(table: RunTable, law: string, domain: string, rows: Int32Array, losses: Float64Array): void {
  const at = losses.findIndex(loss => !Number.isFinite(loss));
  if (at < 0) return;
  const run = table.runs[table.rowRun[rows[at]]].name;
  throw new BimixError(
    'invalid-prediction',
    `invalid prediction of ${law}: the loss of "${domain}" in run "${run}" is no finite number`,
    { hint: 'Its runs do not determine the law there; leave it out with --laws.' },
  );
}

/** Coefficients over all targets, and what checkpoints add; null where a regression without a formula takes part. */
function countCoefficients(fitted: FittedLaw): number | null {
  let count = 0;
  for (const { coefficients, checkpointEffects = [], correction } of fitted.targets) {
    if (correction) return null;
    count += Object.keys(coefficients).length;
    for (const { shifts } of checkpointEffects) count += Object.keys(shifts).length;
    // Weights of a stack sum to 1.
    if (fitted.members !== undefined) count--;
  }
  for (const member of fitted.members ?? []) {
    const own = countCoefficients(member);
    if (own === null) return null;
    count += own;
  }
  return count;
}
