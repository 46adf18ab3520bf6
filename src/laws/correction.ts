/**
 * What a law leaves unexplained, learned by a regression without a formula and added to its log losses. Flexible where runs
 * are many; convexity is lost, so such a law predicts and is not optimized.
 */

import type { Regression } from '../regression/index.ts';

/** Which features the regression reads. */
export type CorrectionFeatures = 'cube roots' | 'shares and volume';

export interface Correction {
  /**
   * `cube roots`: that of each share (m), which spreads small shares, where a little more matters most. `shares and volume`:
   * each share, then log x (m + 1).
   */
  readonly features: CorrectionFeatures;
  readonly regression: Regression;
}

/** Features of a mixture at volume x = s / s_max, one row. */
export function correctionFeatures(features: CorrectionFeatures, shares: Float64Array, volume: number): Float64Array {
  return features === 'cube roots' ? shares.map(Math.cbrt) : Float64Array.from([...shares, Math.log(volume)]);
}
