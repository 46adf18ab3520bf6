/** The rows of a run table that one target's fit or prediction uses, in the form a law reads. */

import { BimixError } from '../errors/index.ts';
import type { Design, TargetShape } from '../laws/index.ts';
import { mixtureOfRun, modelSizes, type RunTable } from '../observations/index.ts';

export interface TargetData {
  readonly shape: TargetShape;
  readonly design: Design;
  /** n observed log losses. */
  readonly logLosses: Float64Array;
  /** n: row of the table each row came from. */
  readonly tableRows: Int32Array;
  /** R: run of the table each run of the design came from. */
  readonly tableRuns: Int32Array;
}

/**
 * @param target index of the evaluation domain
 * @param rows table rows to use, ascending; those where the target was not measured are passed over
 * @param volumeScale s_max: the volume that x = 1 stands for
 * @param sizeScale N_max: the model size that a relative size of 1 stands for; undefined where none is known
 */
export function targetData(
  table: RunTable,
  target: number,
  rows: ArrayLike<number>,
  volumeScale: number,
  sizeScale?: number,
): TargetData {
  const k = table.evaluationDomains.length;
  const m = table.trainingDomains.length;
  const tableRows: number[] = [];
  const tableRuns: number[] = [];
  const rowRun: number[] = [];
  for (let n = 0; n < rows.length; n++) {
    const row = rows[n];
    if (Number.isNaN(table.losses[row * k + target])) continue;
    const run = table.rowRun[row];
    if (tableRuns.length === 0 || tableRuns[tableRuns.length - 1] !== run) tableRuns.push(run);
    tableRows.push(row);
    rowRun.push(tableRuns.length - 1);
  }
  const shares = new Float64Array(tableRuns.length * m);
  tableRuns.forEach((run, index) => {
    shares.set(mixtureOfRun(table, run), index * m);
  });
  const volume = Float64Array.from(tableRows, row => table.rowVolume[row] / volumeScale);
  const size = Float64Array.from(tableRuns, run => (table.runs[run].size ?? sizeScale ?? 1) / (sizeScale ?? 1));
  if (sizeScale === undefined) size.fill(1);
  const own = table.ownDomain[target];
  return {
    shape: {
      domains: table.trainingDomains,
      own,
      volumeVaries: volume.some(x => x !== volume[0]),
      shareVaries: own >= 0 && varies(tableRuns.map((_, index) => shares[index * m + own])),
      sizeVaries: modelSizes(table).length > 1,
    },
    design: { shares, rowRun: Int32Array.from(rowRun), volume, size },
    logLosses: Float64Array.from(tableRows, row => Math.log(table.losses[row * k + target])),
    tableRows: Int32Array.from(tableRows),
    tableRuns: Int32Array.from(tableRuns),
  };
}

/** What to throw when a target was measured at none of the rows to fit. */
export function missingLosses(table: RunTable, target: number): BimixError {
  const domain = table.evaluationDomains[target];
  return new BimixError('missing-losses', `missing losses of "${domain}": no row of the fit has one`, {
    hint: 'Choose other targets with --targets, or select other rows with --where.',
  });
}

/** The rows of runs 0, step, 2 step, ... */
export function everyNthRun(data: TargetData, step: number): TargetData {
  const m = data.shape.domains.length;
  const rows: number[] = [];
  data.design.rowRun.forEach((run, row) => {
    if (run % step === 0) rows.push(row);
  });
  const runs = data.tableRuns.filter((_, run) => run % step === 0);
  const shares = data.design.shares.filter((_, index) => Math.floor(index / m) % step === 0);
  return {
    shape: data.shape,
    design: {
      shares,
      rowRun: Int32Array.from(rows, row => data.design.rowRun[row] / step),
      volume: Float64Array.from(rows, row => data.design.volume[row]),
      size: data.design.size.filter((_, run) => run % step === 0),
    },
    logLosses: Float64Array.from(rows, row => data.logLosses[row]),
    tableRows: Int32Array.from(rows, row => data.tableRows[row]),
    tableRuns: runs,
  };
}

function varies(shares: readonly number[]): boolean {
  return shares.some(share => Math.abs(share - shares[0]) > 1e-9);
}
