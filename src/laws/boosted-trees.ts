/**
 * Boosted trees: losses as a sum of regression trees, after Liu et al. 2024 (RegMix, arXiv 2407.01492), who fit one
 * gradient-boosted regression a target.
 *
 *   log L(r, x) = log W + log(1 + B x^-beta) + F(r_1, ..., r_m, log x)
 *
 * F is trained on the log residuals of all checkpoints. The volume term is added here, so that checkpoints have a trend that
 * trees, flat beyond the data, do not. x = s / s_max; L in nats per token. Predicts only: it is not convex in r.
 */

import { constantTerm } from './constant-term.ts';
import type { Law } from './law.ts';
import { timesVolume } from './volume-factor.ts';

/**
 * Boosted regression trees on shares and volume. It predicts; it cannot be optimized.
 *
 * @example
 * ```js
 * import { fitLaw, boostedTrees } from 'bimix';
 *
 * const law = fitLaw(table, boostedTrees, { check: false });
 * ```
 */
export const boostedTrees: Law = {
  name: 'trees',
  title: 'Boosted trees',
  formula: 'log L = log W + log(1 + B · x^-β) + F(r, log x),   F a sum of regression trees',
  source: 'the gradient-boosted regression of Liu et al. 2024, arXiv 2407.01492, with a power of the volume',
  zeroShares: 'exact: zero is a share like any other, and so is every share below the first split',
  convexity: 'a step function of the mixture: it predicts and is not optimized',
  convex: false,
  needsOwnDomain: false,
  knowsSize: false,
  robust: false,
  smallestShare: 0,
  runsWanted: domains => 4 * domains,
  ...timesVolume(constantTerm),
  priors: () => [],
  blind: true,
  correction: 'boosted-trees',
};
