/** The estimators there are, simplest first. */

import { BimixError, didYouMean } from '../errors/index.ts';
import { chaoShen } from './chao-shen.ts';
import { chaoWangJost } from './chao-wang-jost.ts';
import type { Estimator } from './estimator.ts';
import { millerMadow } from './miller-madow.ts';
import { plugIn } from './plug-in.ts';

export const ESTIMATORS: readonly Estimator[] = [plugIn, millerMadow, chaoShen, chaoWangJost];

/** The one to rely on: the least biased of them, or nearly, on every simulated source. */
export const BEST_ESTIMATOR: Estimator = chaoWangJost;

/** @throws BimixError `unknown-estimator` */
export function findEstimator(name: string): Estimator {
  const estimator = ESTIMATORS.find(candidate => candidate.name === name.toLowerCase());
  if (estimator === undefined) {
    const names = ESTIMATORS.map(candidate => candidate.name);
    throw new BimixError('unknown-estimator', `unknown estimator "${name}"`, { hint: didYouMean(name, names) });
  }
  return estimator;
}
