/**
 * How a law predicts whole mixtures held out, beside naive baselines on the same folds: what its verdict rests on. The law is
 * refitted on each fold from the coefficients of the whole fit, which costs a small part of that fit.
 */

import type { FittedLaw, HeldOutCheck } from '../laws/index.ts';
import {
  evaluationTargets,
  type Fold,
  lossAt,
  type RunTable,
  sameSize,
  selectRows,
  selectRuns,
  splitRuns,
} from '../observations/index.ts';
import { HeldOutErrors } from './held-out-errors.ts';
import { mixtureGroups } from './mixture-groups.ts';
import { NAIVE_BASELINES } from './naive-baselines.ts';
import { testedVerdict } from './verdict.ts';

const MAX_FOLDS = 5;
/** Of fewer mixtures, none is held out: the rest would be one. */
const MIN_MIXTURES = 3;

/**
 * The law with its error on mixtures held out and those of the baselines, and a verdict that knows them.
 *
 * @param refit the same fit to part of the runs, of the targets named
 */
export function addHeldOutCheck(
  table: RunTable,
  fitted: FittedLaw,
  refit: (part: RunTable, targets: readonly string[]) => FittedLaw,
): FittedLaw {
  const folds = mixtureFolds(table);
  if (folds.length === 0) return fitted;
  const targets = evaluationTargets(
    table,
    fitted.targets.map(({ target }) => target),
  );
  const ofLaw = new HeldOutErrors();
  const ofBaselines = NAIVE_BASELINES.map(() => new HeldOutErrors());
  for (const { train, test } of folds) {
    const measured = targets.filter(target =>
      [train, test].every(rows => measuredRows(table, target, rows).length > 0),
    );
    if (measured.length === 0) continue;
    const names = measured.map(target => table.evaluationDomains[target]);
    ofLaw.addLaw(refit(selectRows(table, train), names), table, measured, test);
    NAIVE_BASELINES.forEach((baseline, b) => {
      for (const [trained, tested] of bySize(table, train, test)) {
        const predict = baseline.train(table, trained);
        for (const target of measured) {
          const rows = measuredRows(table, target, tested);
          const known = measuredRows(table, target, trained).length > 0;
          if (known) ofBaselines[b].add(table, target, rows, predict(target, rows));
        }
      }
    });
  }
  const heldOut: HeldOutCheck = {
    folds: folds.length,
    mre: ofLaw.mean(),
    baselines: Object.fromEntries(NAIVE_BASELINES.map(({ name }, b) => [name, ofBaselines[b].mean()])),
  };
  if (![heldOut.mre, ...Object.values(heldOut.baselines)].every(Number.isFinite)) return fitted;
  return testedVerdict({ ...fitted, heldOut });
}

/** Folds of whole mixtures: the replicates of one are held out together. Empty with too few. */
function mixtureFolds(table: RunTable): Fold[] {
  const groups = mixtureGroups(table);
  const mixtures = new Set(groups).size;
  if (mixtures < MIN_MIXTURES) return [];
  const firsts = selectRuns(table, run => groups.indexOf(groups[run]) === run);
  const groupsOfFirsts = [...new Set(groups)];
  const rows = Int32Array.from(table.rowRun, (_, row) => row);
  return splitRuns(firsts, `kfold:${Math.min(MAX_FOLDS, mixtures)}`, 0).folds.map(({ test }) => {
    const held = new Set(Array.from(test, row => groupsOfFirsts[firsts.rowRun[row]]));
    const isHeld = (row: number): boolean => held.has(groups[table.rowRun[row]]);
    return { train: rows.filter(row => !isHeld(row)), test: rows.filter(isHeld) };
  });
}

function measuredRows(table: RunTable, target: number, rows: Int32Array): Int32Array {
  return rows.filter(row => !Number.isNaN(lossAt(table, row, target)));
}

/** Training and test rows of each model size: a baseline knows no other. */
function bySize(table: RunTable, train: Int32Array, test: Int32Array): [Int32Array, Int32Array][] {
  const sizeOf = (row: number): number => table.runs[table.rowRun[row]].size ?? 0;
  const sizes: number[] = [];
  for (const row of test) if (!sizes.some(size => sameSize(size, sizeOf(row)))) sizes.push(sizeOf(row));
  return sizes.flatMap((size): [Int32Array, Int32Array][] => {
    const ofSize = (row: number): boolean => sameSize(sizeOf(row), size);
    const trained = train.filter(ofSize);
    return trained.length === 0 ? [] : [[trained, test.filter(ofSize)]];
  });
}
