/** Mixtures that somebody named: the proposed one and those to compare it with. */

import { BimixError } from '../errors/index.ts';
import type { DesignMethod } from './design-methods.ts';
import { allowedMixture } from './design-problem.ts';

export const givenDesign: DesignMethod = {
  name: 'given',
  title: 'mixtures of your own, from --mixtures',
  isTrial: true,
  mixtures: problem => {
    const named = Object.entries(problem.givenMixtures ?? {});
    if (named.length === 0) {
      throw new BimixError('missing-mixtures', 'missing mixtures: the method given needs some', {
        hint: 'Name them: --mixtures optimum.yaml,uniform,size.',
      });
    }
    return named.map(([name, mixture]) => allowedMixture(problem, name, mixture));
  },
};
