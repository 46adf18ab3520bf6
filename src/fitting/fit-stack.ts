/**
 * Fits a stack: each member on all runs, and weights from how each predicts runs held out inside them (stacking-weights.ts).
 */

import {
  type FittedLaw,
  type FittedTarget,
  type Law,
  predictCheckpoints,
  type Stack,
  weightName,
} from '../laws/index.ts';
import { evaluationTargets, type Fold, type RunTable, selectRows, splitRuns } from '../observations/index.ts';
import { coverage, quality } from './described-fit.ts';
import { type FitLawOptions, fitFormula } from './fit-formula.ts';
import { addStackUncertainty } from './stack-uncertainty.ts';
import { type HeldOutResiduals, stackingWeights } from './stacking-weights.ts';
import { targetData } from './target-data.ts';
import { verdict } from './verdict.ts';

/** Folds of the inner cross-validation of many runs. */
const INNER_FOLDS = 6;
/** Up to so many runs, each is a fold of its own. */
const FEW_RUNS = 12;

/** @throws BimixError as `fitFormula` */
export function fitStack(table: RunTable, stack: Stack, options: FitLawOptions): FittedLaw {
  const targets = evaluationTargets(table, options.targets);
  const { onProgress, uncertainty = false, ...quiet } = options;
  const folds = table.runs.length < 2 ? [] : innerFolds(table);
  const total = stack.members.length * (folds.length + 1);
  let done = 0;
  const members = stack.members.flatMap(law => {
    const able = targets.filter(target => !law.needsOwnDomain || table.ownDomain[target] >= 0);
    if (able.length === 0) return [];
    const names = able.map(target => table.evaluationDomains[target]);
    const fitted = fitFormula(table, law, { ...quiet, targets: names, uncertainty });
    onProgress?.(++done, total);
    const residuals = heldOutResiduals(table, law, fitted, folds, able, quiet, () => onProgress?.(++done, total));
    return [{ fitted, residuals }];
  });
  const described = describeStack(table, stack, targets, members, options);
  return uncertainty === false ? described : addStackUncertainty(table, described, targets);
}

function innerFolds(table: RunTable): readonly Fold[] {
  const { length: runs } = table.runs;
  return splitRuns(table, `kfold:${runs <= FEW_RUNS ? runs : INNER_FOLDS}`, 0).folds;
}

/** Predicted minus observed log losses of runs held out, by target. */
function heldOutResiduals(
  table: RunTable,
  law: Law,
  fitted: FittedLaw,
  folds: readonly Fold[],
  targets: readonly number[],
  options: FitLawOptions,
  onFold: () => void,
): Map<number, HeldOutResiduals> {
  const residuals = new Map(targets.map(target => [target, new Map<number, number>()]));
  for (const { train, test } of folds) {
    const part = selectRows(table, train);
    const measured = targets.filter(target => hasLosses(part, target));
    const names = measured.map(target => table.evaluationDomains[target]);
    const inner = fitFormula(part, law, { ...options, targets: names, near: fitted });
    measured.forEach((target, i) => {
      const data = targetData(table, target, test, inner.volume.scale, inner.sizes?.at(-1));
      const predicted = predictCheckpoints(inner, inner.targets[i], data.design);
      predicted.forEach((logLoss, n) => {
        residuals.get(target)?.set(data.tableRows[n], logLoss - data.logLosses[n]);
      });
    });
    onFold();
  }
  return residuals;
}

function hasLosses(table: RunTable, target: number): boolean {
  const k = table.evaluationDomains.length;
  return table.rowRun.some((_, row) => !Number.isNaN(table.losses[row * k + target]));
}

interface Member {
  readonly fitted: FittedLaw;
  readonly residuals: ReadonlyMap<number, HeldOutResiduals>;
}

function describeStack(
  table: RunTable,
  stack: Stack,
  targets: readonly number[],
  members: readonly Member[],
  options: FitLawOptions,
): FittedLaw {
  const weightsByTarget = stackingWeights(
    members.map(({ residuals }) => residuals),
    targets,
    table.runs.length,
  );
  const described = targets.map((target): FittedTarget => {
    const weights = weightsByTarget.get(target) ?? [];
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
      ...(last.metric === undefined ? {} : { metric: last.metric }),
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
    schemaVersion: 2,
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
