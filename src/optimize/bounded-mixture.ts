/** The allowed mixture nearest to a wanted one, for mixtures that come from elsewhere than a law. */

import { BimixError } from '../errors/index.ts';
import { klDivergence, type Mixture } from '../mixture/index.ts';
import { activeBounds } from './certificate.ts';
import { type ConstraintOptions, makeConstraints, type ShareConstraints } from './constraints.ts';
import type { ActiveBound } from './proposal.ts';

export interface BoundedMixture {
  /** Share of tokens; sums to 1. */
  readonly mixture: Mixture;
  /** KL divergence from the wanted mixture: 0 when that is allowed itself. Nats per token. */
  readonly divergence: number;
  readonly activeBounds: readonly ActiveBound[];
}

/**
 * The mixture r within the constraints that minimizes KL(r, wanted) = sum_j r_j ln(r_j / wanted_j).
 *
 * By the conditions of Karush, Kuhn and Tucker r_j = clip(c wanted_j, lower_j, upper_j) with one c for all, so domains that are
 * not on a bound keep their proportions to each other. The sum of the shares is piecewise linear and rising in c, so c is found
 * exactly between two of its kinks.
 *
 * @throws BimixError as `makeConstraints`; `invalid-bounds` when shares would have to go to domains the wanted mixture has none of
 */
export function nearestAllowedMixture(wanted: Mixture, options: ConstraintOptions): BoundedMixture {
  const constraints = makeConstraints(wanted.domains, options);
  const proportions = fill(wanted.proportions, constraints);
  return {
    mixture: { domains: [...wanted.domains], proportions },
    divergence: Math.max(0, klDivergence(proportions, wanted.proportions)),
    activeBounds: activeBounds(proportions, constraints),
  };
}

function fill(wanted: Float64Array, constraints: ShareConstraints): Float64Array {
  const { lower, upper } = constraints;
  const clipped = (level: number): Float64Array =>
    wanted.map((share, j) => (share > 0 ? Math.min(upper[j], Math.max(lower[j], level * share)) : lower[j]));
  const drawable = Array.from(wanted.keys()).filter(j => wanted[j] > 0);
  const kinks = drawable.flatMap(j => [lower[j] / wanted[j], upper[j] / wanted[j]]).sort((a, b) => a - b);
  // The last kink at which the shares still sum to less than 1: within rounding when the bounds leave one mixture only.
  let below = -1;
  let above = kinks.length - 1;
  const most = sum(clipped(kinks[above]));
  if (most < 1 - 1e-12) throw unreachable(wanted, constraints, most);
  while (above - below > 1) {
    const middle = (below + above) >> 1;
    if (sum(clipped(kinks[middle])) < 1) below = middle;
    else above = middle;
  }
  const level = (Math.max(0, kinks[below] ?? 0) + kinks[above]) / 2;
  const shares = clipped(level);
  const isFree = (j: number): boolean => wanted[j] > 0 && shares[j] > lower[j] && shares[j] < upper[j];
  const free = drawable.filter(isFree);
  let rest = 1;
  let weight = 0;
  shares.forEach((share, j) => {
    if (free.includes(j)) weight += wanted[j];
    else rest -= share;
  });
  for (const j of free) shares[j] = Math.min(upper[j], Math.max(lower[j], (rest * wanted[j]) / weight));
  return shares;
}

function unreachable(wanted: Float64Array, { domains }: ShareConstraints, most: number): BimixError {
  const without = domains.filter((_, j) => wanted[j] === 0).map(domain => `"${domain}"`);
  const message =
    `invalid bounds: the domains that the mixture draws from may take at most ${Number(most.toPrecision(3))} of the tokens, ` +
    `and the rest would go to ${without.join(', ')}, of which it has none`;
  return new BimixError('invalid-bounds', message, { hint: 'Raise the bounds of the domains it draws from.' });
}

function sum(values: Float64Array): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}
