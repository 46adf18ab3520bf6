/**
 * Entropy from the slopes of the curve of distinct symbols against sample size: unbiased for what the sample shows, and for
 * the rest an estimate from the symbols seen once and twice.
 *
 *   H = sum_{c_x < n} (c_x / n) sum_{k = c_x}^{n - 1} 1/k  +  (f_1 / n) (1 - A)^(1 - n) sum_{r >= n} (1 - A)^r / r
 *   A = 2 f_2 / ((n - 1) f_1 + 2 f_2),  or 2 / ((n - 1) (f_1 - 1) + 2) when f_2 = 0
 *
 * Chao, Wang & Jost 2013, "Entropy and the species accumulation curve: a novel entropy estimator via discovery rates of
 * new species". Their -ln A - sum_{r < n} is written as the tail sum_{r >= n}, which does not cancel.
 */

import { compensatedSum } from './compensated-sum.ts';
import type { Estimator } from './estimator.ts';
import { harmonicSum } from './harmonic-sum.ts';
import { symbolsSeenTimes } from './sample-coverage.ts';
import { sampleSize } from './spectrum.ts';

export const chaoWangJost: Estimator = {
  name: 'chao-wang-jost',
  title: 'Chao-Wang-Jost',
  formula:
    'H = sum_x (c_x / n) sum_{k = c_x}^{n - 1} 1/k + (f_1 / n) (1 - A)^(1 - n) sum_{r >= n} (1 - A)^r / r, A = 2 f_2 / ((n - 1) f_1 + 2 f_2)',
  source: 'Chao, Wang & Jost 2013, "Entropy and the species accumulation curve"',
  misleads: 'Too low when the tail of rare symbols is much longer than the symbols seen once and twice suggest.',
  isCorrected: true,
  estimate(spectrum) {
    const { counts, multiplicities } = spectrum;
    const n = sampleSize(spectrum);
    const shown = compensatedSum(counts.length, i => (multiplicities[i] * counts[i] * harmonicSum(counts[i], n)) / n);
    const once = symbolsSeenTimes(spectrum, 1);
    if (once === 0) return shown;
    const twice = symbolsSeenTimes(spectrum, 2);
    const rest = twice > 0 ? (n - 1) * once : (n - 1) * (once - 1);
    const few = twice > 0 ? 2 * twice : 2;
    return shown + (once / n) * discoveryTail(n, few / (rest + few), rest / (rest + few));
  },
};

/** (1 - a)^(1 - n) sum_{r >= n} (1 - a)^r / r, where `q` is 1 - a. */
function discoveryTail(n: number, a: number, q: number): number {
  if (q === 0) return 0;
  return (n - 1) * a < 1 ? tailBySeries(n, a) : tailByFraction(n, q);
}

/** -ln a less its first n - 1 terms, H_{n-1} - sum_k (-1)^(k+1) binomial(n - 1, k) a^k / k; converges like exp. */
function tailBySeries(n: number, a: number): number {
  let term = -1;
  let series = 0;
  for (let k = 1; k < n; k++) {
    term *= (-(n - k) * a) / k;
    series += term / k;
    if (Math.abs(term) < 1e-18) break;
  }
  return Math.exp((1 - n) * Math.log1p(-a)) * (-Math.log(a) - harmonicSum(1, n) + series);
}

/** (q / n) times the continued fraction of the incomplete beta function B(q; n, 0), by Lentz's method: DLMF 8.17.22. */
function tailByFraction(n: number, q: number): number {
  let c = 1;
  let d = 1 / (1 - (n * q) / (n + 1));
  let fraction = d;
  for (let m = 1; m < 1000; m++) {
    const even = (-m * m * q) / ((n + 2 * m - 1) * (n + 2 * m));
    d = 1 / (1 + even * d);
    c = 1 + even / c;
    fraction *= d * c;
    const odd = (-(n + m) * (n + m) * q) / ((n + 2 * m) * (n + 2 * m + 1));
    d = 1 / (1 + odd * d);
    c = 1 + odd / c;
    fraction *= d * c;
    if (Math.abs(d * c - 1) < 1e-16) break;
  }
  return (q / n) * fraction;
}
