/** A law that predicts how runs go on: with each run's own offset from its earlier checkpoints. */

import type { FitLawOptions } from '../fitting/index.ts';
import { fitLaw } from '../fitting/index.ts';
import type { Law, Stack } from '../laws/index.ts';
import { offsetVariances, type RunSoFar, runOffset } from '../monitoring/index.ts';
import { lossAt, type RunTable, selectRows } from '../observations/index.ts';
import { type Forecaster, predictRows } from './forecaster.ts';
import { measuredRows } from './held-out-scores.ts';

/**
 * The law fitted to the training rows, times the exponential of each run's offset. A run without training rows gets none.
 *
 * @returns a forecaster called `LAW + run offset`
 */
export function offsetForecaster(law: Law | Stack, options: FitLawOptions = {}): Forecaster {
  return {
    name: `${law.name} + run offset`,
    kind: 'law',
    train: (table, rows, targets) => {
      const names = targets.map(target => table.evaluationDomains[target]);
      const fitted = fitLaw(selectRows(table, rows), law, { ...options, targets: names });
      const offsets = new Map(
        targets.map(target => {
          const measured = measuredRows(table, target, rows);
          return [target, offsetsOfRuns(table, target, measured, predictRows(fitted, table, target, measured))];
        }),
      );
      return (target, testRows) => {
        const ofRuns = offsets.get(target);
        return predictRows(fitted, table, target, testRows).map(
          (loss, n) => loss * Math.exp(ofRuns?.get(table.rowRun[testRows[n]]) ?? 0),
        );
      };
    },
  };
}

/** By index of the run. */
function offsetsOfRuns(
  table: RunTable,
  target: number,
  rows: Int32Array,
  predicted: Float64Array,
): ReadonlyMap<number, number> {
  const runs = new Map<number, { volumes: number[]; deviations: number[] } & RunSoFar>();
  rows.forEach((row, n) => {
    const run = table.rowRun[row];
    const soFar = runs.get(run) ?? { volumes: [], deviations: [] };
    soFar.volumes.push(table.rowVolume[row]);
    soFar.deviations.push(Math.log(lossAt(table, row, target) / predicted[n]));
    runs.set(run, soFar);
  });
  const variances = offsetVariances([...runs.values()]);
  return new Map([...runs].map(([run, soFar]) => [run, runOffset(soFar, variances).offset]));
}
