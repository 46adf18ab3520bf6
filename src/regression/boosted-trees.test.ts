import fc from 'fast-check';
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { mersenne } from 'pure-rand/generator/mersenne';
import { describe, expect, test } from 'vitest';
import { boostedTreesMean, trainBoostedTrees } from './boosted-trees.ts';
import { shortestBetween } from './tree-grower.ts';

function drawRows(seed: number, n: number, columns: number) {
  const random = mersenne(seed);
  const uniform = (): number => uniformFloat64(random);
  // Coarse, so that rows tie.
  const features = Float64Array.from({ length: n * columns }, () => Math.round(12 * uniform()) / 10);
  const values = Float64Array.from({ length: n }, (_, row) => {
    const at = features.subarray(row * columns, (row + 1) * columns);
    return Math.sin(3 * at[0]) + (columns > 1 ? at[0] * at[1] : 0) + 0.1 * uniform();
  });
  return { features, values };
}

const squares = (predicted: Float64Array, values: Float64Array): number =>
  predicted.reduce((sum, value, row) => sum + (value - values[row]) ** 2, 0);

describe('training', () => {
  test('one full tree reproduces a step function exactly', () => {
    const features = Float64Array.from({ length: 40 }, (_, row) => row / 10);
    const values = features.map(x => (x < 1 ? 2 : x < 2.5 ? -1 : 4));
    const trees = trainBoostedTrees(features, values, { trees: 1, learningRate: 1, leaves: 3, rowsPerLeaf: 1 });
    expect(trees.feature.filter(feature => feature >= 0)).toHaveLength(2);
    boostedTreesMean(trees, features).forEach((value, row) => {
      expect(value).toBeCloseTo(values[row], 5);
    });
    expect(boostedTreesMean(trees, Float64Array.of(-100, 0.95, 2.2, 100)).map(Math.round)).toEqual(
      Float64Array.of(2, 2, -1, 4),
    );
  });

  test('stops once nothing is left to explain', () => {
    const features = Float64Array.of(1, 2, 3, 4);
    const settings = { learningRate: 1, leaves: 4, rowsPerLeaf: 1 };
    expect(trainBoostedTrees(features, Float64Array.of(1, 1, 5, 5), settings).feature).toEqual([0, -1, -1]);
    expect(trainBoostedTrees(features, Float64Array.of(3, 3, 3, 3), settings).feature).toEqual([]);
    expect(trainBoostedTrees(new Float64Array(4), Float64Array.of(1, 2, 3, 4), settings).feature).toEqual([]);
  });

  test('each tree lowers the squared error on the rows it was grown on', () => {
    const { features, values } = drawRows(1, 120, 3);
    const errors = [1, 2, 4, 8, 16, 32, 64, 128].map(trees =>
      squares(boostedTreesMean(trainBoostedTrees(features, values, { trees }), features), values),
    );
    for (let i = 1; i < errors.length; i++) expect(errors[i]).toBeLessThan(errors[i - 1]);
  });

  test('the trees of a longer training begin with those of a shorter one', () => {
    const { features, values } = drawRows(2, 80, 4);
    const short = trainBoostedTrees(features, values, { trees: 5 });
    const long = trainBoostedTrees(features, values, { trees: 9 });
    expect(long.feature.slice(0, short.feature.length)).toEqual(short.feature);
    expect(long.value.slice(0, short.value.length)).toEqual(short.value);
  });

  test('no leaf has fewer rows than allowed, and no tree more leaves', () => {
    const { features, values } = drawRows(3, 90, 2);
    const { feature } = trainBoostedTrees(features, values, { trees: 1, leaves: 50, rowsPerLeaf: 30 });
    expect(feature.filter(index => index < 0).length).toBeLessThanOrEqual(3);
    const four = trainBoostedTrees(features, values, { trees: 1, leaves: 4, rowsPerLeaf: 1 });
    expect(four.feature.filter(index => index < 0)).toHaveLength(4);
  });

  test('a penalty shrinks leaves by rows / (rows + penalty)', () => {
    const features = Float64Array.of(0, 0, 1, 1);
    const values = Float64Array.of(-1, -1, 1, 1);
    const trees = trainBoostedTrees(features, values, { trees: 1, learningRate: 1, rowsPerLeaf: 1, penalty: 2 });
    expect(boostedTreesMean(trees, features)).toEqual(Float64Array.of(-0.5, -0.5, 0.5, 0.5));
  });

  test('rows that do not fit are refused', () => {
    expect(() => trainBoostedTrees(new Float64Array(0), new Float64Array(0))).toThrow('missing rows');
    expect(() => trainBoostedTrees(new Float64Array(3), new Float64Array(2))).toThrow('invalid features');
    expect(() => trainBoostedTrees(Float64Array.of(Number.POSITIVE_INFINITY), Float64Array.of(1))).toThrow(
      'invalid features',
    );
  });
});

/** The same training, every split tried by brute force: residuals after each tree on all rows. */
function bruteForce(
  features: Float64Array,
  values: Float64Array,
  { trees, learningRate, leaves, rowsPerLeaf }: Record<'trees' | 'learningRate' | 'leaves' | 'rowsPerLeaf', number>,
): Float64Array {
  const n = values.length;
  const columns = features.length / n;
  const mean = (rows: readonly number[], of: Float64Array): number =>
    rows.reduce((sum, row) => sum + of[row], 0) / rows.length;
  const error = (rows: readonly number[], of: Float64Array): number => {
    const average = mean(rows, of);
    return rows.reduce((sum, row) => sum + (of[row] - average) ** 2, 0);
  };
  const all = Array.from({ length: n }, (_, row) => row);
  const predicted = new Float64Array(n).fill(mean(all, values));
  for (let tree = 0; tree < trees; tree++) {
    const residuals = values.map((value, row) => value - predicted[row]);
    const parts = [all];
    while (parts.length < leaves) {
      let best = { gain: 1e-12, part: -1, left: [] as number[], right: [] as number[] };
      parts.forEach((rows, part) => {
        for (let f = 0; f < columns; f++) {
          for (const limit of new Set(rows.map(row => features[row * columns + f]))) {
            const left = rows.filter(row => features[row * columns + f] <= limit);
            const right = rows.filter(row => features[row * columns + f] > limit);
            if (Math.min(left.length, right.length) < rowsPerLeaf) continue;
            const gain = error(rows, residuals) - error(left, residuals) - error(right, residuals);
            if (gain > best.gain * (1 + 1e-9)) best = { gain, part, left, right };
          }
        }
      });
      if (best.part < 0) break;
      parts.splice(best.part, 1, best.left, best.right);
    }
    for (const rows of parts) {
      const step = learningRate * mean(rows, residuals);
      for (const row of rows) predicted[row] += step;
    }
  }
  return predicted;
}

test('predictions are those of a search through all splits', () => {
  for (const seed of [1, 2, 3, 4]) {
    const random = mersenne(seed);
    const features = Float64Array.from({ length: 60 }, () => Math.round(20 * uniformFloat64(random)));
    const values = Float64Array.from({ length: 20 }, () => uniformFloat64(random));
    const settings = { trees: 6, learningRate: 0.3, leaves: 4, rowsPerLeaf: 3 };
    const expected = bruteForce(features, values, settings);
    boostedTreesMean(trainBoostedTrees(features, values, settings), features).forEach((value, row) => {
      expect(value).toBeCloseTo(expected[row], 5);
    });
  }
});

const drawn = fc
  .record({ seed: fc.nat(), n: fc.integer({ min: 2, max: 60 }), columns: fc.integer({ min: 1, max: 5 }) })
  .map(({ seed, n, columns }) => ({ columns, ...drawRows(seed, n, columns) }));

describe('whatever the rows', () => {
  test('predictions on training rows stay within the values', () => {
    fc.assert(
      fc.property(drawn, ({ features, values }) => {
        const trees = trainBoostedTrees(features, values, { trees: 100, learningRate: 0.3, rowsPerLeaf: 1 });
        const [low, high] = [Math.min(...values), Math.max(...values)];
        const slack = 0.05 * (high - low);
        for (const value of boostedTreesMean(trees, features)) {
          expect(value).toBeGreaterThanOrEqual(low - slack);
          expect(value).toBeLessThanOrEqual(high + slack);
        }
      }),
      { numRuns: 40, seed: 1 },
    );
  });

  test('only the order of a feature matters', () => {
    fc.assert(
      fc.property(drawn, ({ features, values }) => {
        const settings = { trees: 30 };
        const plain = boostedTreesMean(trainBoostedTrees(features, values, settings), features);
        const bent = features.map(x => Math.exp(4 * x) - 7);
        expect(boostedTreesMean(trainBoostedTrees(bent, values, settings), bent)).toEqual(plain);
      }),
      { numRuns: 40, seed: 2 },
    );
  });

  test('rows in another order give the same trees', () => {
    fc.assert(
      fc.property(drawn, ({ columns, features, values }) => {
        const turned = features.map((_, i) => {
          const row = values.length - 1 - Math.floor(i / columns);
          return features[row * columns + (i % columns)];
        });
        const settings = { trees: 20 };
        const there = trainBoostedTrees(turned, Float64Array.from(values).reverse(), settings);
        const here = trainBoostedTrees(features, values, settings);
        boostedTreesMean(there, features).forEach((value, row) => {
          expect(value).toBeCloseTo(boostedTreesMean(here, features)[row], 4);
        });
      }),
      { numRuns: 40, seed: 3 },
    );
  });
});

test('a threshold is the shortest decimal between two values', () => {
  expect(shortestBetween(0.1234567, 0.2)).toBe(0.2 - 0.04);
  expect(shortestBetween(0, 1)).toBe(0.5);
  expect(shortestBetween(1, 1 + Number.EPSILON)).toBe(1);
  fc.assert(
    fc.property(fc.double({ noNaN: true, min: -5, max: 5 }), fc.double({ noNaN: true, min: -5, max: 5 }), (a, b) => {
      fc.pre(a !== b);
      const [below, above] = [Math.min(a, b), Math.max(a, b)];
      const threshold = shortestBetween(below, above);
      expect(threshold).toBeGreaterThanOrEqual(below);
      expect(threshold).toBeLessThan(above);
    }),
    { seed: 4 },
  );
});
