/** Whether what a law file says of its uncertainty fits its laws. */

import { BimixError } from '../errors/index.ts';
import type { FittedLaw } from './fitted-law.ts';
import { isStack } from './law.ts';
import { shapeOfTarget } from './predict.ts';
import { findLaw } from './registry.ts';

/** @throws BimixError `invalid-law` */
export function checkUncertainty(fitted: FittedLaw, file: string): void {
  const { targets, residualCorrelation } = fitted;
  const law = findLaw(fitted.law);
  for (const target of targets) {
    const { uncertainty } = target;
    if (uncertainty === undefined || uncertainty.method === 'members' || uncertainty.method === 'held-out') continue;
    const known = isStack(law) ? [] : law.parameters(shapeOfTarget(fitted, target)).map(({ name }) => name);
    const count = uncertainty.parameters.length;
    const unknown = uncertainty.parameters.find(name => !known.includes(name));
    const fits =
      uncertainty.method === 'laplace'
        ? uncertainty.factor.length === (count * (count + 1)) / 2
        : uncertainty.replicates.length > 0 && uncertainty.replicates.every(({ length }) => length === count);
    if (unknown === undefined && fits) continue;
    const why = unknown === undefined ? `is not of ${count} parameters` : `names "${unknown}", no parameter of the law`;
    throw invalid(`the uncertainty of target "${target.target}" ${why}`, file);
  }
  const pairs = (targets.length * (targets.length - 1)) / 2;
  if (residualCorrelation !== undefined && residualCorrelation.length !== pairs) {
    throw invalid(`${residualCorrelation.length} residual correlations, expected ${pairs}`, file);
  }
}

function invalid(message: string, file: string): BimixError {
  return new BimixError('invalid-law', `invalid law file: ${message}`, {
    where: { file },
    hint: 'Fit the law again with bimix fit.',
  });
}
