import { expect, test } from 'vitest';
import { trainBoostedTrees } from './boosted-trees.ts';
import { trainGaussianProcess } from './gaussian-process.ts';
import { predictRegression, type Regression, regressionSchema } from './regression.ts';

const FEATURES = Float64Array.from({ length: 24 }, (_, i) => Math.sin(7 * i));
const VALUES = Float64Array.from({ length: 12 }, (_, a) => Math.cos(a));

const TRAINED: readonly Regression[] = [
  trainGaussianProcess(FEATURES, VALUES),
  trainBoostedTrees(FEATURES, VALUES, { trees: 20, rowsPerLeaf: 2 }),
];

test.each(TRAINED)('predicts the same after JSON: $kind', regression => {
  const read = regressionSchema.parse(JSON.parse(JSON.stringify(regression)));
  expect(read).toEqual(regression);
  expect(predictRegression(read, FEATURES)).toEqual(predictRegression(regression, FEATURES));
});

test.each(TRAINED)('a row alone is predicted as among others: $kind', regression => {
  const all = predictRegression(regression, FEATURES);
  all.forEach((value, row) => {
    expect(predictRegression(regression, FEATURES.slice(2 * row, 2 * row + 2))).toEqual(Float64Array.of(value));
  });
});

test('what does not fit together is not read', () => {
  const [process, trees] = TRAINED as [
    Extract<Regression, { weights: unknown }>,
    Extract<Regression, { base: unknown }>,
  ];
  const reads = (value: unknown): boolean => regressionSchema.safeParse(value).success;
  expect(reads({ ...process, weights: process.weights.slice(1) })).toBe(false);
  expect(reads({ ...process, features: [[1], ...process.features.slice(1)] })).toBe(false);
  expect(reads({ ...process, lengthScales: [1, 2, 3] })).toBe(false);
  expect(reads({ ...trees, value: trees.value.slice(1) })).toBe(false);
  expect(reads({ ...trees, feature: trees.feature.slice(0, -1), value: trees.value.slice(0, -1) })).toBe(false);
  expect(reads({ ...trees, feature: trees.feature.map(index => (index === 1 ? 2 : index)) })).toBe(false);
  expect(reads({ kind: 'linear' })).toBe(false);
});
