/**
 * Runs far from each other: the least distance between any two is made large (maximin; Johnson, Moore & Ylvisaker 1990) among
 * many mixtures that fill what is allowed. Distances are Hellinger's, between square roots of shares, so that 0 and 2 % of a
 * domain are as far apart as 35 and 54 %: losses follow powers of shares.
 */

import { allowedMixtures } from './allowed-mixtures.ts';
import type { DesignMethod } from './design-methods.ts';
import { allowedMixture } from './design-problem.ts';

/** Mixtures to choose from, at least, and for each run. */
const CANDIDATES = 1000;
const CANDIDATES_A_RUN = 8;
/** Most exchanges: the first ones gain most. */
const EXCHANGES = 100;

export const spreadDesign: DesignMethod = {
  name: 'spread',
  title: 'the prior mixture, and mixtures as far from it and from each other as can be',
  mixtures: (problem, runs) => {
    const { shares } = allowedMixture(problem, 'the prior mixture', problem.prior);
    const count = Math.max(CANDIDATES, CANDIDATES_A_RUN * runs);
    const candidates = allowedMixtures(problem.constraints, count, problem.seed);
    return spreadOut([shares, ...candidates], runs).map((chosen, n) => ({
      name: `spread-${n + 1}`,
      shares: chosen,
      moved: 0,
    }));
  },
};

/**
 * The first candidate, then the farthest from all chosen in turn; then one of the two nearest to each other is exchanged for the
 * candidate farthest from the rest, as long as that helps. The first stays.
 */
export function spreadOut(candidates: readonly Float64Array[], count: number): Float64Array[] {
  const roots = candidates.map(shares => shares.map(Math.sqrt));
  const chosen = [0];
  const nearest = roots.map(root => squareDistance(root, roots[0]));
  while (chosen.length < Math.min(count, candidates.length)) {
    const next = nearest.reduce((best, distance, index) => (distance > nearest[best] ? index : best), 0);
    chosen.push(next);
    roots.forEach((root, index) => {
      nearest[index] = Math.min(nearest[index], squareDistance(root, roots[next]));
    });
  }
  for (let exchange = 0; exchange < EXCHANGES && chosen.length > 1; exchange++) {
    if (!exchanged(roots, chosen)) break;
  }
  return chosen.map(index => candidates[index]);
}

/** The square of Hellinger's distance, up to a factor 2. */
export function squareDistance(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let j = 0; j < a.length; j++) sum += (a[j] - b[j]) ** 2;
  return sum;
}

function farthest(roots: readonly Float64Array[], chosen: readonly number[]): { index: number; distance: number } {
  let best = { index: 0, distance: -1 };
  roots.forEach((root, index) => {
    let distance = Number.POSITIVE_INFINITY;
    for (const other of chosen) distance = Math.min(distance, squareDistance(root, roots[other]));
    if (distance > best.distance) best = { index, distance };
  });
  return best;
}

function exchanged(roots: readonly Float64Array[], chosen: number[]): boolean {
  let pair = { first: 0, second: 1, distance: Number.POSITIVE_INFINITY };
  for (let second = 1; second < chosen.length; second++) {
    for (let first = 0; first < second; first++) {
      const distance = squareDistance(roots[chosen[first]], roots[chosen[second]]);
      if (distance < pair.distance) pair = { first, second, distance };
    }
  }
  for (const place of [pair.second, pair.first]) {
    if (place === 0) continue;
    const { index, distance } = farthest(
      roots,
      chosen.filter((_, k) => k !== place),
    );
    if (distance > pair.distance * (1 + 1e-9)) {
      chosen[place] = index;
      return true;
    }
  }
  return false;
}
