/** Fits whatever law is asked for to every target of a run table. */

import { type FittedLaw, isStack, type Law, type Stack } from '../laws/index.ts';
import type { RunTable } from '../observations/index.ts';
import { type FitLawOptions, fitFormula } from './fit-formula.ts';
import { fitStack } from './fit-stack.ts';

/**
 * Fits `law` to each target. Deterministic: what is random inside, the folds of a stack, has a fixed seed.
 *
 * @throws BimixError as `fitFormula`
 */
export function fitLaw(table: RunTable, law: Law | Stack, options: FitLawOptions = {}): FittedLaw {
  return isStack(law) ? fitStack(table, law, options) : fitFormula(table, law, options);
}
