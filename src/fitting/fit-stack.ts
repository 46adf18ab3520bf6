/**
 * Fits a stack: each member on all runs, and weights from how well each predicts runs held out inside them.
 *
 * Inner cross-validation over whole runs gives each member a mean absolute log error e_k on each target. The weight of member
 * k is half from the target, 1/e_k^2 over the sum of all members', and half from the same with the means over targets, so that
 * few runs of one target do not decide alone.
 */

import { type FittedLaw, type FittedTarget, type Law, predictDesign, type Stack, weightName } from '../laws/index.ts';
import { evaluationTargets, type RunTable, selectRows, splitRuns } from '../observations/index.ts';
import { coverage, quality } from './described-fit.ts';
import { type FitLawOptions, fitFormula } from './fit-formula.ts';
import { targetData } from './target-data.ts';
import { verdict } from './verdict.ts';

/** Folds of the inner cross-validation, or as many as there are runs. */
const INNER_FOLDS = 8;
/** Weights below this count as none. */
const SMALLEST_WEIGHT = 0.01;

/** @throws BimixError as `fitFormula` */
export function fitStack(table: RunTable, stack: Stack, options: FitLawOptions): FittedLaw {
  const targets = evaluationTargets(table, options.targets);
  const { onProgress, ...quiet } = options;
  const folds = table.runs.length < 2 ? [] : innerFolds(table);
  const total = stack.members.length * (folds.length + 1);
  let done = 0;
  const members = stack.members.flatMap(law => {
    const able = targets.filter(target => !law.needsOwnDomain || table.ownDomain[target] >= 0);
    if (able.length === 0) return [];
    const names = able.map(target => table.evaluationDomains[target]);
    const fitted = fitFormula(table, law, { ...quiet, targets: names });
    onProgress?.(++done, total);
    const errors = heldOutErrors(table, law, fitted, folds, able, quiet, () => onProgress?.(++done, total));
    return [{ fitted, errors }];
  });
  return describeStack(table, stack, targets, members, options);
}

function innerFolds(table: RunTable): readonly { train: Int32Array; test: Int32Array }[] {
  return splitRuns(table, `kfold:${Math.min(INNER_FOLDS, table.runs.length)}`, 0).folds;
}

/** Mean absolute log error of each target on runs held out; NaN where it has none. */
function heldOutErrors(
  table: RunTable,
  law: Law,
  fitted: FittedLaw,
  folds: readonly { train: Int32Array; test: Int32Array }[],
  targets: readonly number[],
  options: FitLawOptions,
  onFold: () => void,
): Map<number, number> {
  const sums = new Map(targets.map(target => [target, { sum: 0, count: 0 }]));
  for (const { train, test } of folds) {
    const part = selectRows(table, train);
    const measured = targets.filter(target => hasLosses(part, target));
    const names = measured.map(target => table.evaluationDomains[target]);
    const inner = fitFormula(part, law, { ...options, targets: names, near: fitted });
    measured.forEach((target, i) => {
      const data = targetData(table, target, test, inner.volume.scale, inner.sizes?.at(-1));
      const predicted = predictDesign(inner, inner.targets[i], data.design);
      const entry = sums.get(target) as { sum: number; count: number };
      predicted.forEach((logLoss, n) => {
        entry.sum += Math.abs(logLoss - data.logLosses[n]);
        entry.count++;
      });
    });
    onFold();
  }
  return new Map([...sums].map(([target, { sum, count }]) => [target, sum / count]));
}

function hasLosses(table: RunTable, target: number): boolean {
  const k = table.evaluationDomains.length;
  return table.rowRun.some((_, row) => !Number.isNaN(table.losses[row * k + target]));
}

interface Member {
  readonly fitted: FittedLaw;
  /** By target. */
  readonly errors: ReadonlyMap<number, number>;
}

/** One weight a member, summing to 1; equal where nothing could be held out. */
function weightsOf(members: readonly Member[], target: number): number[] {
  const able = members.map(({ errors }) => errors.has(target));
  const ofTarget = inverseSquares(members.map(({ errors }) => errors.get(target)));
  const overall = inverseSquares(
    members.map(({ errors }, k) => (able[k] ? mean([...errors.values()].filter(error => error >= 0)) : undefined)),
  );
  const weights = ofTarget.map((weight, k) => (weight + overall[k]) / 2);
  const kept = weights.map(weight => (weight < SMALLEST_WEIGHT ? 0 : weight));
  const sum = kept.reduce((a, b) => a + b, 0);
  return kept.map(weight => weight / sum);
}

/** 1/e^2 over their sum; 0 for undefined, equal for all others where none is a positive number. */
function inverseSquares(errors: readonly (number | undefined)[]): number[] {
  const usable = errors.every(error => error === undefined || error > 0);
  const parts = errors.map(error => (error === undefined ? 0 : usable ? error ** -2 : 1));
  const sum = parts.reduce((a, b) => a + b, 0);
  return parts.map(part => part / sum);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function describeStack(
  table: RunTable,
  stack: Stack,
  targets: readonly number[],
  members: readonly Member[],
  options: FitLawOptions,
): FittedLaw {
  const described = targets.map((target): FittedTarget => {
    const weights = weightsOf(members, target);
    const domain = table.evaluationDomains[target];
    const of = (law: Law): number => {
      const k = members.findIndex(({ fitted }) => fitted.law === law.name);
      return k < 0 ? 0 : weights[k];
    };
    const parts = members.flatMap(({ fitted }) => fitted.targets.filter(part => part.target === domain));
    const last = parts[parts.length - 1];
    return {
      target: domain,
      own: last.own,
      volumeVaries: last.volumeVaries,
      shareVaries: last.shareVaries,
      coefficients: Object.fromEntries(stack.members.map(law => [weightName(law.name), of(law)])),
      standardErrors: Object.fromEntries(stack.members.map(law => [weightName(law.name), null])),
      atBound: [],
      notIdentified: [],
      quality: last.quality,
      convergence: last.convergence,
    };
  });
  const [first] = members;
  const fitted: FittedLaw = {
    kind: 'bimix-law',
    schemaVersion: 1,
    law: stack.name,
    ...coverage(table, targets),
    members: members.map(member => member.fitted),
    targets: described,
    warmUp: first.fitted.warmUp,
    settings: { ...first.fitted.settings, ...(options.where === undefined ? {} : { where: options.where }) },
    verdict: verdict(table, stack, described),
    warnings: [],
  };
  return {
    ...fitted,
    targets: described.map((target, i) => ({
      ...target,
      quality: quality(
        table,
        fitted,
        target,
        targetData(table, targets[i], allRows(table), fitted.volume.scale, fitted.sizes?.at(-1)),
      ),
    })),
  };
}

function allRows(table: RunTable): Int32Array {
  return Int32Array.from(table.rowRun, (_, row) => row);
}
