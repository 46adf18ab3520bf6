/**
 * The linear law: each token is worth the same however many there are of its kind.
 *
 *   L(r, x) = sum_j W_j r_j (1 + B x^-beta)        W_j >= 0
 *
 * The linear regression of losses on shares of Liu et al. 2024 (RegMix, arXiv 2407.01492), with a power of the volume so that
 * checkpoints can be fitted. Shares sum to one, so that it needs no intercept, and W_j is the loss of a model trained on
 * domain j alone. x = s / s_max; L in nats per token.
 */

import type { Law, LossOfShares, TargetShape } from './law.ts';
import { type MixtureTerm, nearTheirMean } from './mixture-term.ts';
import { timesVolume } from './volume-factor.ts';

const term: MixtureTerm = {
  parameters: ({ domains }) =>
    domains.map(domain => ({
      name: `W.${domain}`,
      symbol: `W[${domain}]`,
      scale: 'log',
      lower: -18,
      upper: 6,
      meaning: `loss after endless data of ${domain} alone, nats per token`,
    })),
  priors: ({ domains }) => nearTheirMean([...domains.keys()], 1),
  starts: ({ domains }, level) => [new Float64Array(domains.length).fill(Math.log(level))],
  bind: (shape, shares) => {
    const m = shape.domains.length;
    return {
      evaluate: (theta, values, slopes) => {
        const weights = theta.map(Math.exp);
        for (let run = 0; run < values.length; run++) {
          let sum = 0;
          for (let j = 0; j < m; j++) {
            const part = weights[j] * shares[run * m + j];
            sum += part;
            if (slopes !== undefined) slopes[run * m + j] = part;
          }
          values[run] = sum;
        }
      },
    };
  },
  loss,
};

/**
 * Losses linear in the shares.
 *
 * @example
 * ```js
 * import { fitLaw, linear } from 'bimix';
 *
 * const law = fitLaw(table, linear, { check: false });
 * ```
 */
export const linear: Law = {
  name: 'linear',
  title: 'Linear',
  formula: 'L = Σ W_j · r_j · (1 + B · x^-β)',
  source: 'the linear regression of Liu et al. 2024, arXiv 2407.01492, with a power of the volume',
  zeroShares: 'exact: a domain with no tokens adds nothing; the optimizer may go to 0',
  convexity:
    'each loss is linear in the mixture, so any weighted mean of losses is, and its optimum is global: a corner of what the constraints allow',
  convex: true,
  needsOwnDomain: false,
  knowsSize: false,
  robust: false,
  smallestShare: 0,
  runsWanted: domains => 2 * domains,
  ...timesVolume(term),
};

function loss(_: TargetShape, theta: Float64Array, offset: number, scale: number): LossOfShares {
  const slopes = theta.map(weight => scale * Math.exp(weight));
  const value = (r: Float64Array): number => slopes.reduce((sum, slope, j) => sum + slope * r[j], offset);
  return {
    value,
    addGradient: (r, weight, gradient) => {
      for (let j = 0; j < slopes.length; j++) gradient[j] += weight * slopes[j];
      return value(r);
    },
    addHessian: () => {},
  };
}
