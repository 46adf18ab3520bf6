/** A law that predicts how runs go on: with each run's own offset from its earlier checkpoints. */

import type { FitLawOptions } from '../fitting/index.ts';
import { fitLaw } from '../fitting/index.ts';
import { around, type FittedLaw, hasUncertainty, type Law, type RowIntervals, type Stack } from '../laws/index.ts';
import { forecastDeviations, offsetVariances, type RunSoFar, runOffset } from '../monitoring/index.ts';
import { studentQuantile } from '../numerics/index.ts';
import { lossAt, mixtureOfRun, type RunTable, selectRows } from '../observations/index.ts';
import { type Forecast, type Forecaster, intervalsGiven, predictRows } from './forecaster.ts';
import { measuredRows } from './held-out-scores.ts';

/** What one run has shown so far, and how far it is off the law. */
interface Past extends RunSoFar {
  readonly offset: number;
}

/**
 * The law fitted to the training rows, times the exponential of each run's offset. A run without training rows gets none.
 * Intervals are about that prediction, narrower where the run's past shows how far it is off.
 *
 * @returns a forecaster called `LAW + run offset`
 */
export function offsetForecaster(law: Law | Stack, options: FitLawOptions = {}): Forecaster {
  return {
    name: `${law.name} + run offset`,
    kind: 'law',
    train: (table, rows, targets) => {
      const names = targets.map(target => table.evaluationDomains[target]);
      const fitted = fitLaw(selectRows(table, rows), law, { ...options, targets: names, check: false });
      const pasts = new Map(
        targets.map(target => {
          const measured = measuredRows(table, target, rows);
          return [target, pastsOfRuns(table, target, measured, predictRows(fitted, table, target, measured))];
        }),
      );
      const forecast: Forecast = (target, testRows) => {
        const ofRuns = pasts.get(target);
        return predictRows(fitted, table, target, testRows).map(
          (loss, n) => loss * Math.exp(ofRuns?.get(table.rowRun[testRows[n]])?.offset ?? 0),
        );
      };
      if (!hasUncertainty(fitted)) return forecast;
      return Object.assign(forecast, {
        intervals: (target: number, testRows: Int32Array, level: number) =>
          intervalsGiven(fitted, table, testRows)
            ? intervalsAbout(forecast(target, testRows), fitted, table, target, testRows, pasts.get(target), level)
            : undefined,
      });
    },
  };
}

/** By index of the run. */
function pastsOfRuns(
  table: RunTable,
  target: number,
  rows: Int32Array,
  predicted: Float64Array,
): ReadonlyMap<number, Past> {
  const runs = new Map<number, { volumes: number[]; deviations: number[] } & RunSoFar>();
  rows.forEach((row, n) => {
    const run = table.rowRun[row];
    const soFar = runs.get(run) ?? { volumes: [], deviations: [] };
    soFar.volumes.push(table.rowVolume[row]);
    soFar.deviations.push(Math.log(lossAt(table, row, target) / predicted[n]));
    runs.set(run, soFar);
  });
  const variances = offsetVariances([...runs.values()]);
  return new Map([...runs].map(([run, soFar]) => [run, { ...soFar, offset: runOffset(soFar, variances).offset }]));
}

function intervalsAbout(
  losses: Float64Array,
  fitted: FittedLaw,
  table: RunTable,
  target: number,
  rows: Int32Array,
  pasts: ReadonlyMap<number, Past> | undefined,
  level: number,
): RowIntervals {
  const fittedTarget = fitted.targets.find(candidate => candidate.target === table.evaluationDomains[target]);
  const lower = new Float64Array(rows.length);
  const upper = new Float64Array(rows.length);
  if (fittedTarget?.uncertainty === undefined) return { lower, upper };
  const t = studentQuantile(level, fittedTarget.uncertainty.degrees);
  for (const run of new Set(Array.from(rows, row => table.rowRun[row]))) {
    const at = Array.from(rows, (_, n) => n).filter(n => table.rowRun[rows[n]] === run);
    const past = Array.from(pasts?.get(run)?.volumes ?? []);
    const ahead = at.map(n => table.rowVolume[rows[n]]);
    const { size } = table.runs[run];
    forecastDeviations(fitted, fittedTarget, mixtureOfRun(table, run), past, ahead, size).forEach((sd, k) => {
      const interval = around(losses[at[k]], t * sd);
      lower[at[k]] = interval.lower;
      upper[at[k]] = interval.upper;
    });
  }
  return { lower, upper };
}
