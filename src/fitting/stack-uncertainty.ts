/** The uncertainty of a stack: its members say that of the coefficients, its own residuals how runs scatter. */

import { type FittedLaw, type FittedTarget, findLaw, isStack, predictCheckpoints, stackParts } from '../laws/index.ts';
import type { RunTable } from '../observations/index.ts';
import { mixtureGroups } from './mixture-groups.ts';
import { type ResidualsOfTarget, residualCorrelation } from './residual-correlation.ts';
import { huberWeights } from './robust.ts';
import { runScatter } from './run-scatter.ts';
import { targetData } from './target-data.ts';

/** @param targets indices of evaluation domains, in the order of the law's targets */
export function addStackUncertainty(table: RunTable, fitted: FittedLaw, targets: readonly number[]): FittedLaw {
  const groups = mixtureGroups(table);
  const from = Math.max(0, ...fitted.warmUp.excluded);
  const rows = Array.from(table.rowRun, (_, row) => row).filter(row => table.rowVolume[row] > from);
  const parts = fitted.targets.map((target, i) => {
    const data = targetData(table, targets[i], rows, fitted.volume.scale, fitted.sizes?.at(-1));
    const logLosses = predictCheckpoints(fitted, target, data.design);
    return { target, data, residuals: data.logLosses.map((loss, n) => loss - logLosses[n]) };
  });
  const ofTargets = parts.map(({ data, residuals }): ResidualsOfTarget => ({ tableRows: data.tableRows, residuals }));
  return {
    ...fitted,
    residualCorrelation: residualCorrelation(ofTargets),
    targets: parts.map(({ target, data, residuals }) => {
      const runMixture = Int32Array.from(data.tableRuns, run => groups[run]);
      return {
        ...target,
        uncertainty: {
          method: 'members',
          ...runScatter({
            residuals,
            weights: huberWeights(residuals),
            rowRun: data.design.rowRun,
            runMixture,
            runParameters: parametersOfMembers(fitted, target, runMixture),
          }),
        },
      };
    }),
  };
}

/** Degrees of freedom that the members take from the runs, weighted as the members are. */
function parametersOfMembers(fitted: FittedLaw, target: FittedTarget, runMixture: Int32Array): number {
  const law = findLaw(fitted.law);
  if (!isStack(law)) return 0;
  const mixtures = new Set(runMixture).size;
  return stackParts(law, fitted, target).reduce(
    (sum, part) => sum + part.weight * Math.max(0, mixtures - (part.target.uncertainty?.degrees ?? mixtures)),
    0,
  );
}
