/** Dirichlet draws about the prior mixture, as RegMix (Liu et al. 2024, arXiv 2407.01492) and olmix draw their proxy runs. */

import { mersenne } from 'pure-rand/generator/mersenne';
import type { RandomGenerator } from 'pure-rand/types/RandomGenerator';
import { projectToSimplex, type ShareBounds } from '../mixture/index.ts';
import { isWithin } from './candidate.ts';
import type { DesignMethod } from './design-methods.ts';
import { allowedMixture } from './design-problem.ts';
import { dirichletMixture } from './random-mixture.ts';

/** Taken in turn, far to near. One alone would either leave shares nearly equal in all runs or nearly 0 in most. */
const CONCENTRATIONS = [2, 6, 20];
/** Attempts to draw a mixture inside the bounds; after them, the draw moves to the nearest mixture inside. */
const DRAWS = 200;

export const dirichletDesign: DesignMethod = {
  name: 'dirichlet',
  title: `Dirichlet draws about the prior mixture, concentrations ${CONCENTRATIONS.join(', ')} in turn`,
  mixtures: (problem, runs) => {
    const random = mersenne(problem.seed);
    const { shares: centre } = allowedMixture(problem, 'the prior mixture', problem.prior);
    return Array.from({ length: runs }, (_, n) => ({
      name: `dirichlet-${n + 1}`,
      shares: drawWithin(random, centre, CONCENTRATIONS[n % CONCENTRATIONS.length], problem.constraints),
      moved: 0,
    }));
  },
};

function drawWithin(
  random: RandomGenerator,
  centre: Float64Array,
  concentration: number,
  bounds: ShareBounds,
): Float64Array {
  let shares = centre;
  for (let draw = 0; draw < DRAWS; draw++) {
    shares = dirichletMixture(random, centre, concentration);
    if (isWithin(shares, bounds)) return shares;
  }
  return projectToSimplex(shares, bounds);
}
