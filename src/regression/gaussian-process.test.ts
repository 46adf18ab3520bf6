import fc from 'fast-check';
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { mersenne } from 'pure-rand/generator/mersenne';
import { describe, expect, test } from 'vitest';
import { BimixError } from '../errors/index.ts';
import { factorMatrix } from './factored-matrix.ts';
import {
  type GaussianProcess,
  gaussianProcessLeaveOneOut,
  gaussianProcessMean,
  gaussianProcessVariance,
  trainGaussianProcess,
} from './gaussian-process.ts';
import { explain, kernelMatrix } from './marginal-likelihood.ts';
import { scaledFeatures } from './matern.ts';

/** Rows and values that numpy was asked about: x_af = sin(1.3 a + f) + 0.1 a f, y_a = cos(0.9 a) + 0.2 a. */
const EIGHT_ROWS = Array.from({ length: 8 }, (_, a) => [Math.sin(1.3 * a), Math.sin(1.3 * a + 1) + 0.1 * a]);
const EIGHT_VALUES = Float64Array.from({ length: 8 }, (_, a) => Math.cos(0.9 * a) + 0.2 * a);

/** A process of given length scales and noise about zero, and independent errors, drawn at random rows. */
function drawProcess(seed: number, n: number, lengthScales: readonly number[], amplitude: number, noise: number) {
  const random = mersenne(seed);
  const uniform = (): number => uniformFloat64(random);
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
  const columns = lengthScales.length;
  const features = Float64Array.from({ length: n * columns }, uniform);
  const matrix = kernelMatrix(scaledFeatures(features, columns, lengthScales), columns, 1e-9);
  const lower = factorMatrix(matrix, n)?.lower ?? new Float64Array();
  const normals = Float64Array.from({ length: n }, normal);
  const truth = normals.map((_, a) => {
    let sum = 0;
    for (let b = 0; b <= a; b++) sum += lower[a * n + b] * normals[b];
    return amplitude * sum;
  });
  return { features, truth, values: truth.map(value => value + noise * normal()) };
}

const rms = (values: Float64Array): number =>
  Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / values.length);

describe('prediction', () => {
  // numpy 2.4: C = k(X, X) + 0.05 I, m = 1'C^-1 y / 1'C^-1 1, A^2 = (y - m)'C^-1 (y - m) / 7, w = C^-1 (y - m)
  const process: GaussianProcess = {
    kind: 'gaussian-process',
    features: EIGHT_ROWS,
    weights: [
      -2.517057670924363, -5.531115388815151, -9.885447537654713, -1.54429605420057, 0.366872787881178,
      -1.642698110130191, 6.816270270038875, 13.937471703804931,
    ],
    lengthScales: [0.8, 1.7],
    amplitude: 2.27789745271139,
    noise: 2.27789745271139 * Math.sqrt(0.05),
    mean: 0.19797394568713622,
  };
  const points = Float64Array.of(0.2, 0.4, -0.9, 1.1, 5, 5);

  test('means are those of numpy', () => {
    // m + k(x, X) w
    const expected = [1.845380247502408, -0.053262723481719, 0.198590016109605];
    gaussianProcessMean(process, points).forEach((mean, row) => {
      expect(mean).toBeCloseTo(expected[row], 11);
    });
  });

  test('variances are those of numpy', () => {
    // A^2 (1 - k C^-1 k' + (1 - k C^-1 1)^2 / 1'C^-1 1)
    const expected = [0.239440207678249, 1.46620369736422, 7.625058420740667];
    gaussianProcessVariance(process, points).forEach((variance, row) => {
      expect(variance).toBeCloseTo(expected[row], 11);
    });
  });

  test('a kernel that is singular is said to be', () => {
    const twice = { ...process, features: [...EIGHT_ROWS.slice(0, 7), EIGHT_ROWS[0]], noise: 0 };
    expect(() => gaussianProcessVariance(twice, points)).toThrow(BimixError);
  });
});

describe('training', () => {
  test('its weights are the closed form at the length scales it finds', () => {
    const features = Float64Array.from(EIGHT_ROWS.flat());
    const process = trainGaussianProcess(features, EIGHT_VALUES);
    // C w + m = y, and w sums to zero where the mean is the best one.
    gaussianProcessMean(process, features).forEach((mean, row) => {
      const left = (process.noise / process.amplitude) ** 2 * process.weights[row];
      expect(mean + left).toBeCloseTo(EIGHT_VALUES[row], 8);
    });
    expect(process.weights.reduce((a, b) => a + b)).toBeCloseTo(0, 8);
  });

  test('finds length scale, amplitude and noise that values were drawn with', () => {
    const found = [1, 2, 3, 4].map(seed => {
      const { features, values } = drawProcess(seed, 150, [0.4, 0.4], 2, 0.1);
      return trainGaussianProcess(features, values);
    });
    const typical = (of: (process: GaussianProcess) => number): number =>
      Math.exp(found.reduce((sum, process) => sum + Math.log(of(process)), 0) / found.length);
    expect(typical(process => Math.sqrt(process.lengthScales[0] * process.lengthScales[1]))).toBeGreaterThan(0.3);
    expect(typical(process => Math.sqrt(process.lengthScales[0] * process.lengthScales[1]))).toBeLessThan(0.55);
    expect(typical(process => process.amplitude)).toBeGreaterThan(1.3);
    expect(typical(process => process.amplitude)).toBeLessThan(3);
    expect(typical(process => process.noise)).toBeGreaterThan(0.09);
    expect(typical(process => process.noise)).toBeLessThan(0.11);
  });

  test('a feature that does not matter gets a long length scale', () => {
    const { features, values } = drawProcess(7, 180, [0.4, 0.6, 1e6], 1, 0.05);
    const { lengthScales } = trainGaussianProcess(features, values);
    expect(lengthScales).toHaveLength(3);
    expect(lengthScales[2]).toBeGreaterThan(4 * Math.max(lengthScales[0], lengthScales[1]));
  });

  test('its variance is the squared error it makes', () => {
    const { features, truth, values } = drawProcess(8, 260, [0.3, 0.3], 1, 0.1);
    const process = trainGaussianProcess(features.subarray(0, 240), values.subarray(0, 120));
    const held = features.subarray(240);
    const means = gaussianProcessMean(process, held);
    const variances = gaussianProcessVariance(process, held);
    const standardized = means.map((mean, row) => (mean - truth[120 + row]) / Math.sqrt(variances[row]));
    expect(rms(standardized)).toBeGreaterThan(0.7);
    expect(rms(standardized)).toBeLessThan(1.4);
  });

  test('errors without a row are those of a process of the other rows', () => {
    const { features, values } = drawProcess(10, 30, [0.4, 0.4], 1, 0.1);
    const trained = trainGaussianProcess(features, values);
    const without = (row: number): number => {
      const others = (_: number, i: number): boolean => i !== row;
      const rest = Float64Array.from(trained.features.filter((_, a) => a !== row).flat());
      const scaled = scaledFeatures(rest, 2, trained.lengthScales);
      const ratio = (trained.noise / trained.amplitude) ** 2;
      const explained = explain(kernelMatrix(scaled, 2, ratio), values.filter(others));
      if (explained === undefined) return Number.NaN;
      const { weights, mean } = explained;
      const other = { ...trained, features: trained.features.filter((_, a) => a !== row), weights: [...weights], mean };
      return values[row] - gaussianProcessMean(other, features.subarray(2 * row, 2 * row + 2))[0];
    };
    gaussianProcessLeaveOneOut(trained).forEach((error, row) => {
      expect(error).toBeCloseTo(without(row), 8);
    });
  });

  test('noise alone is not learned', () => {
    const { features, values } = drawProcess(9, 120, [0.3, 0.3], 0, 1);
    const means = gaussianProcessMean(trainGaussianProcess(features, values), features);
    const average = values.reduce((a, b) => a + b) / values.length;
    expect(rms(means.map(mean => mean - average))).toBeLessThan(0.35);
  });

  test('equal values, one row and rows all alike give their mean', () => {
    const features = Float64Array.of(0, 1, 2, 3);
    expect(gaussianProcessMean(trainGaussianProcess(features, Float64Array.of(5, 5)), Float64Array.of(9, 9))).toEqual(
      Float64Array.of(5),
    );
    expect(gaussianProcessMean(trainGaussianProcess(features, Float64Array.of(7)), features)[0]).toBe(7);
    const alike = trainGaussianProcess(new Float64Array(4), Float64Array.of(1, 2, 3, 6));
    expect(gaussianProcessMean(alike, Float64Array.of(0))[0]).toBeCloseTo(3, 6);
    expect(gaussianProcessVariance(trainGaussianProcess(features, Float64Array.of(7)), features)[0]).toBe(0);
  });

  test('rows that do not fit are refused', () => {
    const train = (features: number[], values: number[]) => () =>
      trainGaussianProcess(Float64Array.from(features), Float64Array.from(values));
    expect(train([], [])).toThrow('missing rows');
    expect(train([1, 2, 3], [1, 2])).toThrow('invalid features: 3 numbers for 2 values');
    expect(train([1, Number.NaN], [1, 2])).toThrow('invalid features');
  });
});

const few = fc
  .record({ n: fc.integer({ min: 3, max: 10 }), columns: fc.integer({ min: 1, max: 8 }), seed: fc.nat() })
  .map(({ n, columns, seed }) => {
    const random = mersenne(seed);
    const uniform = (): number => uniformFloat64(random);
    return {
      columns,
      features: Float64Array.from({ length: n * columns }, uniform),
      values: Float64Array.from({ length: n }, uniform),
      far: Float64Array.from({ length: 5 * columns }, () => 2 * uniform() - 0.5),
    };
  });

describe('few rows', () => {
  test('predictions stay near the values', () => {
    fc.assert(
      fc.property(few, ({ features, values, far }) => {
        const means = gaussianProcessMean(trainGaussianProcess(features, values), far);
        const [low, high] = [Math.min(...values), Math.max(...values)];
        for (const mean of means) {
          expect(mean).toBeGreaterThan(low - (high - low));
          expect(mean).toBeLessThan(high + (high - low));
        }
      }),
      { numRuns: 60, seed: 1 },
    );
  });

  test('far from all rows, the mean is left', () => {
    fc.assert(
      fc.property(few, ({ columns, features, values }) => {
        const process = trainGaussianProcess(features, values);
        const [far] = gaussianProcessMean(process, new Float64Array(columns).fill(1e4));
        expect(far).toBeCloseTo(process.mean, 6);
      }),
      { numRuns: 30, seed: 2 },
    );
  });

  test('values in another unit give the same process in that unit', () => {
    fc.assert(
      fc.property(few, ({ features, values, far }) => {
        const plain = gaussianProcessMean(trainGaussianProcess(features, values), far);
        const other = trainGaussianProcess(
          features,
          values.map(value => 3 - 100 * value),
        );
        gaussianProcessMean(other, far).forEach((mean, row) => {
          expect(mean).toBeCloseTo(3 - 100 * plain[row], 3);
        });
      }),
      { numRuns: 30, seed: 3 },
    );
  });
});
