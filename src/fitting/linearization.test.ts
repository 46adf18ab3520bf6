import fc from 'fast-check';
import { Matrix } from 'ml-matrix';
import { describe, expect, test } from 'vitest';
import { denseJacobian } from '../../test/dense-jacobian.ts';
import { shapeAndDesign, thetaWithin, units } from '../../test/shapes.ts';
import { bimix, bimixTransfer } from '../laws/index.ts';
import { Linearization } from './linearization.ts';
import { ridge } from './ridge.ts';

function close(actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number): void {
  expect(actual.length).toBe(expected.length);
  for (let i = 0; i < actual.length; i++) {
    expect(Math.abs(actual[i] - expected[i])).toBeLessThan(tolerance * (1 + Math.abs(expected[i])));
  }
}

describe.each([bimix, bimixTransfer])('the linearization of $name', law => {
  test('has the normal matrix, gradient and products of the dense weighted Jacobian', () => {
    fc.assert(
      fc.property(shapeAndDesign(true), units, units, ({ shape, design, runs, rows }, first, second) => {
        const theta = thetaWithin(law, shape, first);
        const p = theta.length;
        const weights = Float64Array.from({ length: rows }, (_, n) => (n % 3 === 0 ? 1 : 0.3 + second[n % 16]));
        const observed = Float64Array.from({ length: rows }, (_, n) => second[n % 16]);
        const parameters = law.parameters(shape);
        const penalty = ridge(law.priors(shape), p, 0.01);
        const at = new Linearization({
          model: law.bind(shape, design),
          rowRun: design.rowRun,
          observed,
          weights,
          lower: Float64Array.from(parameters, ({ lower }) => lower),
          upper: Float64Array.from(parameters, ({ upper }) => upper),
          penalty,
        });
        const objective = at.linearize(theta);

        const dense = denseJacobian(law, shape, design, theta);
        const jacobian = new Matrix(dense.rows.map((row, n) => row.map(slope => slope * weights[n])));
        const residuals = Matrix.columnVector(dense.logLosses.map((value, n) => weights[n] * (value - observed[n])));
        const prior = Matrix.from1DArray(p, p, Array.from(penalty.matrix));
        const column = Matrix.columnVector(theta);
        const normal = jacobian.transpose().mmul(jacobian).add(prior);
        const pull = prior.mmul(column).sub(Matrix.columnVector(penalty.vector));
        close(at.residuals, residuals.to1DArray(), 1e-12);
        close(at.normal, normal.to1DArray(), 1e-10);
        close(at.gradient, jacobian.transpose().mmul(residuals).add(pull).to1DArray(), 1e-10);
        expect(at.objectiveAt(theta)).toBeCloseTo(objective, 10);

        const vector = Float64Array.from({ length: rows }, (_, n) => second[(n + 5) % 16] - 0.5);
        const product = new Float64Array(p);
        at.transposed(vector, product);
        close(product, jacobian.transpose().mmul(Matrix.columnVector(vector)).to1DArray(), 1e-10);
        expect(at.runs).toBe(runs);
        const ofRun = new Float64Array(p);
        at.addRun(1, vector, ofRun);
        const [from, to] = at.rowsOfRun(1);
        const inRun = vector.map((value, n) => (n >= from && n < to ? value : 0));
        close(ofRun, jacobian.transpose().mmul(Matrix.columnVector(inRun)).to1DArray(), 1e-10);
      }),
    );
  });

  test('feels the curvature of the residuals along a step', () => {
    fc.assert(
      fc.property(shapeAndDesign(true), units, units, ({ shape, design, rows }, first, second) => {
        const theta = thetaWithin(law, shape, first);
        const p = theta.length;
        const model = law.bind(shape, design);
        const at = new Linearization({
          model,
          rowRun: design.rowRun,
          observed: new Float64Array(rows),
          weights: new Float64Array(rows).fill(1),
          lower: new Float64Array(p).fill(-20),
          upper: new Float64Array(p).fill(20),
          penalty: ridge([], p, 0),
        });
        at.linearize(theta);
        const step = Float64Array.from({ length: p }, (_, q) => 0.2 * (second[q % 16] - 0.5));
        const curvature = new Float64Array(rows);
        at.curvatureAlong(theta, step, 0.01, curvature);
        const h = 0.02;
        const along = (t: number): Float64Array => {
          const losses = new Float64Array(rows);
          model.predict(
            theta.map((value, q) => value + t * step[q]),
            losses,
          );
          return losses;
        };
        const [below, here, above] = [along(-h), along(0), along(h)];
        close(
          curvature,
          here.map((value, n) => (below[n] - 2 * value + above[n]) / h ** 2),
          1e-3,
        );
      }),
    );
  });
});
