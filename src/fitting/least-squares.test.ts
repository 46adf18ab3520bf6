import fc from 'fast-check';
import { Matrix, solve } from 'ml-matrix';
import { describe, expect, test } from 'vitest';
import type { Model } from '../laws/index.ts';
import { leastSquares } from './least-squares.ts';
import type { LeastSquaresProblem } from './linearization.ts';
import { ridge } from './ridge.ts';

function problemOf(model: Model, observed: readonly number[], bounds: readonly (readonly [number, number])[]) {
  return {
    model,
    rowRun: Int32Array.from(observed, (_, n) => n),
    observed: Float64Array.from(observed),
    weights: new Float64Array(observed.length).fill(1),
    lower: Float64Array.from(bounds, ([lower]) => lower),
    upper: Float64Array.from(bounds, ([, upper]) => upper),
    penalty: ridge([], bounds.length, 0),
  } satisfies LeastSquaresProblem;
}

/** log(exp(a - b x) + exp(c)). */
function decay(x: readonly number[]): Model {
  return {
    rowParameters: 3,
    predict: ([a, b, c], logLosses) => {
      x.forEach((at, n) => {
        logLosses[n] = Math.log(Math.exp(a - b * at) + Math.exp(c));
      });
    },
    linearize: ([a, b, c], { logLosses, perRow }) => {
      x.forEach((at, n) => {
        const sum = Math.exp(a - b * at) + Math.exp(c);
        logLosses[n] = Math.log(sum);
        const part = Math.exp(a - b * at) / sum;
        perRow.set([part, -at * part, 1 - part], n * 3);
      });
    },
  };
}

/** Rows of `matrix` times theta. */
function linear(matrix: Matrix): Model {
  const predict = (theta: Float64Array, logLosses: Float64Array): void => {
    logLosses.set(matrix.mmul(Matrix.columnVector(theta)).to1DArray());
  };
  return {
    rowParameters: matrix.columns,
    predict,
    linearize: (theta, { logLosses, perRow }) => {
      predict(theta, logLosses);
      perRow.set(matrix.to1DArray());
    },
  };
}

const x = Array.from({ length: 10 }, (_, i) => i / 10);
const decaying = x.map(at => Math.log(2 * Math.exp(-1.3 * at) + 0.4));

describe('bounded least squares', () => {
  test('finds the minimum on a bound that scipy finds', () => {
    // x = np.arange(10) / 10; y = np.log(2 * np.exp(-1.3 * x) + .4)
    // least_squares(lambda t: np.log(np.exp(t[0] - t[1] * x) + np.exp(t[2])) - y, [0, .5, -2],
    //               bounds=([-3, 0, -3], [3, 1, 3]), xtol=1e-15, ftol=1e-15, gtol=1e-15)
    const bounds = [
      [-3, 3],
      [0, 1],
      [-3, 3],
    ] as const;
    const solution = leastSquares(problemOf(decay(x), decaying, bounds), Float64Array.of(0, 0.5, -2));
    expect(solution.converged).toBe(true);
    expect(solution.theta[0]).toBeCloseTo(0.8238951942, 6);
    expect(solution.theta[1]).toBe(1);
    expect(solution.theta[2]).toBeCloseTo(-2.5469805636, 5);
    expect(solution.objective).toBeCloseTo(0.001033568958944595, 12);
  });

  test('recovers the coefficients of a perfect curve from anywhere in the box', () => {
    const bounds = [
      [-3, 3],
      [0, 4],
      [-3, 3],
    ] as const;
    const within = fc.tuple(...bounds.map(([min, max]) => fc.double({ min, max, noNaN: true })));
    fc.assert(
      fc.property(within, start => {
        const { theta, converged } = leastSquares(problemOf(decay(x), decaying, bounds), Float64Array.from(start), {
          maxIterations: 500,
          tolerance: 1e-14,
        });
        expect(converged).toBe(true);
        [Math.log(2), 1.3, Math.log(0.4)].forEach((value, q) => {
          expect(theta[q]).toBeCloseTo(value, 6);
        });
      }),
    );
  });

  test('solves a linear problem with a ridge and weights exactly', () => {
    const matrix = new Matrix([
      [1, 0.5],
      [1, 1.5],
      [1, 2.5],
      [1, 4],
    ]);
    const priors = [
      { terms: [[1, 1]] as const, mean: 0.3, sd: 0.5 },
      {
        terms: [
          [0, 1],
          [1, -1],
        ] as const,
        mean: 0,
        sd: 2,
      },
    ];
    const observed = [1.1, 1.9, 3.2, 4.1];
    const weights = Float64Array.of(1, 0.5, 1, 2);
    const problem = {
      ...problemOf(linear(matrix), observed, [
        [-9, 9],
        [-9, 9],
      ]),
      weights,
      penalty: ridge(priors, 2, 4),
    };
    // Priors are rows lambda / sd x coefficients, lambda = 2.
    const rows = [...matrix.to2DArray().map((row, n) => row.map(value => value * weights[n])), [0, 4], [1, -1]];
    const right = [...observed.map((value, n) => value * weights[n]), 1.2, 0];
    const expected = solve(new Matrix(rows), Matrix.columnVector(right)).to1DArray();
    const { theta } = leastSquares(problem, Float64Array.of(5, -5));
    theta.forEach((value, q) => {
      expect(value).toBeCloseTo(expected[q], 8);
    });
  });

  test('stays within the bounds, from outside them too', () => {
    const matrix = new Matrix([
      [1, 0],
      [0, 1],
    ]);
    const { theta } = leastSquares(
      problemOf(
        linear(matrix),
        [5, -5],
        [
          [-1, 1],
          [-2, 2],
        ],
      ),
      Float64Array.of(30, 30),
    );
    expect(Array.from(theta)).toEqual([1, -2]);
  });

  test('stops at once at a perfect fit', () => {
    const matrix = new Matrix([[1], [1]]);
    const solution = leastSquares(problemOf(linear(matrix), [2, 2], [[0, 4]]), Float64Array.of(2));
    expect(solution).toMatchObject({ objective: 0, converged: true, iterations: 1 });
  });

  test('does not call losses that are no numbers a fit', () => {
    const broken: Model = {
      rowParameters: 1,
      predict: (_, logLosses) => {
        logLosses.fill(Number.NaN);
      },
      linearize: (_, { logLosses, perRow }) => {
        logLosses.fill(Number.NaN);
        perRow.fill(1);
      },
    };
    expect(leastSquares(problemOf(broken, [1, 2], [[0, 4]]), Float64Array.of(1)).converged).toBe(false);
  });

  test('says when it ran out of iterations', () => {
    const bounds = [
      [-3, 3],
      [0, 4],
      [-3, 3],
    ] as const;
    const solution = leastSquares(problemOf(decay(x), decaying, bounds), Float64Array.of(0, 0.5, -2), {
      maxIterations: 2,
    });
    expect(solution).toMatchObject({ converged: false, iterations: 2 });
  });
});
