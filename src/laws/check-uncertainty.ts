/** Whether the uncertainty in a law file fits its laws. */

import { BimixError } from '../errors/index.ts';
import type { FittedLaw, Uncertainty } from './fitted-law.ts';
import { isStack, type Parameter } from './law.ts';
import { shapeOfTarget } from './predict.ts';
import { findLaw } from './registry.ts';

/** Of theta: refits are written with nine digits. */
const REPLICATE_TOLERANCE = 1e-8;

/** @throws BimixError `invalid-law` */
export function checkUncertainty(fitted: FittedLaw, file: string): void {
  const { targets, residualCorrelation } = fitted;
  const law = findLaw(fitted.law);
  for (const target of targets) {
    const { uncertainty } = target;
    if (uncertainty === undefined || uncertainty.method === 'members' || uncertainty.method === 'held-out') continue;
    const shape = shapeOfTarget(fitted, target);
    const known = isStack(law) ? [] : law.parameters(shape).map(({ name }) => name);
    const count = uncertainty.parameters.length;
    const unknown = uncertainty.parameters.find(name => !known.includes(name));
    const fits =
      uncertainty.method === 'laplace'
        ? uncertainty.factor.length === (count * (count + 1)) / 2
        : uncertainty.replicates.length > 0 && uncertainty.replicates.every(({ length }) => length === count);
    if (unknown === undefined && fits) {
      if (uncertainty.method === 'bootstrap' && !isStack(law)) {
        checkReplicates(law.parameters(shape), target.target, uncertainty, file);
      }
      continue;
    }
    const why = unknown === undefined ? `is not of ${count} parameters` : `names "${unknown}", no parameter of the law`;
    throw invalid(`the uncertainty of target "${target.target}" ${why}`, file);
  }
  const pairs = (targets.length * (targets.length - 1)) / 2;
  if (residualCorrelation === undefined) return;
  if (residualCorrelation.length !== pairs) {
    throw invalid(`${residualCorrelation.length} residual correlations, expected ${pairs}`, file);
  }
  const beyond = residualCorrelation.find(value => Math.abs(value) > 1 + 1e-9);
  if (beyond !== undefined) throw invalid(`a residual correlation of ${beyond}, expected -1 to 1`, file);
}

/** Refits move within the bounds of the law; beyond them its losses are no numbers. */
function checkReplicates(
  parameters: readonly Parameter[],
  target: string,
  { parameters: names, replicates }: Extract<Uncertainty, { method: 'bootstrap' }>,
  file: string,
): void {
  names.forEach((name, a) => {
    const { lower = 0, upper = 0 } = parameters.find(parameter => parameter.name === name) ?? {};
    const slack = REPLICATE_TOLERANCE * (1 + Math.abs(lower) + Math.abs(upper));
    const beyond = replicates.find(replicate => !(replicate[a] >= lower - slack && replicate[a] <= upper + slack));
    if (beyond === undefined) return;
    throw invalid(`a refit of target "${target}" has ${name} at ${beyond[a]}, expected ${lower} to ${upper}`, file);
  });
}

function invalid(message: string, file: string): BimixError {
  return new BimixError('invalid-law', `invalid law file: ${message}`, {
    where: { file },
    hint: 'Fit the law again with bimix fit.',
  });
}
