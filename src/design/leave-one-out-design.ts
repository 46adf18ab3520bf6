/** The prior mixture, and the same without each domain in turn: what each domain is good for, one run a domain. */

import { makeMixture } from '../mixture/index.ts';
import type { DesignMethod } from './design-methods.ts';
import { allowedMixture } from './design-problem.ts';

export const leaveOneOutDesign: DesignMethod = {
  name: 'leave-one-out',
  title: 'the prior mixture, and the same without each domain in turn',
  mixtures: problem => {
    const { domains, prior } = problem;
    const without = domains.map((left, k) => {
      const shares = domains.map((domain, j) => [domain, j === k ? 0 : prior.proportions[j]] as const);
      const name = `without-${left}`;
      return allowedMixture(
        problem,
        name,
        makeMixture(Object.fromEntries(shares), { sumTolerance: Number.POSITIVE_INFINITY, name }),
      );
    });
    return [allowedMixture(problem, 'all', prior), ...without];
  },
};
