/**
 * A sum of powers, one of each share.
 *
 *   L(r, x) = sum_j F_j max(r_j, SHARE_FLOOR)^-a_j (1 + B x^-beta)        F_j, a_j >= 0
 *
 * The `bimix` regression of Olmix (Chen et al. 2026, arXiv 2602.12237), with a power of the volume so that checkpoints can be
 * fitted. The sum is infinite where any share is 0, hence the floor. A light ridge holds the exponents: that of a source never
 * seen near 0 is otherwise free to explode. x = s / s_max; L in nats per token.
 */

import type { Law, LossOfShares, PriorTerm, TargetShape } from './law.ts';
import { type BoundMixtureTerm, type MixtureTerm, nearTheirMean } from './mixture-term.ts';
import { timesVolume } from './volume-factor.ts';

/** Shares below this count as this. The optimizer gives no domain less. */
const SHARE_FLOOR = 1e-3;

/** F_1 to F_m, then a_1 to a_m. */
const term: MixtureTerm = {
  parameters: ({ domains }) => [
    ...domains.map(
      domain =>
        ({
          name: `F.${domain}`,
          symbol: `F[${domain}]`,
          scale: 'log',
          lower: -18,
          upper: 6,
          meaning: `what ${domain} leaves of the loss at a share of 1 after endless data, nats per token`,
        }) as const,
    ),
    ...domains.map(
      domain =>
        ({
          name: `a.${domain}`,
          symbol: `a[${domain}]`,
          scale: 'linear',
          lower: 0,
          upper: 3,
          meaning: `how fast that part falls as the share of ${domain} grows`,
        }) as const,
    ),
  ],
  priors: ({ domains }) => {
    const m = domains.length;
    const exponents = domains.map((_, j): PriorTerm => ({ terms: [[m + j, 1]], mean: 0.1, sd: 0.15 }));
    return [...nearTheirMean([...domains.keys()], 2), ...exponents];
  },
  starts: ({ domains }, level) => {
    const m = domains.length;
    return [0.05, 0.2].map(a =>
      Float64Array.from({ length: 2 * m }, (_, k) => (k < m ? Math.log(level / (m * m ** a)) : a)),
    );
  },
  bind,
  loss,
};

/**
 * A sum of powers of the shares.
 *
 * @example
 * ```js
 * import { fitLaw, sumOfPowers } from 'bimix';
 *
 * const law = fitLaw(table, sumOfPowers, { check: false });
 * ```
 */
export const sumOfPowers: Law = {
  name: 'sum-of-powers',
  title: 'Sum of powers',
  formula: 'L = Σ F_j · r_j^-a_j · (1 + B · x^-β)',
  source: 'the bimix regression of Olmix, Chen et al. 2026, arXiv 2602.12237, with a power of the volume',
  zeroShares:
    'a share below 0.001 counts as 0.001, since the law is infinite at 0; the optimizer keeps every domain at 0.001 or more',
  convexity:
    'each loss is a sum of convex powers of one share each (F, a, B ≥ 0; shares of 0.001 or more), so any weighted mean of losses is convex and its optimum over those mixtures is global',
  convex: true,
  needsOwnDomain: false,
  knowsSize: false,
  robust: true,
  smallestShare: SHARE_FLOOR,
  runsWanted: domains => 3 * domains,
  ...timesVolume(term),
};

function bind({ domains }: TargetShape, shares: Float64Array): BoundMixtureTerm {
  const m = domains.length;
  const logShares = shares.map(share => Math.log(Math.max(share, SHARE_FLOOR)));
  return {
    evaluate: (theta, values, slopes) => {
      for (let run = 0; run < values.length; run++) {
        let sum = 0;
        for (let j = 0; j < m; j++) {
          const log = logShares[run * m + j];
          const part = Math.exp(theta[j] - theta[m + j] * log);
          sum += part;
          if (slopes === undefined) continue;
          slopes[2 * run * m + j] = part;
          slopes[2 * run * m + m + j] = -part * log;
        }
        values[run] = sum;
      }
    },
  };
}

function loss({ domains }: TargetShape, theta: Float64Array, offset: number, scale: number): LossOfShares {
  const m = domains.length;
  const part = (r: Float64Array, j: number): number =>
    scale * Math.exp(theta[j]) * Math.max(r[j], SHARE_FLOOR) ** -theta[m + j];
  return {
    falling: true,
    value: r => domains.reduce((sum, _, j) => sum + part(r, j), offset),
    addGradient: (r, weight, gradient) => {
      let sum = offset;
      for (let j = 0; j < m; j++) {
        const own = part(r, j);
        sum += own;
        if (r[j] >= SHARE_FLOOR) gradient[j] -= (weight * theta[m + j] * own) / r[j];
      }
      return sum;
    },
    addHessian: (r, weight, hessian) => {
      for (let j = 0; j < m; j++) {
        if (r[j] < SHARE_FLOOR) continue;
        const a = theta[m + j];
        hessian[j * m + j] += (weight * a * (a + 1) * part(r, j)) / (r[j] * r[j]);
      }
    },
  };
}
