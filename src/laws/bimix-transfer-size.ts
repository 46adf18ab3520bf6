/**
 * BiMix with transfer for runs of several model sizes.
 *
 *   L(r, x, n) = E + e(r)^-alpha (C + B x^-beta + A n^-nu)
 *
 * e(r) as in `bimix-transfer.ts`; x = s / s_max and n = N / N_max, N the parameters of the model; L in nats per token. The
 * sum of powers of data and model is that of Hoffmann et al. 2022 (arXiv 2203.15556), Eq. 2, one for each mixture. With runs
 * of one size, A n^-nu cannot be distinguished from C: the law is then `bimix-transfer`, and predicts at that size only.
 *
 * nu is held near 0.1, where doubling the model takes nearly as much off each time: two or three sizes do not settle it.
 */

import { bimixTransfer } from './bimix-transfer.ts';
import type { Law } from './law.ts';

const { transfer: _, ...form } = bimixTransfer;

/**
 * `bimixTransfer` over runs of several model sizes.
 *
 * @example
 * ```js
 * import { bimixTransferSize } from 'bimix';
 *
 * const severalSizes = bimixTransferSize.knowsSize; // true
 * ```
 */
export const bimixTransferSize: Law = {
  ...form,
  name: 'bimix-transfer-size',
  title: 'BiMix with transfer and model size',
  formula: 'L = E + e^-α · (C + B · x^-β + A · n^-ν),   e = r_own^ρ + Σ t_j · r_j^σ',
  source: 'bimix-transfer, with a power of the model size as in Hoffmann et al. 2022, arXiv 2203.15556, Eq. 2',
  convexity: `at fixed volume and size ${bimixTransfer.convexity}`,
  knowsSize: true,
};
