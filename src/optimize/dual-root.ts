/**
 * The exact optimum of a separable objective on the bounded simplex.
 *
 * Each share follows from one multiplier, r_j(lambda) = clip(root of f_j'(r) = -lambda, lower_j, upper_j), which for a
 * single power is (alpha K / lambda)^(1 / (alpha + 1)); lambda is the root of sum_j r_j(lambda) = 1, a falling function.
 * Ge et al. 2024 (arXiv 2405.14908), Eqs. 15-16, with bounds and without a general-purpose solver.
 */

import type { ShareBounds } from '../mixture/index.ts';
import type { SeparableParts } from './objective.ts';

export interface DualRoot {
  /** m shares within the bounds; sum to 1 within rounding. */
  readonly shares: Float64Array;
  /** Steps of the search for lambda. */
  readonly iterations: number;
}

const MAX_STEPS = 200;

/** @param bounds feasible: some mixture lies within them */
export function solveDualRoot(parts: SeparableParts, bounds: ShareBounds): DualRoot {
  const { lower, upper } = bounds;
  const movable = Array.from(lower.keys()).filter(j => lower[j] < upper[j]);
  const free = movable.filter(j => isCurved(parts, j));
  const flat = movable.filter(j => !isCurved(parts, j));
  const shares = lower.slice();
  let rest = 1;
  lower.forEach((share, j) => {
    if (!free.includes(j)) rest -= share;
  });

  // Shares without a slope take what the others do not want, in proportion to their room.
  let wanted = 0;
  for (const j of free) wanted += upper[j];
  if (wanted <= rest) {
    for (const j of free) shares[j] = upper[j];
    spread(rest - wanted, flat, shares, j => upper[j] - lower[j]);
    return { shares, iterations: 0 };
  }

  // Any mixture within the bounds brackets lambda between the extremes of its slopes.
  let room = 0;
  let sumLower = 0;
  for (const j of free) {
    room += upper[j] - lower[j];
    sumLower += lower[j];
  }
  const along = (rest - sumLower) / room;
  if (along <= 0) return { shares, iterations: 0 };
  let least = Number.POSITIVE_INFINITY;
  let most = Number.NEGATIVE_INFINITY;
  for (const j of free) {
    shares[j] = lower[j] + along * (upper[j] - lower[j]);
    const slope = -slopeAt(parts, j, shares[j]);
    least = Math.min(least, slope);
    most = Math.max(most, slope);
  }

  let lambda = most;
  let iterations = 0;
  while (iterations < MAX_STEPS) {
    iterations++;
    let excess = -rest;
    let change = 0;
    for (const j of free) {
      shares[j] = shareAt(parts, j, lambda, lower[j], upper[j], shares[j]);
      excess += shares[j];
      if (shares[j] > lower[j] && shares[j] < upper[j]) change -= 1 / curvatureAt(parts, j, shares[j]);
    }
    if (excess > 0) least = lambda;
    else most = lambda;
    if (Math.abs(excess) < 1e-16 || !(most > least)) break;
    let next = lambda - excess / change;
    if (!(next > least && next < most)) next = middle(least, most);
    if (next === lambda || next === least || next === most) break;
    lambda = next;
  }

  // What rounding left of the sum goes where the objective feels it least.
  let sum = 0;
  for (const j of free) sum += shares[j];
  const inside = free.filter(j => shares[j] > lower[j] && shares[j] < upper[j]);
  spread(rest - sum, inside, shares, j => 1 / curvatureAt(parts, j, shares[j]));
  for (const j of inside) shares[j] = Math.min(upper[j], Math.max(lower[j], shares[j]));
  return { shares, iterations };
}

function isCurved({ powers, pull }: SeparableParts, j: number): boolean {
  return pull > 0 || powers[j].length > 0;
}

/** Adds `amount` to the shares of `domains` in proportion to their `weight`. */
function spread(amount: number, domains: readonly number[], shares: Float64Array, weight: (j: number) => number): void {
  let total = 0;
  for (const j of domains) total += weight(j);
  if (!(total > 0)) return;
  const each = domains.map(j => (amount * weight(j)) / total);
  domains.forEach((j, index) => {
    shares[j] += each[index];
  });
}

/** Halfway between two multipliers; by magnitude where both have one sign, since they span many decades. */
function middle(a: number, b: number): number {
  return a > 0 && b / a > 4 ? Math.sqrt(a) * Math.sqrt(b) : a + (b - a) / 2;
}

/** f_j'(r), increasing in r. */
function slopeAt({ powers, pull, reference }: SeparableParts, j: number, r: number): number {
  let slope = pull > 0 ? pull * (Math.log(r / reference[j]) + 1) : 0;
  for (const { scale, exponent } of powers[j]) slope -= exponent * scale * r ** (-exponent - 1);
  return slope;
}

/** f_j''(r) > 0. */
function curvatureAt({ powers, pull }: SeparableParts, j: number, r: number): number {
  let curvature = pull / r;
  for (const { scale, exponent } of powers[j]) curvature += exponent * (exponent + 1) * scale * r ** (-exponent - 2);
  return curvature;
}

/** clip(root of f_j'(r) = -lambda, lower, upper). */
function shareAt(
  parts: SeparableParts,
  j: number,
  lambda: number,
  lower: number,
  upper: number,
  guess: number,
): number {
  const { powers, pull } = parts;
  if (pull === 0 && powers[j].length === 1) {
    const { scale, exponent } = powers[j][0];
    return Math.min(upper, Math.max(lower, ((exponent * scale) / lambda) ** (1 / (exponent + 1))));
  }
  if (slopeAt(parts, j, upper) + lambda <= 0) return upper;
  if (lower > 0 && slopeAt(parts, j, lower) + lambda >= 0) return lower;
  // Newton on u = ln r, where the slope is concave and rising, inside a bracket.
  let left = Math.log(Math.max(lower, Number.MIN_VALUE));
  let right = Math.log(upper);
  let u = guess > lower && guess < upper ? Math.log(guess) : (left + right) / 2;
  for (let step = 0; step < MAX_STEPS; step++) {
    const r = Math.exp(u);
    const slope = slopeAt(parts, j, r) + lambda;
    if (slope > 0) right = u;
    else left = u;
    let next = u - slope / (r * curvatureAt(parts, j, r));
    if (!(next > left && next < right)) next = (left + right) / 2;
    if (Math.abs(next - u) <= 1e-16 * Math.max(1, Math.abs(u))) break;
    u = next;
  }
  return Math.min(upper, Math.max(lower, Math.exp(u)));
}
