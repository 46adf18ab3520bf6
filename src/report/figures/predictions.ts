/** Observed losses beside what the law says of them: held out where it was tested, and in the fit. */

import { formatVolume } from '../../charts/index.ts';
import { targetData } from '../../fitting/index.ts';
import { type FittedTarget, type LossOfShares, lossesAtVolume, predictDesign } from '../../laws/index.ts';
import { lossAt, mixtureOfRun } from '../../observations/index.ts';
import type { ReportContext } from '../report-context.ts';

/** Rows of the table with what a law says of one target there; n each. */
export interface Predictions {
  readonly rows: ArrayLike<number>;
  readonly observed: ArrayLike<number>;
  readonly predicted: ArrayLike<number>;
}

const NONE: Predictions = { rows: [], observed: [], predicted: [] };

/** Held-out points of a target; empty when there are none. */
export function heldOutPredictions({ heldOut }: ReportContext, { target }: FittedTarget): Predictions {
  return heldOut?.points[target] ?? NONE;
}

/** Rows of the fit, without its warm-up, as the law fitted to them predicts them. */
export function fittedPredictions({ table, fitted }: ReportContext, target: FittedTarget): Predictions {
  const index = table.evaluationDomains.indexOf(target.target);
  const warmUp = new Set(fitted.warmUp.excluded);
  const rows = Int32Array.from(table.rowRun.keys()).filter(
    row => !Number.isNaN(lossAt(table, row, index)) && !warmUp.has(table.rowVolume[row]),
  );
  const { design } = targetData(table, index, rows, fitted.volume.scale, fitted.sizes?.at(-1));
  return {
    rows,
    observed: Float64Array.from(rows, row => lossAt(table, row, index)),
    predicted: predictDesign(fitted, target, design).map(Math.exp),
  };
}

/** Predicted over observed, minus 1. */
export function relativeError({ observed, predicted }: Predictions, n: number): number {
  return predicted[n] / observed[n] - 1;
}

/** Share of tokens of the target's own domain in the run of a row; null where it has none. */
export function ownShare({ table }: ReportContext, { own }: FittedTarget, row: number): number | null {
  return own === null ? null : mixtureOfRun(table, table.rowRun[row])[table.trainingDomains.indexOf(own)];
}

/** `run 003 at 4B tokens`. */
export function rowLabel({ table }: ReportContext, row: number): string {
  const { name } = table.runs[table.rowRun[row]];
  return table.volumeUnit === 'none'
    ? `run ${name}`
    : `run ${name} at ${formatVolume(table.rowVolume[row], table.volumeUnit)}`;
}

/** Positions 0 to n - 1 in ascending order of a key. */
export function sortedBy(count: number, key: (n: number) => number): number[] {
  const keys = Float64Array.from({ length: count }, (_, n) => key(n));
  return Array.from(keys.keys()).sort((a, b) => keys[a] - keys[b]);
}

/** One target's loss as a function of the mixture, at a volume in the fit's unit. */
export function lossOfTarget({ fitted }: ReportContext, target: FittedTarget, volume: number): LossOfShares {
  return lossesAtVolume({ ...fitted, targets: [target] }, volume)[0].loss;
}

/** Mean relative error of a target: held out where it was tested, else of the fit. */
export function errorOfTarget(context: ReportContext, target: FittedTarget): number {
  return context.heldOut?.targets[target.target]?.mre ?? target.quality.mre;
}
