/**
 * A weighted least-squares problem linearized at a point, as a linear operator: the Jacobian is never formed where rows of
 * a run differ by a factor only (see `Slopes`), which makes the normal matrix cheap for runs of many checkpoints.
 */

import type { Model, Slopes } from '../laws/index.ts';

/** A quadratic theta' matrix theta - 2 vector' theta + constant added to the sum of squares. */
export interface Quadratic {
  /** p x p row-major, symmetric. */
  readonly matrix: Float64Array;
  readonly vector: Float64Array;
  readonly constant: number;
}

/** sum_n w_n^2 (f_n(theta) - y_n)^2 + penalty(theta), within bounds. */
export interface LeastSquaresProblem {
  readonly model: Model;
  /** n: run of each row, ascending. */
  readonly rowRun: Int32Array;
  /** n observed log losses. */
  readonly observed: Float64Array;
  /** n; multiplies each residual. */
  readonly weights: Float64Array;
  readonly lower: Float64Array;
  readonly upper: Float64Array;
  readonly penalty: Quadratic;
}

/** Gradient/2 and Gauss-Newton Hessian/2 at a point, and products with the weighted Jacobian J. */
export class Linearization {
  /** J'J + the penalty's matrix, p x p. */
  readonly normal: Float64Array;
  /** J' residuals + the penalty's part. */
  readonly gradient: Float64Array;
  /** n: weighted residuals. */
  readonly residuals: Float64Array;
  private readonly problem: LeastSquaresProblem;
  private readonly slopes: Slopes;
  /** h and p - h. */
  private readonly head: number;
  private readonly tail: number;
  /** R + 1: first row of each run. */
  private readonly firstRow: Int32Array;
  /** R x p: what the rows of each run amount to together. */
  private readonly merged: Float64Array;
  private readonly predicted: Float64Array;

  constructor(problem: LeastSquaresProblem) {
    const rows = problem.observed.length;
    const p = problem.lower.length;
    this.problem = problem;
    this.head = problem.model.rowParameters;
    this.tail = p - this.head;
    this.firstRow = firstRows(problem.rowRun);
    const runs = this.firstRow.length - 1;
    this.normal = new Float64Array(p * p);
    this.gradient = new Float64Array(p);
    this.residuals = new Float64Array(rows);
    this.predicted = new Float64Array(rows);
    this.merged = new Float64Array(this.tail > 0 ? runs * p : 0);
    this.slopes = {
      logLosses: this.predicted,
      perRow: new Float64Array(rows * this.head),
      factor: new Float64Array(rows),
      perRun: new Float64Array(runs * this.tail),
    };
  }

  /** R. */
  get runs(): number {
    return this.firstRow.length - 1;
  }

  /** Rows of a run: from the first up to, not including, the second. */
  rowsOfRun(run: number): readonly [number, number] {
    return [this.firstRow[run], this.firstRow[run + 1]];
  }

  /** Moves to `theta`; returns the objective there. */
  linearize(theta: Float64Array): number {
    const { model, observed, weights, penalty } = this.problem;
    const { normal, gradient, residuals, predicted, head } = this;
    const { perRow, factor } = this.slopes;
    const p = theta.length;
    model.linearize(theta, this.slopes);
    let sum = 0;
    for (let n = 0; n < observed.length; n++) {
      const weight = weights[n];
      residuals[n] = weight * (predicted[n] - observed[n]);
      sum += residuals[n] * residuals[n];
      if (weight === 1) continue;
      for (let a = 0; a < head; a++) perRow[n * head + a] *= weight;
      factor[n] *= weight;
    }
    this.transposed(residuals, gradient);
    this.fillNormal();
    for (let a = 0; a < p; a++) {
      let product = 0;
      for (let b = 0; b < p; b++) {
        product += penalty.matrix[a * p + b] * theta[b];
        if (b <= a) {
          normal[a * p + b] += penalty.matrix[a * p + b];
          normal[b * p + a] = normal[a * p + b];
        }
      }
      gradient[a] += product - penalty.vector[a];
    }
    return sum + quadraticAt(penalty, theta);
  }

  /** The objective at another point; the linearization stays where it is. */
  objectiveAt(theta: Float64Array): number {
    const { model, observed, weights, penalty } = this.problem;
    model.predict(theta, this.predicted);
    let sum = 0;
    for (let n = 0; n < observed.length; n++) {
      const residual = weights[n] * (this.predicted[n] - observed[n]);
      sum += residual * residual;
    }
    return sum + quadraticAt(penalty, theta);
  }

  /** Change of the objective that the quadratic model expects of a step. */
  predictedChange(step: Float64Array): number {
    const p = step.length;
    let change = 0;
    for (let a = 0; a < p; a++) {
      if (step[a] === 0) continue;
      let product = 0;
      for (let b = 0; b < p; b++) product += this.normal[a * p + b] * step[b];
      change += step[a] * (2 * this.gradient[a] + product);
    }
    return change;
  }

  /** Writes to `curvature` (n) the second derivative of the residuals along a step, by a finite difference of width `h`. */
  curvatureAlong(theta: Float64Array, step: Float64Array, h: number, curvature: Float64Array): void {
    const { model, observed, weights } = this.problem;
    model.predict(
      theta.map((value, q) => value + h * step[q]),
      this.predicted,
    );
    this.times(step, curvature);
    for (let n = 0; n < curvature.length; n++) {
      const there = weights[n] * (this.predicted[n] - observed[n]);
      curvature[n] = (2 / h) * ((there - this.residuals[n]) / h - curvature[n]);
    }
  }

  /** Writes J' vector (p). */
  transposed(vector: Float64Array, product: Float64Array): void {
    const { head, tail } = this;
    const { perRow, factor, perRun } = this.slopes;
    const rows = vector.length;
    product.fill(0);
    for (let a = 0; a < head; a++) {
      let sum = 0;
      for (let n = 0; n < rows; n++) sum += perRow[n * head + a] * vector[n];
      product[a] = sum;
    }
    for (let run = 0; tail > 0 && run < this.runs; run++) {
      let common = 0;
      for (let n = this.firstRow[run]; n < this.firstRow[run + 1]; n++) common += factor[n] * vector[n];
      for (let b = 0; b < tail; b++) product[head + b] += common * perRun[run * tail + b];
    }
  }

  /** Adds the sum over the rows of a run of row of J x its entry of `vector` (n). */
  addRun(run: number, vector: Float64Array, sum: Float64Array): void {
    const { head, tail } = this;
    const { perRow, factor, perRun } = this.slopes;
    let common = 0;
    for (let n = this.firstRow[run]; n < this.firstRow[run + 1]; n++) {
      for (let a = 0; a < head; a++) sum[a] += perRow[n * head + a] * vector[n];
      common += factor[n] * vector[n];
    }
    for (let b = 0; b < tail; b++) sum[head + b] += common * perRun[run * tail + b];
  }

  /** Writes J step (n). */
  private times(step: Float64Array, product: Float64Array): void {
    const { head, tail } = this;
    const { perRow, factor, perRun } = this.slopes;
    const rows = product.length;
    product.fill(0);
    for (let run = 0; tail > 0 && run < this.runs; run++) {
      let common = 0;
      for (let b = 0; b < tail; b++) common += perRun[run * tail + b] * step[head + b];
      for (let n = this.firstRow[run]; n < this.firstRow[run + 1]; n++) product[n] = common * factor[n];
    }
    for (let a = 0; a < head; a++) {
      for (let n = 0; n < rows; n++) product[n] += perRow[n * head + a] * step[a];
    }
  }

  /**
   * The lower triangle of J'J. Rows of a run that differ by their factors f count, off the block of the first h
   * coefficients, as one row: |f| times their common slopes, and their own slopes weighted by f / |f|.
   */
  private fillNormal(): void {
    const { normal, head, tail, merged } = this;
    const { perRow, factor, perRun } = this.slopes;
    const p = head + tail;
    normal.fill(0);
    if (tail > 0) {
      merged.fill(0);
      for (let run = 0; run < this.runs; run++) {
        const base = run * p;
        let squares = 0;
        for (let n = this.firstRow[run]; n < this.firstRow[run + 1]; n++) {
          squares += factor[n] * factor[n];
          for (let a = 0; a < head; a++) merged[base + a] += perRow[n * head + a] * factor[n];
        }
        const size = Math.sqrt(squares);
        for (let a = 0; a < head; a++) merged[base + a] /= size > 0 ? size : 1;
        for (let b = 0; b < tail; b++) merged[base + head + b] = size * perRun[run * tail + b];
      }
      addGram(merged, p, normal, p);
      for (let a = 0; a < head; a++) normal.fill(0, a * p, a * p + head);
    }
    if (head > 0) addGram(perRow, head, normal, p);
  }
}

/** Adds the lower triangle of A'A to the first block of a matrix of width p: two columns by four rows of A at a time. */
function addGram(matrix: Float64Array, columns: number, target: Float64Array, p: number): void {
  const end = matrix.length;
  let first = 0;
  for (; first + 4 * columns <= end; first += 4 * columns) {
    const second = first + columns;
    const third = second + columns;
    const fourth = third + columns;
    for (let a = 0; a < columns; a += 2) {
      const paired = a + 1 < columns;
      const c = paired ? a + 1 : a;
      const a1 = matrix[first + a];
      const a2 = matrix[second + a];
      const a3 = matrix[third + a];
      const a4 = matrix[fourth + a];
      const c1 = paired ? matrix[first + c] : 0;
      const c2 = paired ? matrix[second + c] : 0;
      const c3 = paired ? matrix[third + c] : 0;
      const c4 = paired ? matrix[fourth + c] : 0;
      for (let b = 0; b <= a; b++) {
        const b1 = matrix[first + b];
        const b2 = matrix[second + b];
        const b3 = matrix[third + b];
        const b4 = matrix[fourth + b];
        target[a * p + b] += a1 * b1 + a2 * b2 + a3 * b3 + a4 * b4;
        target[c * p + b] += c1 * b1 + c2 * b2 + c3 * b3 + c4 * b4;
      }
      if (paired) target[c * p + c] += c1 * c1 + c2 * c2 + c3 * c3 + c4 * c4;
    }
  }
  for (; first < end; first += columns) {
    for (let a = 0; a < columns; a++) {
      for (let b = 0; b <= a; b++) target[a * p + b] += matrix[first + a] * matrix[first + b];
    }
  }
}

function firstRows(rowRun: Int32Array): Int32Array {
  const first: number[] = [];
  for (let n = 0; n < rowRun.length; n++) if (n === 0 || rowRun[n] !== rowRun[n - 1]) first.push(n);
  return Int32Array.from([...first, rowRun.length]);
}

function quadraticAt(quadratic: Quadratic, theta: Float64Array): number {
  const p = theta.length;
  let value = quadratic.constant;
  for (let a = 0; a < p; a++) {
    let product = 0;
    for (let b = 0; b < p; b++) product += quadratic.matrix[a * p + b] * theta[b];
    value += theta[a] * (product - 2 * quadratic.vector[a]);
  }
  return value;
}
