/**
 * A mixture inside all ceilings, or the proof that there is none and how near one can come.
 *
 * What is minimized is the worst relative excess, max_i h_i(r) with h_i = L_i(r) / limit_i - 1, through the smooth convex
 * function eta ln sum_i exp(h_i / eta), which exceeds it by at most eta ln k, for eta going to 0. With G that function, the
 * least worst excess is at least G(r) - gap - eta ln k: when that is positive, the ceilings cannot be met together.
 */

import type { ShareBounds } from '../mixture/index.ts';
import type { Ceiling } from './ceilings.ts';
import { middleOf, solveInteriorPoint } from './interior-point.ts';
import type { ConvexFunction } from './objective.ts';

export interface InsideCeilings {
  /** m: strictly inside every ceiling; undefined when no allowed mixture is. */
  readonly inside: Float64Array | undefined;
  /** The smallest worst relative excess found: negative when `inside` is there. */
  readonly excess: number;
  /** Ceilings, by index, that stand against each other at the nearest mixture. */
  readonly conflicting: readonly number[];
}

const TEMPERATURES = [0.1, 0.01, 1e-3, 1e-4, 1e-5, 1e-6, 1e-7, 1e-8];
/** A ceiling with less weight than this in the worst excess is not part of the conflict. */
const CONFLICTING = 0.01;

export function insideCeilings(list: readonly Ceiling[], bounds: ShareBounds): InsideCeilings {
  const middle = middleOf(bounds).shares;
  let start: Float64Array = middle;
  let nearest: { shares: Float64Array; excess: number; weights: Float64Array } = {
    shares: middle,
    excess: Number.POSITIVE_INFINITY,
    weights: new Float64Array(list.length),
  };
  let isInside = false;
  for (const eta of TEMPERATURES) {
    const softened = softWorst(list, eta);
    const solved = solveInteriorPoint(softened, bounds, { start, tolerance: Math.min(1e-3, eta) * 1e-2 });
    start = solved.shares;
    const excess = worstExcess(list, start);
    if (excess < nearest.excess) nearest = { shares: start, excess, weights: softened.weights(start) };
    // One temperature more than needed: a mixture barely inside is a poor place to begin.
    if (isInside) break;
    isInside = nearest.excess < 0;
    const least = softened.value(start) - solved.gap - eta * Math.log(list.length);
    if (least > 0 && excess - least < 1e-3 * excess) break;
  }
  const { shares, excess, weights } = nearest;
  const conflicting = Array.from(weights.keys()).filter(i => weights[i] > CONFLICTING);
  return { inside: excess < 0 ? offBounds(list, shares, middle, excess) : undefined, excess, conflicting };
}

/** As far towards the middle of the bounds as the ceilings stay half as far away. */
function offBounds(list: readonly Ceiling[], shares: Float64Array, middle: Float64Array, excess: number): Float64Array {
  for (let along = 0.1; along > 1e-6; along /= 2) {
    const mixed = shares.map((share, j) => share + along * (middle[j] - share));
    if (worstExcess(list, mixed) <= excess / 2) return mixed;
  }
  return shares;
}

function worstExcess(list: readonly Ceiling[], r: Float64Array): number {
  return list.reduce((worst, { loss, limit }) => Math.max(worst, loss.value(r) / limit - 1), Number.NEGATIVE_INFINITY);
}

/** eta ln sum_i exp(h_i / eta), with the weight of each ceiling in its gradient. */
function softWorst(
  list: readonly Ceiling[],
  eta: number,
): ConvexFunction & { readonly weights: (r: Float64Array) => Float64Array } {
  const soft = (excesses: Float64Array): { value: number; weights: Float64Array } => {
    const worst = excesses.reduce((a, b) => Math.max(a, b));
    const weights = excesses.map(excess => Math.exp((excess - worst) / eta));
    const total = weights.reduce((a, b) => a + b);
    return { value: worst + eta * Math.log(total), weights: weights.map(weight => weight / total) };
  };
  const at = (r: Float64Array): { value: number; weights: Float64Array } =>
    soft(Float64Array.from(list, ({ loss, limit }) => loss.value(r) / limit - 1));
  return {
    value: r => at(r).value,
    weights: r => at(r).weights,
    gradient(r, gradient) {
      const { value, weights } = at(r);
      gradient.fill(0);
      list.forEach(({ loss, limit }, i) => {
        loss.addGradient(r, weights[i] / limit, gradient);
      });
      return value;
    },
    hessian(r, hessian) {
      const m = r.length;
      const { weights } = at(r);
      const mean = new Float64Array(m);
      const slopes = list.map(({ loss, limit }, i) => {
        const slope = new Float64Array(m);
        loss.addGradient(r, 1 / limit, slope);
        for (let j = 0; j < m; j++) mean[j] += weights[i] * slope[j];
        return slope;
      });
      hessian.fill(0);
      list.forEach(({ loss, limit }, i) => {
        loss.addHessian(r, weights[i] / limit, hessian);
        const stiffness = weights[i] / eta;
        for (let a = 0; a < m; a++) {
          const apart = stiffness * (slopes[i][a] - mean[a]);
          for (let b = 0; b < m; b++) hessian[a * m + b] += apart * (slopes[i][b] - mean[b]);
        }
      });
    },
  };
}
