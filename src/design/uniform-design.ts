/** The same share of tokens to every domain. */

import { makeMixture } from '../mixture/index.ts';
import type { DesignMethod } from './design-methods.ts';
import { allowedMixture } from './design-problem.ts';

export const uniformDesign: DesignMethod = {
  name: 'uniform',
  title: 'every domain the same share',
  mixtures: problem => {
    const { domains } = problem;
    const even = makeMixture(Object.fromEntries(domains.map(domain => [domain, 1 / domains.length])));
    return [allowedMixture(problem, 'uniform', even)];
  },
};
