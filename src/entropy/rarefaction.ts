/**
 * The entropy a smaller sample would have had: what to hold a small domain against when a large one was counted whole.
 *
 *   E[H_m] = -sum_x sum_k P(k of m) (k / m) ln(k / m),  P hypergeometric: k of the c_x among m of n drawn without replacement
 *
 * Individual-based rarefaction, as of Hurlbert 1971, for the plug-in entropy. It draws tokens one by one, not documents, so it
 * is a little above what that many tokens in whole documents have, where words repeat.
 */

import { compensatedSum } from './compensated-sum.ts';
import { type Spectrum, sampleSize } from './spectrum.ts';

/** From this many expected draws on, two terms of the expansion around the mean are exact to 1e-7. */
const MANY = 1000;
/** Weights below this part of the largest are left out. */
const NEGLIGIBLE = 1e-18;

/**
 * Expected plug-in entropy, in nats, of `size` of the n counted.
 *
 * @param size a whole number, 1 to n
 */
export function rarefiedEntropy(spectrum: Spectrum, size: number): number {
  const { counts, multiplicities } = spectrum;
  const n = sampleSize(spectrum);
  return compensatedSum(counts.length, i => multiplicities[i] * expectedTerm(counts[i], n, size));
}

/** E[-(k / m) ln(k / m)] for a symbol of `count`. */
function expectedTerm(count: number, n: number, m: number): number {
  const mean = (count * m) / n;
  if (mean > MANY) {
    const variance = n > 1 ? (mean * (1 - count / n) * (n - m)) / (n - 1) : 0;
    return term(mean, m) - variance / (2 * m * mean);
  }
  const least = Math.max(0, m - (n - count));
  const most = Math.min(count, m);
  const mode = Math.min(most, Math.max(least, Math.floor(((m + 1) * (count + 1)) / (n + 2))));
  let total = 1;
  let sum = term(mode, m);
  let weight = 1;
  for (let k = mode; k < most && weight > NEGLIGIBLE; k++) {
    weight *= ((count - k) * (m - k)) / ((k + 1) * (n - count - m + k + 1));
    total += weight;
    sum += weight * term(k + 1, m);
  }
  weight = 1;
  for (let k = mode; k > least && weight > NEGLIGIBLE; k--) {
    weight *= (k * (n - count - m + k)) / ((count - k + 1) * (m - k + 1));
    total += weight;
    sum += weight * term(k - 1, m);
  }
  return sum / total;
}

function term(k: number, m: number): number {
  return k > 0 ? (-k / m) * Math.log(k / m) : 0;
}
