/** One loss for all mixtures: what a law knows that leaves mixtures to a regression. */

import type { MixtureTerm } from './mixture-term.ts';

export const constantTerm: MixtureTerm = {
  parameters: () => [
    {
      name: 'W',
      symbol: 'W',
      scale: 'log',
      lower: -18,
      upper: 6,
      meaning: 'loss after endless data of a middling mixture, nats per token',
    },
  ],
  priors: () => [],
  starts: (_, level) => [Float64Array.of(Math.log(level))],
  bind: () => ({
    evaluate: (theta, values, slopes) => {
      const level = Math.exp(theta[0]);
      values.fill(level);
      slopes?.fill(level);
    },
  }),
  loss: (_, theta, offset, scale) => {
    const loss = offset + scale * Math.exp(theta[0]);
    return { value: () => loss, addGradient: () => loss, addHessian: () => {} };
  },
};
