/**
 * Horvitz-Thompson weighting of shares shrunk by the sample coverage.
 *
 *   H = -sum_x p_x ln(p_x) / (1 - (1 - p_x)^n),  p_x = C c_x / n,  C = 1 - f_1 / n
 *
 * Chao & Shen 2003, "Nonparametric estimation of Shannon's index of diversity when there are unseen species in sample". A
 * sample of singletons only would have C = 0; one singleton fewer is counted then, as R's `entropy` package does.
 */

import { compensatedSum } from './compensated-sum.ts';
import type { Estimator } from './estimator.ts';
import { symbolsSeenTimes } from './sample-coverage.ts';
import { sampleSize } from './spectrum.ts';

export const chaoShen: Estimator = {
  name: 'chao-shen',
  title: 'Chao-Shen',
  formula: 'H = -sum_x p_x ln(p_x) / (1 - (1 - p_x)^n), p_x = (1 - f_1 / n) c_x / n',
  source: 'Chao & Shen 2003, "Nonparametric estimation of Shannon\'s index of diversity"',
  misleads:
    'Too high when most symbols have been seen but many only once or twice; too low where a long tail is mostly unseen; without singletons no better than the plug-in.',
  isCorrected: true,
  estimate(spectrum) {
    const { counts, multiplicities } = spectrum;
    const n = sampleSize(spectrum);
    const singletons = symbolsSeenTimes(spectrum, 1);
    const coverage = 1 - (singletons === n ? n - 1 : singletons) / n;
    return compensatedSum(counts.length, i => {
      const p = (coverage * counts[i]) / n;
      if (p === 1) return 0;
      const seen = -Math.expm1(n * Math.log1p(-p));
      return (-multiplicities[i] * p * Math.log(p)) / seen;
    });
  },
};
