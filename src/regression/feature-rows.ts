/** Rows of features as one array, checked. */

import { BimixError } from '../errors/index.ts';

/**
 * How many features each row has.
 *
 * @param features n x d, row-major
 * @param values n
 * @throws BimixError `missing-rows` without a row, `invalid-features` when features are no n rows of one length, or not finite
 */
export function columnsOf(features: Float64Array, values: Float64Array): number {
  const n = values.length;
  if (n === 0) throw new BimixError('missing-rows', 'missing rows: a regression is trained on one at least');
  const columns = features.length / n;
  if (columns >= 1 && Number.isInteger(columns) && features.every(Number.isFinite) && values.every(Number.isFinite)) {
    return columns;
  }
  const message = `invalid features: ${features.length} numbers for ${n} values; expected rows of equal length, all finite`;
  throw new BimixError('invalid-features', message);
}
