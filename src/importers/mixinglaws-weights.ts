/** `valid_weight.json`: weights by which the losses of validation sub-domains are merged, an object of numbers. */

import { BimixError, parseJson } from '../errors/index.ts';
import type { InputFile } from '../files/index.ts';

/** Weight by sub-domain; only ratios matter. */
export type Weights = Readonly<Record<string, number>>;

const HINT = 'A weight file reads: {"ArXiv": 0.10, "Github": 0.09, ...}';

/** Whether a file among the logs is one of weights. */
export function isWeightFile(file: InputFile): boolean {
  return /^\s*\{/.test(file.head() ?? '');
}

/** @throws BimixError `invalid-weights` when it is not JSON, or a weight is not a number above 0 */
export function readWeights(file: InputFile): Weights {
  const check = { code: 'invalid-weights', what: 'weights', file: file.path, hint: HINT } as const;
  const weights = parseJson(file.text(), check);
  for (const [name, weight] of Object.entries(weights as object)) {
    if (typeof weight !== 'number' || !(weight > 0 && weight < Number.POSITIVE_INFINITY)) {
      const message = `invalid weights: the weight of "${name}" is ${typeof weight === 'number' ? weight : JSON.stringify(weight)}, expected a number above 0`;
      throw new BimixError('invalid-weights', message, { hint: HINT, where: { file: file.path } });
    }
  }
  return weights as Weights;
}
