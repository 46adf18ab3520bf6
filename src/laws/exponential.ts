/**
 * The data mixing law: the loss falls exponentially with the shares, down to a floor.
 *
 *   L(r, x) = (c + exp(sum_j t_j r_j)) (1 + B x^-beta)
 *
 * Ye et al. 2024 (arXiv 2403.16952), law M4: c + k exp(sum_j t_j r_j), with a power of the volume so that checkpoints can be
 * fitted. Shares sum to one, so that k and an offset of all t_j are one and the same: k is fixed at 1. x = s / s_max; L in nats
 * per token.
 */

import { exponentialTerm } from './exponential-term.ts';
import type { Law } from './law.ts';
import { timesVolume } from './volume-factor.ts';

/**
 * The exponential mixing law (Ye et al. 2024): a constant plus the exponential of a linear form in the shares.
 *
 * @example
 * ```js
 * import { fitLaw, exponential } from 'bimix';
 *
 * const law = fitLaw(table, exponential, { check: false });
 * ```
 */
export const exponential: Law = {
  name: 'exponential',
  title: 'Exponential data mixing law',
  formula: 'L = (c + exp(Σ t_j · r_j)) · (1 + B · x^-β)',
  source: 'Ye et al. 2024, arXiv 2403.16952, law M4 with k = 1, with a power of the volume',
  zeroShares: 'exact: a domain with no tokens adds nothing; the optimizer may go to 0',
  convexity:
    'each loss is a constant plus the exponential of a linear function of the mixture, so any weighted mean of losses is convex and its optimum is global',
  convex: true,
  needsOwnDomain: false,
  knowsSize: false,
  robust: true,
  smallestShare: 0,
  runsWanted: domains => 2 * domains,
  ...timesVolume(
    exponentialTerm(
      true,
      't',
      domain => `logarithm of what is left above the floor after endless data of ${domain} alone`,
    ),
  ),
};
