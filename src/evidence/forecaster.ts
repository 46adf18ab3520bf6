/**
 * Whatever predicts the losses of held-out rows from training rows: the laws, and two naive baselines beside which a
 * law's figures mean something.
 */

import { BimixError, didYouMean } from '../errors/index.ts';
import type { FitLawOptions } from '../fitting/index.ts';
import { fitLaw, missingLosses, targetData } from '../fitting/index.ts';
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
import { totalVariation } from '../mixture/index.ts';
import { mixtureOfRun, type RunTable, sameSize, selectRows } from '../observations/index.ts';

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

export function lawForecaster(law: Law | Stack, options: FitLawOptions = {}): Forecaster {
  return {
    name: law.name,
    kind: 'law',
    train: (table, rows, targets) => {
      const names = targets.map(target => table.evaluationDomains[target]);
      const fitted = fitLaw(selectRows(table, rows), law, { ...options, targets: names });
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

/** Predicts every mixture by the mean log loss of the training runs at the same volume. */
export const meanBaseline: Forecaster = {
  name: 'mean',
  kind: 'baseline',
  train: (table, rows) => (target, testRows) => {
    const curves = runCurves(table, rows, target);
    const means = new Map<number, number>();
    return Float64Array.from(testRows, row => {
      const volume = table.rowVolume[row];
      let mean = means.get(volume);
      if (mean === undefined) {
        const logVolume = Math.log(volume);
        mean = Math.exp(curves.reduce((sum, curve) => sum + at(curve, logVolume), 0) / curves.length);
        means.set(volume, mean);
      }
      return mean;
    });
  },
};

/** Predicts a mixture by the training run nearest to it in total variation, at the same volume. */
export const nearestBaseline: Forecaster = {
  name: 'nearest',
  kind: 'baseline',
  train: (table, rows) => {
    const trained = [...new Set(Array.from(rows, row => table.rowRun[row]))];
    const nearest = new Map<number, number>();
    return (target, testRows) => {
      const curves = new Map(runCurves(table, rows, target).map(curve => [curve.run, curve]));
      return Float64Array.from(testRows, row => {
        const run = table.rowRun[row];
        let near = nearest.get(run);
        if (near === undefined) {
          near = nearestRun(table, run, trained);
          nearest.set(run, near);
        }
        const measured = curves.has(near) ? near : nearestRun(table, run, [...curves.keys()]);
        return Math.exp(at(curves.get(measured) as Curve, Math.log(table.rowVolume[row])));
      });
    };
  },
};

/** The one of `candidates` whose mixture is nearest; the first of equals. */
function nearestRun(table: RunTable, run: number, candidates: readonly number[]): number {
  const mixture = mixtureOfRun(table, run);
  let best = candidates[0];
  let least = Number.POSITIVE_INFINITY;
  for (const candidate of candidates) {
    const distance = totalVariation(mixture, mixtureOfRun(table, candidate));
    if (distance < least) {
      least = distance;
      best = candidate;
    }
  }
  return best;
}

/** The measured losses of one run: logarithms of volume (ascending) and loss. */
interface Curve {
  readonly run: number;
  readonly volumes: number[];
  readonly losses: number[];
}

/** @throws BimixError `missing-losses` when no training row has one */
function runCurves(table: RunTable, rows: Int32Array, target: number): Curve[] {
  const k = table.evaluationDomains.length;
  const curves: Curve[] = [];
  for (const row of rows) {
    const loss = table.losses[row * k + target];
    if (Number.isNaN(loss)) continue;
    const run = table.rowRun[row];
    if (curves.at(-1)?.run !== run) curves.push({ run, volumes: [], losses: [] });
    curves.at(-1)?.volumes.push(Math.log(table.rowVolume[row]));
    curves.at(-1)?.losses.push(Math.log(loss));
  }
  if (curves.length === 0) throw missingLosses(table, target);
  return curves;
}

/** Linear between checkpoints, constant beyond the first and the last. */
function at({ volumes, losses }: Curve, volume: number): number {
  let next = 0;
  while (next < volumes.length && volumes[next] < volume) next++;
  if (next === 0) return losses[0];
  if (next === volumes.length) return losses[next - 1];
  const part = (volume - volumes[next - 1]) / (volumes[next] - volumes[next - 1]);
  return losses[next - 1] + part * (losses[next] - losses[next - 1]);
}
