/**
 * Mixtures that fill the bounded simplex evenly: Dirichlet(1/2, ..., 1/2) within the bounds, which is uniform in the square roots
 * of the shares, so that small shares are tried as finely as they matter to a power law.
 */

import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { mersenne } from 'pure-rand/generator/mersenne';
import { projectToSimplex, type ShareBounds } from '../mixture/index.ts';

/** Pairs drawn between two mixtures, a domain. */
const MOVES = 8;

/**
 * Gibbs sampling over pairs of domains: what two domains have together is divided again, which for a Dirichlet(1/2) is by an angle
 * uniform between those that the bounds allow. No draw is rejected, however narrow the bounds.
 *
 * @returns `count` mixtures within the bounds, the same for the same seed
 * @throws BimixError `invalid-bounds` when no mixture lies within the bounds
 */
export function allowedMixtures(bounds: ShareBounds, count: number, seed: number): Float64Array[] {
  const random = mersenne(seed);
  const m = bounds.lower.length;
  const shares = projectToSimplex(new Float64Array(m).fill(1 / m), bounds);
  return Array.from({ length: count }, () => {
    for (let move = 0; move < MOVES * m; move++) {
      const i = uniformInt(random, 0, m - 1);
      const j = (i + uniformInt(random, 1, m - 1)) % m;
      divide(shares, i, j, bounds, uniformFloat64(random));
    }
    return shares.slice();
  });
}

function divide(shares: Float64Array, i: number, j: number, { lower, upper }: ShareBounds, part: number): void {
  const both = shares[i] + shares[j];
  if (both === 0) return;
  const least = Math.max(lower[i], both - upper[j]);
  const most = Math.max(least, Math.min(upper[i], both - lower[j]));
  const from = angle(least / both);
  const share = both * Math.sin(from + part * (angle(most / both) - from)) ** 2;
  shares[i] = Math.min(most, Math.max(least, share));
  shares[j] = both - shares[i];
}

function angle(share: number): number {
  return Math.asin(Math.sqrt(Math.min(1, Math.max(0, share))));
}
