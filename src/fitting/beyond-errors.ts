/**
 * By what part the continuation of loss curves beyond the runs is off, measured inside the runs: the law is fitted again
 * without the volumes above half of the largest, and without the largest sizes, one after the other as long as two are left;
 * then it predicts the last checkpoints of what was left out. With e the error of the log loss and g what the straight
 * continuation says (`beyondRuns` at an error of 1), a target is off by
 *
 *   k = sum e g / sum g^2
 *
 * and the part is the root of the mean of k^2 over targets and refits, and of what public tables say, which counts for two
 * refits: all targets of a refit err together, so that one is a single observation.
 */

import {
  BEYOND_SIZES,
  BEYOND_VOLUMES,
  beyondRuns,
  type FittedLaw,
  MAX_COVERED_FACTOR,
  predictDesign,
} from '../laws/index.ts';
import { lossAt, modelSizes, type RunTable, sameSize, selectRows } from '../observations/index.ts';
import { mixtureGroups } from './mixture-groups.ts';
import { targetData } from './target-data.ts';

/** Part of the largest volume above which checkpoints are left out. */
const KEPT_VOLUMES = 0.5;
/** Fewer volumes do not tell the curve that is continued. */
const MIN_VOLUMES = 3;
const MIN_SIZES = 2;
/** By what part a curve is off that only two volumes tell: on SlimPajama at its first two, 0.3. */
const TWO_VOLUMES = 0.3;
/** How many refits the figures of public tables count for. */
const PRIOR_REFITS = 2;
const DIGITS = 4;

/**
 * @param fitted to all of the table
 * @param refit the same fit to some of the rows
 * @returns what could be measured; empty where volumes and sizes are too few
 */
export function beyondErrors(
  table: RunTable,
  fitted: FittedLaw,
  refit: (part: RunTable) => FittedLaw,
): NonNullable<FittedLaw['extrapolation']> {
  const targets = fitted.targets.map(({ target }) => table.evaluationDomains.indexOf(target));
  const measure = (kept: number[], leftOut: number[]): number | undefined => {
    const part = selectRows(table, Int32Array.from(kept));
    const complete = targets.every(target => part.rowRun.some((_, row) => !Number.isNaN(lossAt(part, row, target))));
    const half = new Set(mixtureGroups(part)).size >= new Set(mixtureGroups(table)).size / 2;
    if (!complete || !half || leftOut.length === 0) return undefined;
    return squaredPart(table, targets, refit(part), lastOfRuns(table, leftOut));
  };
  const volumes = leaveVolumesOut(table, fitted).flatMap(([kept, leftOut]) => measure(kept, leftOut) ?? []);
  const sizes =
    fitted.sizes === undefined ? [] : leaveSizesOut(table).flatMap(([kept, leftOut]) => measure(kept, leftOut) ?? []);
  return {
    ...(volumes.length === 0 ? {} : { volume: withPrior(volumes, BEYOND_VOLUMES) }),
    ...(volumesOfFit(table, fitted) === 2 ? { volume: TWO_VOLUMES } : {}),
    ...(sizes.length === 0 ? {} : { size: withPrior(sizes, BEYOND_SIZES) }),
  };
}

function volumesOfFit(table: RunTable, { warmUp }: FittedLaw): number {
  const from = Math.max(0, ...warmUp.excluded);
  return new Set(table.rowVolume.filter(volume => volume > from)).size;
}

type KeptAndLeftOut = [kept: number[], leftOut: number[]];

function leaveVolumesOut(table: RunTable, { warmUp, volume }: FittedLaw): KeptAndLeftOut[] {
  const limit = KEPT_VOLUMES * volume.largest;
  const from = Math.max(0, ...warmUp.excluded);
  const rows = Array.from(table.rowRun, (_, row) => row).filter(row => table.rowVolume[row] > from);
  const kept = rows.filter(row => table.rowVolume[row] <= limit);
  if (new Set(kept.map(row => table.rowVolume[row])).size < MIN_VOLUMES) return [];
  return [[kept, rows.filter(row => table.rowVolume[row] > limit)]];
}

/** Each size but the smallest two from all smaller ones, at volumes that these have seen. */
function leaveSizesOut(table: RunTable): KeptAndLeftOut[] {
  const sizes = modelSizes(table);
  const rows = Array.from(table.rowRun, (_, row) => row);
  const sizeOf = (row: number): number => table.runs[table.rowRun[row]].size ?? 0;
  return sizes.slice(MIN_SIZES).map(size => {
    const kept = rows.filter(row => sizeOf(row) < size && !sameSize(sizeOf(row), size));
    const largest = kept.reduce((most, row) => Math.max(most, table.rowVolume[row]), 0) * MAX_COVERED_FACTOR;
    return [kept, rows.filter(row => sameSize(sizeOf(row), size) && table.rowVolume[row] <= largest)];
  });
}

function lastOfRuns(table: RunTable, rows: readonly number[]): number[] {
  return [...new Map(rows.map(row => [table.rowRun[row], row])).values()];
}

/** Mean over targets of k^2; undefined where none was measured. */
function squaredPart(
  table: RunTable,
  targets: readonly number[],
  fitted: FittedLaw,
  rows: readonly number[],
): number | undefined {
  const unit = { ...fitted, extrapolation: { volume: 1, size: 1 } };
  const squares = targets.flatMap((target, i): number[] => {
    const data = targetData(table, target, rows, fitted.volume.scale, fitted.sizes?.at(-1));
    const predicted = predictDesign(fitted, fitted.targets[i], data.design);
    let eg = 0;
    let gg = 0;
    beyondRuns(unit, fitted.targets[i], data.design).forEach(({ common }, n) => {
      const g = Math.hypot(...common);
      eg += (data.logLosses[n] - predicted[n]) * g;
      gg += g * g;
    });
    return gg > 0 ? [(eg / gg) ** 2] : [];
  });
  return squares.length === 0 ? undefined : squares.reduce((sum, square) => sum + square, 0) / squares.length;
}

function withPrior(squares: readonly number[], prior: number): number {
  const sum = squares.reduce((total, square) => total + square, PRIOR_REFITS * prior ** 2);
  return Number(Math.sqrt(sum / (squares.length + PRIOR_REFITS)).toPrecision(DIGITS));
}
