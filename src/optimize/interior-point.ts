/**
 * Minimum of a convex function on the bounded simplex, with or without ceilings on other convex functions, by a primal-dual
 * interior-point method: Newton steps on
 *
 *   F(r) - mu sum_j [ln(r_j - lower_j) + ln(upper_j - r_j)] - mu sum_i ln(limit_i - L_i(r)),   sum_j r_j = 1
 *
 * with mu going to 0, multipliers for bounds and ceilings, a backtracking line search on the barrier function, and the
 * equality by a Schur complement of the Cholesky-factored Hessian. (Nocedal & Wright 2006, ch. 19; Wächter & Biegler 2006,
 * Eqs. 13-16 for the multipliers.) The iterates stay strictly inside, so slopes of -Infinity at a share of 0 do no harm.
 * Ends on the duality gap, which is a proof and not a heuristic. Deterministic; O(m^3) a step.
 */

import type { ShareBounds } from '../mixture/index.ts';
import { choleskyFactor, choleskySolve } from '../numerics/index.ts';
import { type Ceilings, ceilingBarrier } from './ceilings.ts';
import { dualityGap } from './certificate.ts';
import type { ConvexFunction } from './objective.ts';

export interface InteriorPointOptions {
  /** In addition to the bounds. */
  readonly ceilings?: Ceilings | undefined;
  /** A mixture within bounds and ceilings to begin near; the middle unless said. */
  readonly start?: Float64Array;
  /**
   * How much of the middle is mixed into `start` to keep it off the bounds, in (0, 1]; 0.01 unless said. The middle is that of
   * the bounds, or a mixture inside the ceilings where there are any.
   */
  readonly towardsMiddle?: number;
  /** First mu; from the gap at the start unless said. */
  readonly barrier?: number;
  /** Ends when the gap is at most this times max(1, |F|); 1e-11 unless said. */
  readonly tolerance?: number;
}

export interface InteriorPoint {
  /** m shares within bounds and ceilings; sum to 1 within rounding. */
  readonly shares: Float64Array;
  /** Duality gap at `shares`, in the unit of the function. */
  readonly gap: number;
  /** One a ceiling: what the minimum falls by when a ceiling rises by one unit, at first. */
  readonly multipliers: readonly number[];
  readonly iterations: number;
  /** Last mu. */
  readonly barrier: number;
}

const MAX_ITERATIONS = 200;
/** Iterations without a smaller gap after which rounding is all that is left: slacks of ceilings are differences. */
const PATIENCE = 20;
/** How much of the way to the nearest bound a step may go. */
const TO_BOUND = 0.995;
/** Multipliers are kept within this factor of mu / slack. */
const MULTIPLIER_RANGE = 1e10;
const ARMIJO = 1e-4;
const SHORTEST_STEP = 1e-14;

/** @param bounds feasible: some mixture lies within them and, with ceilings, the middle of those does */
export function solveInteriorPoint(
  f: Pick<ConvexFunction, 'gradient' | 'hessian'>,
  bounds: ShareBounds,
  options: InteriorPointOptions = {},
): InteriorPoint {
  const { tolerance = 1e-11, towardsMiddle = 0.01, ceilings } = options;
  const { lower, upper } = bounds;
  const m = lower.length;
  const free = Array.from(lower.keys()).filter(j => lower[j] < upper[j]);
  const n = free.length;
  const middle = middleOf(bounds);
  const r = middle.shares;
  const gradient = new Float64Array(m);
  const capped = ceilingBarrier(ceilings, m);
  if (middle.only || n < 2) {
    f.gradient(r, gradient);
    const gap = dualityGap(gradient, r, bounds);
    return { shares: r, gap, multipliers: capped.multipliers(), iterations: 0, barrier: 0 };
  }
  if (ceilings !== undefined) r.set(ceilings.inside);
  if (options.start !== undefined) {
    for (const j of free) r[j] = options.start[j] + towardsMiddle * (r[j] - options.start[j]);
  }

  let value = f.gradient(r, gradient);
  capped.at(r);
  const terms = 2 * n + capped.count;
  let gap = dualityGap(gradient, r, bounds);
  let mu = options.barrier ?? Math.max(tolerance, gap) / terms;
  capped.begin(mu);

  // Slacks are carried along rather than recomputed, so that they keep their relative precision near a bound.
  const below = Float64Array.from(free, j => r[j] - lower[j]);
  const above = Float64Array.from(free, j => upper[j] - r[j]);
  const pushUp = below.map(slack => mu / slack);
  const pushDown = above.map(slack => mu / slack);
  const hessian = new Float64Array(m * m);
  const system = new Float64Array(n * n);
  const pull = new Float64Array(m);
  const slope = new Float64Array(n);
  const step = new Float64Array(n);
  const equality = new Float64Array(n);
  const trial = r.slice();
  let best = { shares: r.slice(), gap: Number.POSITIVE_INFINITY, multipliers: capped.multipliers() };
  gap = capped.gap(gradient, r, bounds);

  let iterations = 0;
  let bestAt = 0;
  for (; iterations < MAX_ITERATIONS; iterations++) {
    const enough = tolerance * Math.max(1, Math.abs(value));
    if (gap < best.gap) {
      best = { shares: r.slice(), gap, multipliers: capped.multipliers() };
      bestAt = iterations;
    }
    if (gap <= enough || iterations - bestAt > PATIENCE) break;
    if (gap <= 1.5 * terms * mu && mu > enough / (2 * terms)) {
      mu = Math.max(enough / (4 * terms), Math.min(0.1 * mu, (0.1 * gap) / terms));
    }

    f.hessian(r, hessian);
    capped.addHessian(r, hessian);
    pull.set(gradient);
    capped.addBarrierGradient(mu, pull);
    for (let i = 0; i < n; i++) {
      for (let k = 0; k <= i; k++) system[i * n + k] = hessian[free[i] * m + free[k]];
      system[i * n + i] += pushUp[i] / below[i] + pushDown[i] / above[i];
      slope[i] = pull[free[i]] - mu / below[i] + mu / above[i];
      equality[i] = 1;
    }
    if (!factorWithRidge(system, n)) break;
    choleskySolve(system, n, slope, step);
    choleskySolve(system, n, equality, equality);
    const multiplier = sum(step) / sum(equality);
    let descent = 0;
    let longest = 1;
    for (let i = 0; i < n; i++) {
      step[i] = multiplier * equality[i] - step[i];
      descent += slope[i] * step[i];
      if (step[i] < 0) longest = Math.min(longest, (-TO_BOUND * below[i]) / step[i]);
      else if (step[i] > 0) longest = Math.min(longest, (TO_BOUND * above[i]) / step[i]);
    }

    const here = value - mu * (logSlacks(below, above, step, 0) + capped.logSlacks());
    capped.aim(mu, free, step);
    const rounding = 1e-15 * Math.max(1, Math.abs(here));
    let length = longest;
    for (;;) {
      free.forEach((j, i) => {
        trial[j] = r[j] + length * step[i];
      });
      value = f.gradient(trial, gradient);
      capped.at(trial);
      const there = value - mu * (logSlacks(below, above, step, length) + capped.logSlacks());
      if (there <= here + ARMIJO * length * descent + rounding || length < SHORTEST_STEP) break;
      length /= 2;
    }
    if (length < SHORTEST_STEP) break;

    let longestDual = capped.longestStep(TO_BOUND);
    for (let i = 0; i < n; i++) {
      const up = mu / below[i] - pushUp[i] - (pushUp[i] / below[i]) * step[i];
      const down = mu / above[i] - pushDown[i] + (pushDown[i] / above[i]) * step[i];
      if (up < 0) longestDual = Math.min(longestDual, (-TO_BOUND * pushUp[i]) / up);
      if (down < 0) longestDual = Math.min(longestDual, (-TO_BOUND * pushDown[i]) / down);
    }
    for (let i = 0; i < n; i++) {
      const j = free[i];
      const up = mu / below[i] - pushUp[i] - (pushUp[i] / below[i]) * step[i];
      const down = mu / above[i] - pushDown[i] + (pushDown[i] / above[i]) * step[i];
      r[j] = trial[j];
      below[i] += length * step[i];
      above[i] -= length * step[i];
      pushUp[i] = nearBarrier(pushUp[i] + longestDual * up, mu / below[i]);
      pushDown[i] = nearBarrier(pushDown[i] + longestDual * down, mu / above[i]);
    }
    capped.move(longestDual, mu, nearBarrier);
    gap = capped.gap(gradient, r, bounds);
  }
  return { ...best, iterations, barrier: mu };
}

/** The mixture that goes the same part of the way from each lower to each upper bound; `only` when there is no other. */
export function middleOf({ lower, upper }: ShareBounds): { shares: Float64Array; only: boolean } {
  const spare = 1 - sum(lower);
  const room = sum(upper.map((share, j) => share - lower[j]));
  const along = room > 0 ? Math.min(1, Math.max(0, spare / room)) : 0;
  const shares = lower.map((share, j) => share + along * (upper[j] - share));
  return { shares, only: spare < 1e-12 || room - spare < 1e-12 };
}

/** Factors in place; a matrix that rounding left indefinite gets a relative ridge. */
function factorWithRidge(system: Float64Array, n: number): boolean {
  const original = system.slice();
  for (let ridge = 0; ridge < 1e-6; ridge = ridge === 0 ? 1e-15 : 100 * ridge) {
    system.set(original);
    for (let i = 0; i < n; i++) system[i * n + i] *= 1 + ridge;
    if (choleskyFactor(system, n, system)) return true;
  }
  return false;
}

/** Sum of the logs of all slacks after a step of this length. */
function logSlacks(below: Float64Array, above: Float64Array, step: Float64Array, length: number): number {
  let total = 0;
  for (let i = 0; i < step.length; i++) {
    total += Math.log((below[i] + length * step[i]) * (above[i] - length * step[i]));
  }
  return total;
}

function nearBarrier(multiplier: number, barrier: number): number {
  return Math.min(barrier * MULTIPLIER_RANGE, Math.max(barrier / MULTIPLIER_RANGE, multiplier));
}

function sum(values: Float64Array): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}
