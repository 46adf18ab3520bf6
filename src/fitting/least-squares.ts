/**
 * Bounded nonlinear least squares by Levenberg-Marquardt with an analytic Jacobian.
 *
 *   minimise  sum_n w_n^2 (f_n(theta) - y_n)^2 + theta' G theta - 2 h' theta + c     subject to lower <= theta <= upper
 *
 * Damping follows Nielsen (1999, IMM-REP-1999-05) with Marquardt's scaling; coordinates on a bound whose gradient points
 * outward are frozen, the others take the damped Gauss-Newton step, clipped to the box. Reference: scipy
 * `least_squares(method='trf')`, which finds the same minima.
 */

import type { Model } from '../laws/index.ts';
import { choleskyFactor, choleskySolve } from './cholesky.ts';

/** A quadratic theta' matrix theta - 2 vector' theta + constant added to the sum of squares. */
export interface Quadratic {
  /** p x p row-major, symmetric. */
  readonly matrix: Float64Array;
  readonly vector: Float64Array;
  readonly constant: number;
}

export interface LeastSquaresProblem {
  readonly model: Model;
  /** n observed log losses. */
  readonly observed: Float64Array;
  /** n; multiplies each residual. */
  readonly weights: Float64Array;
  readonly lower: Float64Array;
  readonly upper: Float64Array;
  readonly penalty: Quadratic;
}

export interface LeastSquaresOptions {
  /** Defaults to 200. */
  readonly maxIterations?: number;
  /** Stop when a step lowers the objective by less than this fraction; defaults to 1e-10. */
  readonly tolerance?: number;
}

export interface LeastSquaresSolution {
  readonly theta: Float64Array;
  readonly objective: number;
  readonly iterations: number;
  readonly converged: boolean;
}

/** Largest move of one coordinate in one step: keeps a far start from being thrown onto a bound. */
const LARGEST_STEP = 3;
/** Steps that hardly help must come this often in a row before the fit stops: valleys have short flat stretches. */
const FLAT_STEPS = 2;

/** The local minimum reached from `start`, which is clipped to the bounds. */
export function leastSquares(
  problem: LeastSquaresProblem,
  start: Float64Array,
  options: LeastSquaresOptions = {},
): LeastSquaresSolution {
  const { maxIterations = 200, tolerance = 1e-10 } = options;
  const { lower, upper, penalty } = problem;
  const p = start.length;
  const state = new Linearisation(problem, p);
  let theta = start.map((value, q) => Math.min(upper[q], Math.max(lower[q], value)));
  let candidate = new Float64Array(p);
  const scaling = new Float64Array(p);
  const workspace = { damped: new Float64Array(p * p), right: new Float64Array(p), step: new Float64Array(p) };
  const { step } = workspace;
  const free = new Int32Array(p);

  let objective = state.linearise(theta);
  let damping = 1e-3;
  let growth = 2;
  let flat = 0;
  let iterations = 0;
  let converged = false;
  while (iterations < maxIterations) {
    iterations++;
    const { normal, gradient } = state;
    let count = 0;
    for (let q = 0; q < p; q++) {
      scaling[q] = Math.max(scaling[q], normal[q * p + q], 1e-12);
      const atBound = (theta[q] <= lower[q] && gradient[q] > 0) || (theta[q] >= upper[q] && gradient[q] < 0);
      if (!atBound) free[count++] = q;
    }
    if (count === 0) {
      converged = true;
      break;
    }
    let improved = false;
    while (!improved && damping < 1e16) {
      if (!boundedStep(state, theta, problem, free, count, damping, scaling, workspace)) {
        damping *= growth;
        growth *= 2;
        continue;
      }
      for (let q = 0; q < p; q++) {
        candidate[q] = Math.min(upper[q], Math.max(lower[q], theta[q] + step[q]));
        step[q] = candidate[q] - theta[q];
      }
      const predicted = -state.predictedChange(step);
      const trial = state.objectiveAt(candidate, penalty);
      if (trial < objective && predicted > 0) {
        improved = true;
        const gain = Math.min(1, (objective - trial) / predicted);
        damping = Math.max(damping * Math.max(1 / 3, 1 - (2 * gain - 1) ** 3), 1e-15);
        growth = 2;
        flat = objective - trial <= tolerance * objective ? flat + 1 : 0;
        [theta, candidate] = [candidate, theta];
        objective = state.linearise(theta);
      } else {
        // Nothing left to gain to working precision.
        if (predicted >= 0 && predicted <= 1e-15 * objective) break;
        damping *= growth;
        growth *= 2;
      }
    }
    if (!improved || flat >= FLAT_STEPS) {
      converged = true;
      break;
    }
  }
  return { theta: Float64Array.from(theta), objective, iterations, converged };
}

interface StepWorkspace {
  readonly damped: Float64Array;
  readonly right: Float64Array;
  /** Receives the step. */
  readonly step: Float64Array;
}

/**
 * The damped Gauss-Newton step inside the box: coordinates that would leave it stop at their bound, and the step of the
 * others is solved again with those moves given.
 *
 * @param free indices of the coordinates that may move, `count` of them
 * @returns false when the damped system is not positive definite
 */
function boundedStep(
  { normal, gradient }: Linearisation,
  theta: Float64Array,
  { lower, upper }: LeastSquaresProblem,
  free: Int32Array,
  count: number,
  damping: number,
  scaling: Float64Array,
  { damped, right, step }: StepWorkspace,
): boolean {
  const p = theta.length;
  const moving = free.subarray(0, count).slice();
  let moves = count;
  step.fill(0);
  while (moves > 0) {
    for (let a = 0; a < moves; a++) {
      const q = moving[a];
      for (let b = 0; b <= a; b++) damped[a * moves + b] = normal[q * p + moving[b]];
      damped[a * moves + a] += damping * scaling[q];
      let pull = -gradient[q];
      for (let c = 0; c < p; c++) if (step[c] !== 0) pull -= normal[q * p + c] * step[c];
      right[a] = pull;
    }
    if (!choleskyFactor(damped, moves, damped)) return false;
    choleskySolve(damped, moves, right, right);
    let kept = 0;
    for (let a = 0; a < moves; a++) {
      const q = moving[a];
      const low = Math.max(lower[q] - theta[q], -LARGEST_STEP);
      const high = Math.min(upper[q] - theta[q], LARGEST_STEP);
      if (right[a] < low || right[a] > high) step[q] = right[a] < low ? low : high;
      else {
        moving[kept] = q;
        right[kept++] = right[a];
      }
    }
    if (kept === moves) {
      for (let a = 0; a < moves; a++) step[moving[a]] = right[a];
      return true;
    }
    moves = kept;
  }
  return true;
}

/** Objective, gradient/2 and Gauss-Newton Hessian/2 at a point. */
export class Linearisation {
  /** J'WJ + G, p x p. */
  readonly normal: Float64Array;
  /** J'W residual + G theta - h. */
  readonly gradient: Float64Array;
  /** n x p, rows multiplied by their weights. */
  readonly jacobian: Float64Array;
  /** n: weighted residuals. */
  readonly residuals: Float64Array;
  private readonly problem: LeastSquaresProblem;
  private readonly predicted: Float64Array;

  constructor(problem: LeastSquaresProblem, p: number) {
    const rows = problem.observed.length;
    this.problem = problem;
    this.normal = new Float64Array(p * p);
    this.gradient = new Float64Array(p);
    this.jacobian = new Float64Array(rows * p);
    this.residuals = new Float64Array(rows);
    this.predicted = new Float64Array(rows);
  }

  /** Fills `normal`, `gradient`, `jacobian` and `residuals`; returns the objective. */
  linearise(theta: Float64Array): number {
    const { model, observed, weights, penalty } = this.problem;
    const { normal, gradient, jacobian, residuals, predicted } = this;
    const p = theta.length;
    model.linearise(theta, predicted, jacobian);
    normal.fill(0);
    gradient.fill(0);
    const rows = observed.length;
    let sum = 0;
    for (let n = 0; n < rows; n++) {
      const weight = weights[n];
      const residual = weight * (predicted[n] - observed[n]);
      residuals[n] = residual;
      sum += residual * residual;
      const base = n * p;
      for (let a = 0; a < p; a++) {
        jacobian[base + a] *= weight;
        gradient[a] += jacobian[base + a] * residual;
      }
    }
    this.accumulateNormal(rows, p);
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

  /** Adds the lower triangle of J'J to `normal`, four rows at a time so that each entry is loaded and stored less often. */
  private accumulateNormal(rows: number, p: number): void {
    const { normal, jacobian } = this;
    let n = 0;
    for (; n + 4 <= rows; n += 4) {
      const first = n * p;
      const second = first + p;
      const third = second + p;
      const fourth = third + p;
      for (let a = 0; a < p; a++) {
        const j1 = jacobian[first + a];
        const j2 = jacobian[second + a];
        const j3 = jacobian[third + a];
        const j4 = jacobian[fourth + a];
        const row = a * p;
        for (let b = 0; b <= a; b++) {
          normal[row + b] +=
            j1 * jacobian[first + b] + j2 * jacobian[second + b] + j3 * jacobian[third + b] + j4 * jacobian[fourth + b];
        }
      }
    }
    for (; n < rows; n++) {
      for (let a = 0; a < p; a++) {
        for (let b = 0; b <= a; b++) normal[a * p + b] += jacobian[n * p + a] * jacobian[n * p + b];
      }
    }
  }

  objectiveAt(theta: Float64Array, penalty: Quadratic): number {
    const { model, observed, weights } = this.problem;
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
