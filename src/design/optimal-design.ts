/** D-optimal runs: together they tell most about all coefficients of bimix-transfer, at typical values of these. */

import { allowedMixtures } from './allowed-mixtures.ts';
import { dOptimal } from './d-optimal.ts';
import type { DesignMethod } from './design-methods.ts';
import { RUN_NOISE } from './identification.ts';
import { priorKnowledge } from './prior-knowledge.ts';
import { spreadOut } from './spread-design.ts';

/** Candidate mixtures: a minimum, a number for each run, and how many are drawn for each one kept, the farthest apart. */
const CANDIDATES = 100;
const CANDIDATES_A_RUN = 2;
const DRAWS = 8;

export const optimalDesign: DesignMethod = {
  name: 'optimal',
  title: 'D-optimal for bimix-transfer at typical coefficients',
  mixtures: ({ domains, constraints, seed }, runs) => {
    const count = Math.max(CANDIDATES, CANDIDATES_A_RUN * runs);
    const candidates = spreadOut(allowedMixtures(constraints, DRAWS * count, seed), count);
    const targets = priorKnowledge(domains, candidates).map(({ losses }) => ({ rows: losses, noise: RUN_NOISE ** 2 }));
    return dOptimal(targets, runs).chosen.map((candidate, n) => ({
      name: `optimal-${n + 1}`,
      shares: candidates[candidate],
      moved: 0,
    }));
  },
};
