/** Shares proportional to the tokens there are. */

import { BimixError } from '../errors/index.ts';
import type { DesignMethod } from './design-methods.ts';
import { allowedMixture, hasTokensOfAll } from './design-problem.ts';

export const sizeDesign: DesignMethod = {
  name: 'size',
  title: 'proportional to the tokens available',
  mixtures: problem => {
    if (!hasTokensOfAll(problem.domains, problem.limits.tokensAvailable ?? {})) {
      throw new BimixError('missing-tokens-available', 'missing tokens available: size-proportional shares need them', {
        hint: 'Give them of every domain, in a file with lines such as "code: 12B", or as available: 12B in bimix.yaml.',
      });
    }
    return [allowedMixture(problem, 'size', problem.prior)];
  },
};
