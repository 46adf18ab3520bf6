/** Mixtures worth considering as runs, where no pool of them is given. */

import { mersenne } from 'pure-rand/generator/mersenne';
import { projectToSimplex, type ShareBounds, totalVariation } from '../mixture/index.ts';
import { type Candidate, isWithin } from './candidate.ts';
import { dirichletMixture } from './random-mixture.ts';

export interface GenerateOptions {
  readonly bounds: ShareBounds;
  /** m: the present optimum, within the bounds. */
  readonly optimum: Float64Array;
  /** m: the mean mixture of the runs. */
  readonly mean: Float64Array;
  /** About how many; defaults to 400. */
  readonly count?: number;
  /** Defaults to 0. */
  readonly seed?: number;
}

/** Dirichlet concentrations: from far to near. */
const NEAR_OPTIMUM = [20, 60, 200, 600];
const NEAR_MEAN = [5, 20, 80];
/** Weight of the mean in the centre about the optimum, so that domains it leaves out are tried too. */
const OPENED = 0.1;
/** How far candidates go towards one domain alone. */
const TOWARDS = [0.3, 0.6];
/** Each space-filling mixture is the one of this many draws that is farthest from all others. */
const DRAWS = 10;
/** Candidates nearer than this part of their tokens are one. */
const SAME = 1e-3;

/**
 * The optimum itself; Dirichlet mixtures about it and about the mean of the runs; mixtures that fill the allowed simplex; and the
 * mean leaning towards each domain. All within the bounds, none twice; deterministic for a seed.
 */
export function generateCandidates({ bounds, optimum, mean, count = 400, seed = 0 }: GenerateOptions): Candidate[] {
  const random = mersenne(seed);
  const candidates: Candidate[] = [];
  const add = (shares: Float64Array, origin: string): void => {
    const allowed = isWithin(shares, bounds) ? shares : projectToSimplex(shares, bounds);
    if (candidates.some(other => totalVariation(other.shares, allowed) < SAME)) return;
    candidates.push({ name: `candidate-${candidates.length + 1}`, shares: allowed, origin });
  };
  add(optimum, 'the optimum');
  mean.forEach((_, domain) => {
    for (const part of TOWARDS) {
      const lean = mean.map((share, j) => (1 - part) * share + (j === domain ? part : 0));
      add(lean, 'mean of the runs and one domain');
    }
  });
  const rest = Math.max(0, count - candidates.length);
  const opened = optimum.map((share, j) => (1 - OPENED) * share + OPENED * mean[j]);
  for (let n = 0; n < 0.45 * rest; n++) {
    add(dirichletMixture(random, opened, NEAR_OPTIMUM[n % NEAR_OPTIMUM.length]), 'near the optimum');
  }
  for (let n = 0; n < 0.25 * rest; n++) {
    add(dirichletMixture(random, mean, NEAR_MEAN[n % NEAR_MEAN.length]), 'near the mean of the runs');
  }
  const even = new Float64Array(mean.length).fill(1 / mean.length);
  for (let n = 0; n < 0.3 * rest; n++) {
    const drawn = Array.from({ length: DRAWS }, () =>
      projectToSimplex(dirichletMixture(random, even, mean.length), bounds),
    );
    const distance = (shares: Float64Array): number =>
      candidates.reduce((least, other) => Math.min(least, totalVariation(other.shares, shares)), 1);
    const distances = drawn.map(distance);
    add(drawn[distances.indexOf(Math.max(...distances))], 'filling the space');
  }
  return candidates;
}
