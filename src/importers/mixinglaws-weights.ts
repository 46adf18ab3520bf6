/** `valid_weight.json`: weights by which the losses of validation sub-domains are merged, an object of numbers. */

import { BimixError } from '../errors/index.ts';
import type { InputFile } from '../files/index.ts';

/** Weight by sub-domain; only ratios matter. */
export type Weights = Readonly<Record<string, number>>;

/** Whether a file among the logs is one of weights. */
export function isWeightFile(file: InputFile): boolean {
  return /^\s*\{/.test(file.head() ?? '');
}

/** @throws BimixError `invalid-weights` when it is not JSON, or a weight is not a number above 0 */
export function readWeights(file: InputFile): Weights {
  const invalid = (trouble: string, cause?: unknown) =>
    new BimixError('invalid-weights', `invalid weights: ${trouble}`, {
      hint: 'A weight file reads: {"ArXiv": 0.10, "Github": 0.09, ...}',
      where: { file: file.path },
      cause,
    });
  let weights: unknown;
  try {
    weights = JSON.parse(file.text());
  } catch (cause) {
    throw cause instanceof BimixError ? cause : invalid((cause as Error).message, cause);
  }
  for (const [name, weight] of Object.entries(weights as object)) {
    if (typeof weight !== 'number' || !(weight > 0)) {
      throw invalid(`the weight of "${name}" is ${JSON.stringify(weight)}, expected a number above 0`);
    }
  }
  return weights as Weights;
}
