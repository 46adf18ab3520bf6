/** Observed losses beside what the law says of them: held out where it was tested, and in the fit. */

import { formatVolume } from '../../charts/index.ts';
import { targetData } from '../../fitting/index.ts';
import { type FittedTarget, type LossOfShares, lossesAtVolume, predictDesign } from '../../laws/index.ts';
import { lossAt, mixtureOfRun } from '../../observations/index.ts';
import type { ReportContext } from '../report-context.ts';

export interface Prediction {
  /** `003 at 4B tokens`. */
  readonly label: string;
  readonly volume: number;
  /** Share of tokens of the target's own domain; null where it has none. */
  readonly ownShare: number | null;
  readonly observed: number;
  readonly predicted: number;
}

/** Held-out points of a target; empty when there are none. */
export function heldOutPredictions(context: ReportContext, target: FittedTarget): Prediction[] {
  const runs = new Map(context.table.runs.map((run, index) => [run.name, index]));
  return (context.heldOut?.points[target.target] ?? []).map(point => {
    const run = runs.get(point.run);
    return {
      label: label(context, point.run, point.volume),
      volume: point.volume,
      ownShare: run === undefined ? null : ownShare(context, target, run),
      observed: point.observed,
      predicted: point.predicted,
    };
  });
}

/** Rows of the fit, without its warm-up, as the law fitted to them predicts them. */
export function fittedPredictions(context: ReportContext, target: FittedTarget): Prediction[] {
  const { table, fitted } = context;
  const index = table.evaluationDomains.indexOf(target.target);
  const warmUp = new Set(fitted.warmUp.excluded);
  const rows = Int32Array.from(
    Array.from(table.rowRun, (_, row) => row).filter(
      row => !Number.isNaN(lossAt(table, row, index)) && !warmUp.has(table.rowVolume[row]),
    ),
  );
  const { design } = targetData(table, index, rows, fitted.volume.scale, fitted.sizes?.at(-1));
  const predicted = predictDesign(fitted, target, design).map(Math.exp);
  return Array.from(rows, (row, n) => ({
    label: label(context, table.runs[table.rowRun[row]].name, table.rowVolume[row]),
    volume: table.rowVolume[row],
    ownShare: ownShare(context, target, table.rowRun[row]),
    observed: lossAt(table, row, index),
    predicted: predicted[n],
  }));
}

function ownShare({ table }: ReportContext, { own }: FittedTarget, run: number): number | null {
  return own === null ? null : mixtureOfRun(table, run)[table.trainingDomains.indexOf(own)];
}

function label({ table }: ReportContext, run: string, volume: number): string {
  return table.volumeUnit === 'none' ? `run ${run}` : `run ${run} at ${formatVolume(volume, table.volumeUnit)}`;
}

/** One target's loss as a function of the mixture, at a volume in the fit's unit. */
export function lossOfTarget({ fitted }: ReportContext, target: FittedTarget, volume: number): LossOfShares {
  return lossesAtVolume({ ...fitted, targets: [target] }, volume)[0].loss;
}

/** Mean relative error of a target: held out where it was tested, else of the fit. */
export function errorOfTarget(context: ReportContext, target: FittedTarget): number {
  return context.heldOut?.targets[target.target]?.mre ?? target.quality.mre;
}
