/**
 * The log-linear law: each token lowers the loss by the same part of it.
 *
 *   L(r, x) = exp(sum_j w_j r_j) (1 + B x^-beta)
 *
 * The linear regression of Liu et al. 2024 (RegMix, arXiv 2407.01492) on logarithms of losses, with a power of the volume so
 * that checkpoints can be fitted; the exponential law without its floor. Shares sum to one, so that it needs no intercept, and
 * w_j is the log loss of a model trained on domain j alone. x = s / s_max; L in nats per token.
 */

import { exponentialTerm } from './exponential-term.ts';
import type { Law } from './law.ts';
import { timesVolume } from './volume-factor.ts';

/**
 * Log losses linear in the shares.
 *
 * @example
 * ```js
 * import { fitLaw, logLinear } from 'bimix';
 *
 * const law = fitLaw(table, logLinear, { check: false });
 * ```
 */
export const logLinear: Law = {
  name: 'log-linear',
  title: 'Log-linear',
  formula: 'L = exp(Σ w_j · r_j) · (1 + B · x^-β)',
  source: 'the linear regression of Liu et al. 2024, arXiv 2407.01492, on log losses, with a power of the volume',
  zeroShares: 'exact: a domain with no tokens adds nothing; the optimizer may go to 0',
  convexity:
    'the logarithm of each loss is linear in the mixture, so each loss is convex, and any weighted mean of losses is; its optimum is global',
  convex: true,
  needsOwnDomain: false,
  knowsSize: false,
  robust: false,
  smallestShare: 0,
  runsWanted: domains => 2 * domains,
  ...timesVolume(exponentialTerm(false, 'w', domain => `logarithm of the loss after endless data of ${domain} alone`)),
};
