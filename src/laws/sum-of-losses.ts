/** A loss that is a sum of parts, each a function of the mixture. */

import type { LossOfShares } from './law.ts';

export function sumOfLosses(parts: readonly LossOfShares[]): LossOfShares {
  return {
    falling: parts.every(part => part.falling === true),
    value: r => parts.reduce((sum, part) => sum + part.value(r), 0),
    addGradient: (r, weight, gradient) => parts.reduce((sum, part) => sum + part.addGradient(r, weight, gradient), 0),
    addHessian: (r, weight, hessian) => {
      for (const part of parts) part.addHessian(r, weight, hessian);
    },
  };
}
