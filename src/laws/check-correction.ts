/** Whether the corrections in a law file fit its law. */

import { BimixError } from '../errors/index.ts';
import type { Correction } from './correction.ts';
import type { FittedLaw } from './fitted-law.ts';
import { isStack } from './law.ts';
import { findLaw } from './registry.ts';

/** @throws BimixError `invalid-law` */
export function checkCorrections({ law: name, targets, trainingDomains }: FittedLaw, file: string): void {
  const law = findLaw(name);
  const kind = isStack(law) ? undefined : law.correction;
  targets.forEach(({ target, correction }, i) => {
    const at = `targets.${i}.correction`;
    if (kind === undefined) {
      if (correction === undefined) return;
      throw invalid(`${at}: "${target}" has a correction, but ${name} is a law without one`, file);
    }
    if (correction === undefined)
      throw invalid(`${at}: "${target}" has no correction, which ${name} cannot do without`, file);
    if (correction === null) return;
    if (correction.regression.kind !== kind) {
      throw invalid(
        `${at}: "${target}" has a ${correction.regression.kind} correction, but ${name} takes ${kind}`,
        file,
      );
    }
    const expected = trainingDomains.length + (correction.features === 'cube roots' ? 0 : 1);
    const found = featuresOf(correction);
    if (found !== expected) throw invalid(`${at}: "${target}" has ${found} features, expected ${expected}`, file);
  });
}

function featuresOf({ regression }: Correction): number {
  return regression.kind === 'gaussian-process' ? regression.features[0].length : regression.columns;
}

function invalid(message: string, file: string): BimixError {
  return new BimixError('invalid-law', `invalid law file at ${message}`, {
    where: { file },
    hint: 'Fit the law again with bimix fit.',
  });
}
