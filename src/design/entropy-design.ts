/** The mixtures that entropies imply (Ge et al. 2024, arXiv 2405.14908, Eq. 13): the paper's own proxy runs. */

import { BimixError } from '../errors/index.ts';
import type { DesignMethod } from './design-methods.ts';
import { allowedMixture } from './design-problem.ts';

export const entropyDesign: DesignMethod = {
  name: 'entropy',
  title: 'shares proportional to exp(entropy), one run a kind of entropy',
  mixtures: problem => {
    const { entropyMixtures } = problem;
    if (entropyMixtures === undefined) {
      throw new BimixError('missing-entropy', 'missing entropies: the method entropy needs them', {
        hint: 'Measure them with bimix entropy, and pass --from entropy.json.',
      });
    }
    return Object.entries(entropyMixtures).map(([proxy, mixture]) =>
      allowedMixture(problem, `entropy-${proxy}`, mixture),
    );
  },
};
