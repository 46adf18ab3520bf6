/**
 * Gradient-boosted regression trees with squared loss (Friedman 2001), the regression of RegMix (Liu et al. 2024,
 * arXiv 2407.01492): every tree is grown on what the ones before leave unexplained, leaf by leaf from the best split there is,
 * as LightGBM grows them.
 *
 *   F(x) = base + sum over trees of the value of the leaf that x falls in
 *
 * Splits are exact: every gap between two values of a feature is tried, and only the order of the values matters.
 */

import { columnsOf } from './feature-rows.ts';
import { TreeGrower } from './tree-grower.ts';

export interface BoostedTrees {
  readonly kind: 'boosted-trees';
  /** d: features a row. */
  readonly columns: number;
  /** Mean of the values. */
  readonly base: number;
  /** Tree after tree, each node before its left and then its right part: the feature it splits on, -1 in a leaf. */
  readonly feature: readonly number[];
  /** Of a split, the largest feature that goes left; of a leaf, its value. */
  readonly value: readonly number[];
}

export interface BoostedTreesOptions {
  /** At most so many trees; fewer where nothing is left to explain. Defaults to 600. */
  readonly trees?: number;
  /** What part of its leaves' means a tree adds; defaults to 0.05. */
  readonly learningRate?: number;
  /** At most so many leaves a tree; defaults to 4. */
  readonly leaves?: number;
  /** At least so many rows a leaf; defaults to 3. */
  readonly rowsPerLeaf?: number;
  /** In rows: a leaf of k rows has k / (k + penalty) of their mean. Defaults to 0. */
  readonly penalty?: number;
}

/** Leaf values are rounded to a millionth, or less, of the values' standard deviation. */
const DIGITS = 6;

/**
 * Deterministic.
 *
 * @param features n x d, row-major, finite
 * @param values n, finite
 * @throws BimixError `missing-rows` without a row, `invalid-features` when features are no n rows or not finite
 */
export function trainBoostedTrees(
  features: Float64Array,
  values: Float64Array,
  options: BoostedTreesOptions = {},
): BoostedTrees {
  const { trees = 600, learningRate = 0.05, leaves = 4, rowsPerLeaf = 3, penalty = 0 } = options;
  const columns = columnsOf(features, values);
  const base = values.reduce((sum, value) => sum + value, 0) / values.length;
  const residuals = values.map(value => value - base);
  const nodes = { feature: [] as number[], value: [] as number[] };
  const deviation = Math.sqrt(residuals.reduce((sum, residual) => sum + residual * residual, 0) / values.length);
  if (deviation > 0) {
    const resolution = 10 ** (DIGITS - Math.floor(Math.log10(deviation)));
    const grower = new TreeGrower(features, columns, { leaves, rowsPerLeaf, penalty, learningRate }, resolution);
    let grown = 0;
    while (grown < trees && grower.grow(residuals, nodes)) grown++;
  }
  return { kind: 'boosted-trees', columns, base, ...nodes };
}

/** By node: how many nodes further its right part begins; its left part is next. */
const RIGHT_PARTS = new WeakMap<BoostedTrees, Int32Array>();

function rightParts(trees: BoostedTrees): Int32Array {
  let right = RIGHT_PARTS.get(trees);
  if (right === undefined) {
    const { feature } = trees;
    right = new Int32Array(feature.length);
    // From the end, sizes of the parts still to be claimed by the split before them.
    const sizes: number[] = [];
    for (let node = feature.length - 1; node >= 0; node--) {
      if (feature[node] < 0) {
        sizes.push(1);
        continue;
      }
      const leftSize = sizes.pop() ?? 0;
      const rightSize = sizes.pop() ?? 0;
      right[node] = 1 + leftSize;
      sizes.push(1 + leftSize + rightSize);
    }
    RIGHT_PARTS.set(trees, right);
  }
  return right;
}

/**
 * The expected value at each row.
 *
 * @param features rows x d, row-major
 */
export function boostedTreesMean(trees: BoostedTrees, features: Float64Array): Float64Array {
  const { columns, base, feature, value } = trees;
  const right = rightParts(trees);
  return Float64Array.from({ length: features.length / columns }, (_, row) => {
    let sum = base;
    const first = row * columns;
    let start = 0;
    while (start < feature.length) {
      let node = start;
      while (feature[node] >= 0) {
        node += features[first + feature[node]] <= value[node] ? 1 : right[node];
      }
      sum += value[node];
      // The next tree begins after the last leaf of this one.
      let end = start;
      while (feature[end] >= 0) end += right[end];
      start = end + 1;
    }
    return sum;
  });
}
