/** Regressions without a formula, as plain data: what `law.json` holds of one. */

import * as z from 'zod';
import { type BoostedTrees, boostedTreesMean } from './boosted-trees.ts';
import { type GaussianProcess, gaussianProcessMean } from './gaussian-process.ts';

export type Regression = GaussianProcess | BoostedTrees;

/**
 * The expected value at each row of features.
 *
 * @param features rows x d, row-major; d as in training
 */
export function predictRegression(regression: Regression, features: Float64Array): Float64Array {
  return regression.kind === 'gaussian-process'
    ? gaussianProcessMean(regression, features)
    : boostedTreesMean(regression, features);
}

const gaussianProcess = z
  .object({
    kind: z.literal('gaussian-process'),
    features: z.array(z.array(z.number()).min(1)).min(1),
    weights: z.array(z.number()),
    lengthScales: z.array(z.number().positive()).min(1),
    amplitude: z.number().nonnegative(),
    noise: z.number().nonnegative(),
    mean: z.number(),
  })
  .refine(
    ({ features, weights, lengthScales }) =>
      features.every(row => row.length === features[0].length) &&
      weights.length === features.length &&
      [1, features[0].length].includes(lengthScales.length),
    'features, weights and length scales do not fit together',
  );

const boostedTrees = z
  .object({
    kind: z.literal('boosted-trees'),
    columns: z.number().int().positive(),
    base: z.number(),
    feature: z.array(z.number().int().min(-1)),
    value: z.array(z.number()),
  })
  .refine(
    ({ columns, feature, value }) =>
      feature.length === value.length && feature.every(index => index < columns) && isWholeTrees(feature),
    'features and values are no whole trees',
  );

/** Whether every split has both its parts. */
function isWholeTrees(feature: readonly number[]): boolean {
  let parts = 0;
  for (const index of feature) {
    if (parts === 0) parts = 1;
    parts += index < 0 ? -1 : 1;
  }
  return parts === 0;
}

/** Reads a regression from JSON. */
export const regressionSchema = z.discriminatedUnion('kind', [gaussianProcess, boostedTrees]);
