/**
 * Predicts a larger model as if it were the largest of the training runs: all that a law without model size can do, and what
 * one that knows it must beat.
 */

import { modelSizes, sameSize } from '../observations/index.ts';
import type { Forecaster } from './forecaster.ts';

/** The same forecaster, trained on the runs of the largest size alone. */
export function carried(forecaster: Forecaster): Forecaster {
  return {
    ...forecaster,
    name: `${forecaster.name}, carried`,
    train: (table, rows, targets) => {
      const trained = new Set(Array.from(rows, row => table.rowRun[row]));
      const largest = modelSizes({ ...table, runs: table.runs.filter((_, run) => trained.has(run)) }).at(-1);
      const ofLargest = (row: number): boolean => {
        const { size } = table.runs[table.rowRun[row]];
        return largest === undefined || (size !== undefined && sameSize(size, largest));
      };
      return forecaster.train(table, rows.filter(ofLargest), targets);
    },
  };
}
