/**
 * How far the shares can move before it matters: for each domain the smallest and the largest share that some allowed
 * mixture has whose objective is within a given part of the best.
 *
 * The least r_j subject to F(r) <= limit is found by its dual: with r(kappa) the minimum of F(r) + kappa r_j,
 *
 *   r_j >= r_j(kappa) + (F(r(kappa)) - limit) / kappa      for every allowed r with F(r) <= limit and every kappa > 0,
 *
 * and the bound is sharp where F(r(kappa)) = limit. The largest r_j is the same with -r_j. The bound errs only by the
 * square of the error in kappa, so a few minimizations an end are enough.
 */

import type { ShareBounds } from '../mixture/index.ts';
import type { Ceilings } from './ceilings.ts';
import { type InteriorPoint, solveInteriorPoint } from './interior-point.ts';
import type { ConvexFunction } from './objective.ts';

/** What counts as no worse: within 0.1 % of the best objective. */
export const FREEDOM_TOLERANCE = 0.001;

/** kappa will do when F - F* is within this factor of what is allowed. */
const EXCESS_FACTOR = 1.02;
/** Shares nearer than this are the same. */
const SHARE_PRECISION = 1e-6;
const MAX_SOLVES = 30;
/** Steps of the secant, which goes to and fro where a ceiling makes a kink; then kappa is halved in. */
const SECANT_SOLVES = 6;

/** The neighbourhood of an optimum: where F is at most `excess` above `value`. */
interface Neighbourhood {
  readonly f: ConvexFunction;
  readonly bounds: ShareBounds;
  readonly ceilings: Ceilings | undefined;
  readonly value: number;
  readonly excess: number;
  /** A mixture near the optimum and off its bounds, with its barrier. */
  readonly centre: Pick<InteriorPoint, 'shares' | 'barrier'>;
}

/**
 * @param best m: the optimum of `f` within `bounds` and `ceilings`
 * @param tolerance part of the best objective that may be lost
 * @returns m ranges around the optimum's shares; no allowed mixture within the tolerance has a share outside its range,
 *   and each end is attained by one to about 1e-4 of the range's width
 */
export function shareFreedom(
  f: ConvexFunction,
  bounds: ShareBounds,
  best: Float64Array,
  tolerance = FREEDOM_TOLERANCE,
  ceilings?: Ceilings,
): { readonly from: number; readonly to: number }[] {
  const value = f.value(best);
  const excess = tolerance * Math.abs(value);
  const { lower, upper } = bounds;
  const sumLower = lower.reduce((sum, share) => sum + share, 0);
  const sumUpper = upper.reduce((sum, share) => sum + share, 0);
  if (!(excess > 0)) return Array.from(best, share => ({ from: share, to: share }));
  const centre = solveInteriorPoint(f, bounds, { ceilings, start: best, tolerance: 0.3 * tolerance });
  const near: Neighbourhood = { f, bounds, ceilings, value, excess, centre };
  return Array.from(best, (share, j) => {
    if (lower[j] === upper[j]) return { from: share, to: share };
    const least = Math.max(lower[j], 1 - (sumUpper - upper[j]));
    const most = Math.min(upper[j], 1 - (sumLower - lower[j]));
    const width = Math.max(share, 1 / best.length);
    return {
      from: Math.min(share, Math.max(least, endOfRange(near, j, 1, least, width))),
      to: Math.max(share, Math.min(most, -endOfRange(near, j, -1, -most, width))),
    };
  });
}

/**
 * A sharp lower bound on sign x r_j over the neighbourhood.
 *
 * @param least lower bound on sign x r_j over all allowed mixtures
 * @param width a guess at the width of the range
 */
function endOfRange(near: Neighbourhood, j: number, sign: 1 | -1, least: number, width: number): number {
  const { f, bounds, ceilings, value, excess } = near;
  let { centre } = near;
  let kappa = (4 * excess) / width;
  let bound = least;
  let tooSmall = 0;
  let tooLarge = Number.POSITIVE_INFINITY;
  let last: { readonly kappa: number; readonly root: number } | undefined;
  for (let solve = 0; solve < MAX_SOLVES; solve++) {
    const optimum = solveInteriorPoint(pushed(f, j, sign * kappa), bounds, {
      ceilings,
      start: centre.shares,
      // A push moves along the ceilings that bind, where a start on them is in the way.
      ...(ceilings === undefined ? { barrier: centre.barrier, towardsMiddle: 1e-12 } : { towardsMiddle: 0.1 }),
      tolerance: (1e-4 * excess) / Math.max(1, Math.abs(value)),
    });
    centre = optimum;
    const used = f.value(optimum.shares) - value;
    const end = sign * optimum.shares[j];
    bound = Math.max(bound, end + (used - excess - optimum.gap) / kappa);
    if (used <= excess * EXCESS_FACTOR && (used * EXCESS_FACTOR >= excess || end - bound < SHARE_PRECISION)) break;
    // Near the optimum the excess goes with kappa squared, so its root is nearly linear in kappa.
    const root = Math.sqrt(Math.max(used / excess, 1e-3));
    const power =
      last === undefined || last.root === root ? 1 : Math.log(kappa / last.kappa) / Math.log(root / last.root);
    last = { kappa, root };
    if (used <= excess) tooSmall = kappa;
    else tooLarge = kappa;
    kappa *= Math.min(20, Math.max(0.05, root ** -Math.min(4, Math.max(0.3, power))));
    const isBracketed = tooSmall > 0 && tooLarge < Number.POSITIVE_INFINITY;
    if (isBracketed && (solve > SECANT_SOLVES || !(kappa > tooSmall && kappa < tooLarge))) {
      kappa = Math.sqrt(tooSmall * tooLarge);
    }
  }
  return bound;
}

/** F(r) + push x r_j. */
function pushed(f: ConvexFunction, j: number, push: number): Pick<ConvexFunction, 'gradient' | 'hessian'> {
  return {
    gradient(r, gradient) {
      const value = f.gradient(r, gradient);
      gradient[j] += push;
      return value + push * r[j];
    },
    hessian: f.hessian,
  };
}
