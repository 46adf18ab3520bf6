/**
 * The entropy of the sample itself, used as the entropy of its source.
 *
 *   H = -sum_x (c_x / n) ln(c_x / n)
 *
 * Biased low by about (K - 1) / (2 n) when every symbol has been seen often, and by more when many have not been seen.
 */

import { compensatedSum } from './compensated-sum.ts';
import type { Estimator } from './estimator.ts';
import { type Spectrum, sampleSize } from './spectrum.ts';

export const plugIn: Estimator = {
  name: 'plug-in',
  title: 'Plug-in',
  formula: 'H = -sum_x (c_x / n) ln(c_x / n)',
  source: 'maximum likelihood; the proxies of Ge et al. 2024 (arXiv 2405.14908), Section 4',
  misleads: 'Too low wherever rare symbols matter: a domain with fewer tokens looks less diverse than it is.',
  isCorrected: false,
  estimate(spectrum) {
    return sampleEntropy(spectrum);
  },
};

/** Entropy of the sample in nats, at least 0 and at most ln K. */
export function sampleEntropy(spectrum: Spectrum): number {
  const { counts, multiplicities } = spectrum;
  const n = sampleSize(spectrum);
  return compensatedSum(counts.length, i => (multiplicities[i] * counts[i] * surprise(counts[i], n)) / n);
}

/** -ln(count / n), to full relative precision where one symbol is nearly the whole sample. */
function surprise(count: number, n: number): number {
  return count > n / 2 ? -Math.log1p(-(n - count) / n) : -Math.log(count / n);
}
