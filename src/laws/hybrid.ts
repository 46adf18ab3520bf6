/**
 * BiMix with transfer, and a Gaussian process for what it leaves unexplained.
 *
 *   log L(r, x) = log(E + e(r)^-alpha (C + B x^-beta)) + G(cbrt(r_1), ..., cbrt(r_m))
 *
 * The law is fitted first (see bimix-transfer.ts), then G, as in gaussian-process.ts, to the mean log residual of each run;
 * where it does not predict runs left out, there is no G. Predicts only: G is not convex in r.
 */

import { bimixTransfer } from './bimix-transfer.ts';
import type { Law } from './law.ts';

/**
 * `bimixTransfer` with a Gaussian process on what it leaves unexplained. It predicts; it cannot be optimized.
 *
 * @example
 * ```js
 * import { fitLaw, hybrid } from 'bimix';
 *
 * const law = fitLaw(table, hybrid, { check: false });
 * ```
 */
export const hybrid: Law = {
  ...bimixTransfer,
  name: 'hybrid',
  title: 'BiMix with transfer and a Gaussian process',
  formula: 'log L = log(E + e^-α · (C + B · x^-β)) + G(∛r),   e = r_own^ρ + Σ t_j · r_j^σ,   G a Gaussian process',
  source: 'BiMix with transfer; Rasmussen & Williams 2006 for its residuals',
  convexity: 'the law is convex in the mixture, its correction is not: it predicts and is not optimized',
  convex: false,
  runsWanted: domains => 8 * domains,
  correction: 'gaussian-process',
};
