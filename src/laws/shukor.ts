/**
 * The additive law of optimal data mixtures: mixture, data volume and model size each have a term of their own.
 *
 *   L(r, x, n) = E + 1 / S(r) + B x^-beta + A n^-a,   S(r) = sum_j C_j r_j^g_j        C_j >= 0, 0 < g_j <= 1
 *
 * Shukor et al. 2025 (arXiv 2507.09404), the additive law. x = s / s_max, n = N / N_max; L in nats per token. With g_j <= 1 S
 * is concave and 1 / S convex, so that the optimum is global; the paper leaves g_j free. A light ridge holds C and g: the
 * exponent of a source never seen near 0 is not determined.
 */

import { effectiveShareLoss } from './effective-share.ts';
import type { Law, PriorTerm, TargetShape } from './law.ts';
import { type BoundMixtureTerm, type MixtureTerm, nearTheirMean } from './mixture-term.ts';
import { plusVolume } from './volume-summand.ts';

/** Added to S, so that a target has a finite loss even where no domain that helps it is drawn. */
const S_FLOOR = 1e-3;

/** E, then C_1 to C_m, then g_1 to g_m. */
export const inverseShareTerm: MixtureTerm = {
  parameters: ({ domains }) => [
    {
      name: 'E',
      symbol: 'E',
      scale: 'log',
      lower: -18,
      upper: 6,
      meaning: 'floor that no mixture and no volume goes below, nats per token',
    },
    ...domains.map(
      domain =>
        ({
          name: `C.${domain}`,
          symbol: `C[${domain}]`,
          scale: 'log',
          lower: -12,
          upper: 8,
          meaning: `help from ${domain}: 1 / C is the loss above E with nothing else, per nat per token`,
        }) as const,
    ),
    ...domains.map(
      domain =>
        ({
          name: `g.${domain}`,
          symbol: `g[${domain}]`,
          scale: 'linear',
          lower: 0.02,
          upper: 1,
          meaning: `how quickly more of ${domain} stops helping; 1 is not at all`,
        }) as const,
    ),
  ],
  priors: ({ domains }) => {
    const m = domains.length;
    const exponents = domains.map((_, j): PriorTerm => ({ terms: [[1 + m + j, 1]], mean: 0.6, sd: 0.3 }));
    return [
      { terms: [[0, 1]], mean: 0, sd: 2 },
      ...nearTheirMean(
        domains.map((_, j) => 1 + j),
        2,
      ),
      ...exponents,
    ];
  },
  starts: ({ domains, own }, level) => {
    const m = domains.length;
    return [0.3, 0.7].map(part => {
      const theta = new Float64Array(1 + 2 * m);
      theta[0] = Math.log(part * level);
      // S = 1 / ((1 - part) level) where all shares are 1 / m.
      theta.fill(Math.log(m ** 0.6 / (m * (1 - part) * level)), 1, 1 + m);
      if (own >= 0) theta[1 + own] += 0.5;
      theta.fill(0.6, 1 + m);
      return theta;
    });
  },
  bind,
  loss: ({ domains }, theta, offset, scale) => {
    const m = domains.length;
    const weights = theta.slice(1, 1 + m).map(Math.exp);
    return effectiveShareLoss(weights, theta.slice(1 + m), S_FLOOR, offset + scale * Math.exp(theta[0]), scale, 1);
  },
};

/**
 * The additive law of Shukor et al. 2025.
 *
 * @example
 * ```js
 * import { fitLaw, shukor } from 'bimix';
 *
 * const law = fitLaw(table, shukor, { check: false });
 * ```
 */
export const shukor: Law = {
  name: 'shukor',
  title: 'Additive law of optimal data mixtures',
  formula: 'L = E + 1 / Σ C_j · r_j^g_j + B · x^-β + A · n^-a',
  source: 'Shukor et al. 2025, arXiv 2507.09404, the additive law with g ≤ 1',
  zeroShares: 'exact: 0^g = 0, a domain with no tokens adds nothing; the optimizer may go to 0',
  convexity:
    'Σ C_j r_j^g_j is concave in r (C ≥ 0, 0 < g ≤ 1), so its inverse is convex, and so is each loss; any weighted mean of losses is convex and its optimum is global',
  convex: true,
  needsOwnDomain: false,
  knowsSize: true,
  robust: true,
  smallestShare: 0,
  runsWanted: domains => 3 * domains,
  ...plusVolume(inverseShareTerm),
};

function bind({ domains }: TargetShape, shares: Float64Array): BoundMixtureTerm {
  const m = domains.length;
  const q = 1 + 2 * m;
  const logShares = shares.map(Math.log);
  return {
    evaluate: (theta, values, slopes) => {
      const floor = Math.exp(theta[0]);
      slopes?.fill(0);
      for (let run = 0; run < values.length; run++) {
        let sum = S_FLOOR;
        for (let j = 0; j < m; j++) {
          if (shares[run * m + j] === 0) continue;
          const log = logShares[run * m + j];
          const part = Math.exp(theta[1 + j] + theta[1 + m + j] * log);
          sum += part;
          if (slopes === undefined) continue;
          slopes[run * q + 1 + j] = part;
          slopes[run * q + 1 + m + j] = part * log;
        }
        values[run] = floor + 1 / sum;
        if (slopes === undefined) continue;
        for (let k = 1; k < q; k++) slopes[run * q + k] /= -sum * sum;
        slopes[run * q] = floor;
      }
    },
  };
}
