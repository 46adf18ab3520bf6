/** Regressions without a formula, as plain data. */

import * as z from 'zod';
import { type GaussianProcess, gaussianProcessMean } from './gaussian-process.ts';

export type Regression = GaussianProcess;

/** Means at `rows` rows of features, row-major. */
export function predictRegression(regression: Regression, features: Float64Array, rows: number): Float64Array {
  void rows;
  return gaussianProcessMean(regression, features);
}

export const regressionSchema = z.custom<Regression>();
