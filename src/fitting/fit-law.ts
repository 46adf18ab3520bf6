/** Fits whatever law is asked for to every target of a run table. */

import { type FittedLaw, isStack, type Law, type Stack } from '../laws/index.ts';
import type { RunTable } from '../observations/index.ts';
import { beyondErrors } from './beyond-errors.ts';
import { type FitLawOptions, fitFormula } from './fit-formula.ts';
import { fitStack } from './fit-stack.ts';
import { fitWithPrior } from './fit-with-prior.ts';
import { addHeldOutCheck } from './held-out-check.ts';
import { addHeldOutUncertainty } from './held-out-uncertainty.ts';

/** A stack holds runs out to find its weights; of more runs, doing so again in each fold takes too long. */
const MAX_STACK_RUNS = 100;

/**
 * Fits `law` to each target. Deterministic: what is random inside, folds and resampled runs, has a fixed seed.
 *
 * @throws BimixError as `fitFormula` and, with a prior, `fitWithPrior`
 *
 * @example
 * ```js
 * import { bimix, fitLaw } from 'bimix';
 *
 * const fitted = fitLaw(table, bimix, { check: false });
 * console.log(fitted.targets[0].coefficients);
 * ```
 */
export function fitLaw(table: RunTable, law: Law | Stack, options: FitLawOptions = {}): FittedLaw {
  const fitted = fitWithUncertainty(table, law, options);
  const { onProgress: _, ...quiet } = { ...options, uncertainty: false };
  if (options.check === false || (isStack(law) && table.runs.length > MAX_STACK_RUNS)) return fitted;
  const near = isStack(law) ? {} : { near: fitted };
  return addHeldOutCheck(table, fitted, (part, targets) => fitOnce(part, law, { ...quiet, ...near, targets }));
}

function fitWithUncertainty(table: RunTable, law: Law | Stack, options: FitLawOptions): FittedLaw {
  const { uncertainty = false } = options;
  const corrected = !isStack(law) && law.correction !== undefined;
  if (uncertainty !== 'held-out' && !(corrected && uncertainty !== false)) return fitOnce(table, law, options);
  const { onProgress, ...quiet } = { ...options, uncertainty: false };
  const fitted = fitOnce(table, law, { ...options, uncertainty: false });
  const extrapolation = isStack(law)
    ? undefined
    : beyondErrors(table, fitted, part => fitOnce(part, law, { ...quiet, warmUp: false, near: fitted }));
  const uncertain = addHeldOutUncertainty(table, fitted, part => fitOnce(part, law, quiet));
  return extrapolation === undefined ? uncertain : { ...uncertain, extrapolation };
}

function fitOnce(table: RunTable, law: Law | Stack, options: FitLawOptions): FittedLaw {
  const { prior, ...plain } = options;
  if (prior !== undefined) return fitWithPrior(table, law, prior, plain);
  return isStack(law) ? fitStack(table, law, options) : fitFormula(table, law, options);
}
