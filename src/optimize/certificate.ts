/**
 * How far an optimum can still be from the best: the Frank-Wolfe duality gap. For convex F and every mixture v allowed,
 * F(v) >= F(r) + grad F(r).(v - r), so F(r) - min F <= grad F(r).r - min_v grad F(r).v. (Jaggi 2013, "Revisiting
 * Frank-Wolfe", Eq. 2.)
 */

import { leastLinear, type ShareBounds } from '../mixture/index.ts';
import type { ShareConstraints } from './constraints.ts';
import type { ActiveBound } from './proposal.ts';

/**
 * The duality gap at r: F(r) is at most this far above its minimum within the bounds, in the unit of F.
 *
 * @param gradient of F at r; -Infinity is allowed where r is 0
 */
export function dualityGap(gradient: Float64Array, r: Float64Array, bounds: ShareBounds): number {
  const best = leastLinear(gradient, bounds);
  let gap = 0;
  for (let j = 0; j < r.length; j++) if (r[j] !== best[j]) gap += gradient[j] * (r[j] - best[j]);
  return Math.max(0, gap);
}

/** A share this near to a bound is on it. */
const ON_BOUND = 1e-7;

/** The shares that ended on a bound. A domain whose bounds leave no choice counts by its upper bound. */
export function activeBounds(r: Float64Array, constraints: ShareConstraints): ActiveBound[] {
  const { domains, lower, upper, upperFrom } = constraints;
  return domains.flatMap((domain, j): ActiveBound[] => {
    const from = upperFrom[j];
    if (from !== 'none' && upper[j] - r[j] <= ON_BOUND) return [{ domain, bound: from, share: r[j] }];
    return r[j] - lower[j] <= ON_BOUND ? [{ domain, bound: 'lower', share: r[j] }] : [];
  });
}
