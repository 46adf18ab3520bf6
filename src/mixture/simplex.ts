/**
 * The bounded simplex {r : sum r = 1, lower <= r <= upper}: every mixture a user allows. Projection onto it, linear
 * minimization over it, and distances between mixtures.
 */

import { BimixError } from '../errors/index.ts';

/** Lower and upper share of each of m domains; both of length m, in [0, 1]. */
export interface ShareBounds {
  readonly lower: Float64Array;
  readonly upper: Float64Array;
}

/** How far sums of bounds may miss 1 by rounding alone. */
const ROUNDING = 1e-12;

/** Whether some mixture lies within the bounds. */
export function isFeasible(bounds: ShareBounds): boolean {
  let sumLower = 0;
  let sumUpper = 0;
  for (let j = 0; j < bounds.lower.length; j++) {
    if (!(bounds.lower[j] <= bounds.upper[j])) return false;
    sumLower += bounds.lower[j];
    sumUpper += bounds.upper[j];
  }
  return sumLower <= 1 + ROUNDING && sumUpper >= 1 - ROUNDING;
}

/**
 * The mixture within the bounds that is nearest to `point` in Euclidean distance: r_j = clip(point_j - tau, lower_j,
 * upper_j) with the one tau that makes the shares sum to 1. Exact up to rounding, O(m log m): tau is found between two
 * neighbouring kinks of the piecewise linear sum.
 *
 * @param point m finite numbers
 * @throws BimixError `invalid-bounds` when no mixture lies within the bounds
 */
export function projectToSimplex(point: Float64Array, bounds: ShareBounds): Float64Array {
  requireFeasible(bounds);
  const { lower, upper } = bounds;
  const clipped = (tau: number): Float64Array =>
    point.map((value, j) => Math.min(upper[j], Math.max(lower[j], value - tau)));
  const kinks = new Float64Array(2 * point.length);
  point.forEach((value, j) => {
    kinks[2 * j] = value - upper[j];
    kinks[2 * j + 1] = value - lower[j];
  });
  kinks.sort();
  let left = 0;
  let right = kinks.length - 1;
  while (right - left > 1) {
    const middle = (left + right) >> 1;
    if (sum(clipped(kinks[middle])) >= 1) left = middle;
    else right = middle;
  }
  // Between the two kinks the sum falls linearly, so tau is where that line meets 1.
  const sumLeft = sum(clipped(kinks[left]));
  const sumRight = sum(clipped(kinks[right]));
  const along = sumLeft > sumRight ? Math.min(1, Math.max(0, (sumLeft - 1) / (sumLeft - sumRight))) : 0;
  return clipped(kinks[left] + along * (kinks[right] - kinks[left]));
}

/**
 * The mixture within the bounds with the least sum of cost x share: every domain gets its lower bound and the rest goes
 * to the cheapest domains up to their upper bounds. Ties go to the first domain.
 *
 * @param cost m numbers; -Infinity is allowed
 * @throws BimixError `invalid-bounds` when no mixture lies within the bounds
 */
export function leastLinear(cost: Float64Array, bounds: ShareBounds): Float64Array {
  requireFeasible(bounds);
  const shares = bounds.lower.slice();
  const cheapestFirst = Array.from(cost.keys()).sort((a, b) => (cost[a] === cost[b] ? a - b : cost[a] - cost[b]));
  let rest = 1 - sum(shares);
  for (const j of cheapestFirst) {
    const room = bounds.upper[j] - bounds.lower[j];
    if (rest <= room) {
      shares[j] += Math.max(0, rest);
      return shares;
    }
    shares[j] = bounds.upper[j];
    rest -= room;
  }
  return shares;
}

/**
 * Kullback-Leibler divergence sum_j r_j ln(r_j / reference_j) in nats per token; 0 ln 0 counts as 0, and a share where
 * the reference has none makes it infinite.
 */
export function klDivergence(shares: ArrayLike<number>, reference: ArrayLike<number>): number {
  let total = 0;
  for (let j = 0; j < shares.length; j++) {
    if (shares[j] > 0) total += shares[j] * Math.log(shares[j] / reference[j]);
  }
  return total;
}

/** Total variation distance 1/2 sum_j |a_j - b_j|: the part of the tokens that would have to move, 0 to 1. */
export function totalVariation(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let total = 0;
  for (let j = 0; j < a.length; j++) total += Math.abs(a[j] - b[j]);
  return total / 2;
}

function requireFeasible(bounds: ShareBounds): void {
  if (isFeasible(bounds)) return;
  const sums = `lower bounds sum to ${sum(bounds.lower)}, upper bounds to ${sum(bounds.upper)}`;
  throw new BimixError('invalid-bounds', `invalid bounds: no mixture lies within them (${sums})`);
}

function sum(values: Float64Array): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}
