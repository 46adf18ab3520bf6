/**
 * Bounded nonlinear least squares by Levenberg-Marquardt with analytic derivatives.
 *
 *   minimize  sum_n w_n^2 (f_n(theta) - y_n)^2 + theta' G theta - 2 h' theta + c     subject to lower <= theta <= upper
 *
 * Damping follows Nielsen (1999, IMM-REP-1999-05), the same for every coordinate, since all are logarithms or exponents of
 * order one. Each step is bent along the residuals' curvature (geodesic acceleration, Transtrum & Sethna 2012,
 * arXiv 1201.5885): mixing laws have long curved valleys that straight steps creep along. Coordinates on a bound whose
 * gradient points outward are frozen, the others take the damped Gauss-Newton step, clipped to the box. Reference: scipy
 * `least_squares(method='trf')`, which finds the same minima.
 */

import { choleskyFactor, choleskySolve } from '../numerics/index.ts';
import { type LeastSquaresProblem, Linearization } from './linearization.ts';

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

/** Damping of the first step, in units of the largest diagonal entry of the normal matrix. */
const FIRST_DAMPING = 1e-6;
/** Largest move of one coordinate in one step: keeps a far start from being thrown onto a bound. */
const MAX_STEP = 3;
/** Steps that hardly help must come this often in a row before the fit stops: valleys have short flat stretches. */
const FLAT_STEPS = 2;
/** Where on a step the curvature is felt for. */
const CURVATURE_AT = 0.1;
/** A bend larger than this part of the step is not trusted, as in the source. */
const MAX_BEND = 0.75;

/** The local minimum reached from `start`, which is clipped to the bounds. */
export function leastSquares(
  problem: LeastSquaresProblem,
  start: Float64Array,
  options: LeastSquaresOptions = {},
): LeastSquaresSolution {
  const { maxIterations = 200, tolerance = 1e-10 } = options;
  const { lower, upper } = problem;
  const p = start.length;
  const state = new Linearization(problem);
  let theta = start.map((value, q) => Math.min(upper[q], Math.max(lower[q], value)));
  let candidate = new Float64Array(p);
  const work = makeWorkspace(p, problem.observed.length);

  let objective = state.linearize(theta);
  let damping = FIRST_DAMPING * largestDiagonal(state.normal, p);
  const leastDamping = 1e-12 * damping;
  let growth = 2;
  let flat = 0;
  let iterations = 0;
  let converged = false;
  while (iterations < maxIterations) {
    iterations++;
    const limit = 1e16 * largestDiagonal(state.normal, p);
    let improved = false;
    while (!improved && damping < limit) {
      if (!boundedStep(state, theta, problem, damping, work)) {
        damping *= growth;
        growth *= 2;
        continue;
      }
      const predicted = -state.predictedChange(work.step);
      bendStep(state, theta, work);
      for (let q = 0; q < p; q++) candidate[q] = Math.min(upper[q], Math.max(lower[q], theta[q] + work.step[q]));
      const trial = state.objectiveAt(candidate);
      if (trial < objective && predicted > 0) {
        improved = true;
        const gain = Math.min(1, (objective - trial) / predicted);
        damping = Math.max(damping * Math.max(1 / 3, 1 - (2 * gain - 1) ** 3), leastDamping);
        growth = 2;
        flat = objective - trial <= tolerance * objective ? flat + 1 : 0;
        [theta, candidate] = [candidate, theta];
        objective = state.linearize(theta);
      } else {
        // Nothing left to gain to working precision.
        if (predicted >= 0 && predicted <= 1e-15 * objective) break;
        damping *= growth;
        growth *= 2;
      }
    }
    if (!improved || flat >= FLAT_STEPS) {
      converged = Number.isFinite(objective);
      break;
    }
  }
  return { theta: Float64Array.from(theta), objective, iterations, converged };
}

interface Workspace {
  /** Factor of the damped system of the coordinates that moved freely in the last step. */
  readonly factor: Float64Array;
  readonly right: Float64Array;
  /** p: the step. */
  readonly step: Float64Array;
  /** Indices of the coordinates that moved freely, `count` of them. */
  readonly moving: Int32Array;
  count: number;
  /** n. */
  readonly curvature: Float64Array;
  /** p. */
  readonly pull: Float64Array;
}

function makeWorkspace(p: number, rows: number): Workspace {
  return {
    factor: new Float64Array(p * p),
    right: new Float64Array(p),
    step: new Float64Array(p),
    moving: new Int32Array(p),
    count: 0,
    curvature: new Float64Array(rows),
    pull: new Float64Array(p),
  };
}

/**
 * The damped Gauss-Newton step inside the box, to `work.step`: coordinates that would leave it stop at their bound, and the
 * step of the others is solved again with those moves given.
 *
 * @returns false when the damped system is not positive definite
 */
function boundedStep(
  { normal, gradient }: Linearization,
  theta: Float64Array,
  { lower, upper }: LeastSquaresProblem,
  damping: number,
  work: Workspace,
): boolean {
  const { factor, right, step, moving } = work;
  const p = theta.length;
  work.count = 0;
  for (let q = 0; q < p; q++) {
    const outward = (theta[q] <= lower[q] && gradient[q] > 0) || (theta[q] >= upper[q] && gradient[q] < 0);
    if (!outward) moving[work.count++] = q;
  }
  step.fill(0);
  while (work.count > 0) {
    const { count } = work;
    for (let a = 0; a < count; a++) {
      const q = moving[a];
      for (let b = 0; b <= a; b++) factor[a * count + b] = normal[q * p + moving[b]];
      factor[a * count + a] += damping;
      let pull = -gradient[q];
      for (let c = 0; c < p; c++) if (step[c] !== 0) pull -= normal[q * p + c] * step[c];
      right[a] = pull;
    }
    if (!choleskyFactor(factor, count, factor)) return false;
    choleskySolve(factor, count, right, right);
    let kept = 0;
    for (let a = 0; a < count; a++) {
      const q = moving[a];
      const low = Math.max(lower[q] - theta[q], -MAX_STEP);
      const high = Math.min(upper[q] - theta[q], MAX_STEP);
      if (right[a] < low || right[a] > high) step[q] = right[a] < low ? low : high;
      else {
        moving[kept] = q;
        right[kept++] = right[a];
      }
    }
    work.count = kept;
    if (kept < count) continue;
    for (let a = 0; a < count; a++) step[moving[a]] = right[a];
    return true;
  }
  return true;
}

/** Adds half the acceleration to the step of the coordinates that moved freely, when it is small beside that step. */
function bendStep(state: Linearization, theta: Float64Array, work: Workspace): void {
  const { factor, right, step, moving, count, curvature, pull } = work;
  if (count === 0) return;
  state.curvatureAlong(theta, step, CURVATURE_AT, curvature);
  state.transposed(curvature, pull);
  for (let a = 0; a < count; a++) right[a] = -pull[moving[a]];
  choleskySolve(factor, count, right, right);
  let bend = 0;
  let length = 0;
  for (let a = 0; a < count; a++) {
    bend += right[a] * right[a];
    length += step[moving[a]] * step[moving[a]];
  }
  if (!(2 * Math.sqrt(bend) <= MAX_BEND * Math.sqrt(length))) return;
  for (let a = 0; a < count; a++) step[moving[a]] += right[a] / 2;
}

function largestDiagonal(matrix: Float64Array, p: number): number {
  let largest = 1e-12;
  for (let q = 0; q < p; q++) largest = Math.max(largest, matrix[q * p + q]);
  return largest;
}
