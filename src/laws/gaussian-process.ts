/**
 * Gaussian process: losses as a smooth function of the mixture, of no particular form.
 *
 *   log L(r, x) = log W + log(1 + B x^-beta) + G(cbrt(r_1), ..., cbrt(r_m))
 *
 * G is a Gaussian process with the Matern 5/2 kernel and a length scale for each domain (Rasmussen & Williams 2006), trained
 * on the mean log residual of each run. x = s / s_max; L in nats per token. Predicts only: it is not convex in r.
 */

import { constantTerm } from './constant-term.ts';
import type { Law } from './law.ts';
import { timesVolume } from './volume-factor.ts';

/**
 * A Gaussian process on shares and volume. It predicts; it cannot be optimized.
 *
 * @example
 * ```js
 * import { fitLaw, gaussianProcess } from 'bimix';
 *
 * const law = fitLaw(table, gaussianProcess, { check: false });
 * ```
 */
export const gaussianProcess: Law = {
  name: 'gp',
  title: 'Gaussian process',
  formula: 'log L = log W + log(1 + B · x^-β) + G(∛r),   G a Gaussian process',
  source: 'Rasmussen & Williams 2006, Matérn 5/2 kernel with a length scale for each domain',
  zeroShares: 'exact: zero is a share like any other',
  convexity: 'not convex in the mixture: it predicts and is not optimized',
  convex: false,
  needsOwnDomain: false,
  knowsSize: false,
  robust: false,
  smallestShare: 0,
  runsWanted: domains => 2 * domains,
  ...timesVolume(constantTerm),
  priors: () => [],
  blind: true,
  correction: 'gaussian-process',
};
