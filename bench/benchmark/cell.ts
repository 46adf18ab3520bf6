/** The smallest piece of the benchmark that is measured and kept: one forecaster on some splits of one table. */

import { createHash } from 'node:crypto';
import { BimixError } from '../../src/errors/index.ts';
import { evaluate, type Forecaster, type LawEvidence } from '../../src/evidence/index.ts';
import { mean } from '../../src/numerics/index.ts';
import type { RunTable, Split } from '../../src/observations/index.ts';

export type ProtocolName = 'E1' | 'E2' | 'E3' | 'E5';

export interface Cell {
  readonly protocol: ProtocolName;
  /** Cells of one group stand in one table of the page. */
  readonly group: string;
  readonly column: string;
  readonly row: string;
  /** Which runs, in words. */
  readonly measuredOn: string;
  readonly table: RunTable;
  /** Each is scored by itself, and the scores are averaged. */
  readonly splits: readonly Split[];
  readonly forecaster: () => Forecaster;
  /** Coverage probability asked of intervals, where they are measured. */
  readonly interval?: number;
  /** Work to be expected, in any unit; for the time left. */
  readonly effort: number;
}

/** Means over the splits. Fractions; losses in nats per token. */
export interface Figures {
  readonly mre: number;
  /** Over last checkpoints of runs alone; null where none is held out. */
  readonly mreAtLast: number | null;
  readonly r2: number | null;
  readonly spearman: number | null;
  /** Part of the held-out losses inside their intervals; null where there are none. */
  readonly coverage: number | null;
  /** What each held-out run adds to the MRE, in the order of the runs; empty where there are several splits. */
  readonly errorsByRun: readonly number[];
}

/** Figures, or why there are none. */
export type Outcome = Figures | { readonly failure: string };

export interface Measured {
  readonly cell: Cell;
  readonly outcome: Outcome;
}

/** A law that cannot be fitted to these runs is an outcome and no error. */
export function measure(cell: Cell): Outcome {
  const { table, splits, interval } = cell;
  try {
    const forecaster = cell.forecaster();
    const options = interval === undefined ? {} : { interval };
    const scores = splits.map(split => evaluate(table, [forecaster], split, options).laws[0]);
    if (!scores.every(({ mean }) => Number.isFinite(mean.mre))) return { failure: 'it predicts no finite loss' };
    return {
      mre: mean(scores.map(score => score.mean.mre)) as number,
      mreAtLast: mean(scores.map(score => score.mean.mreAtLast)),
      r2: mean(scores.map(score => score.mean.r2)),
      spearman: mean(scores.map(score => score.mean.spearman)),
      coverage: mean(scores.map(score => score.interval?.coverage ?? null)),
      errorsByRun: splits.length === 1 ? errorsByRun(scores[0]) : [],
    };
  } catch (error) {
    if (!(error instanceof BimixError)) throw error;
    return { failure: error.message };
  }
}

/** What a cell was measured on, so that no other cell's figures are taken for its own. */
export function cellKey({ protocol, group, column, row, table, splits, interval }: Cell, version: string): string {
  const data = createHash('sha256');
  for (const { mixtures, rowRun, rowVolume, losses } of [table]) {
    for (const { buffer, byteOffset, byteLength } of [mixtures, rowRun, rowVolume, losses]) {
      data.update(new Uint8Array(buffer, byteOffset, byteLength));
    }
  }
  for (const { folds } of splits) {
    for (const { train, test } of folds) data.update(`${train.join()};${test.join()};`);
  }
  return [protocol, group, column, row, interval ?? '', version, data.digest('hex').slice(0, 16)].join(' | ');
}

/** Each run's part of the mean relative error over targets: their sum is that error. */
function errorsByRun({ points }: LawEvidence): number[] {
  const targets = Object.values(points);
  const errors = new Map<string, number>();
  for (const ofTarget of targets) {
    for (const { run, observed, predicted } of ofTarget) {
      const error = Math.abs(predicted - observed) / observed / ofTarget.length / targets.length;
      errors.set(run, (errors.get(run) ?? 0) + error);
    }
  }
  return [...errors.values()];
}
