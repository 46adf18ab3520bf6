/** A wide table of runs simulated from a known law, for tests of the whole way through. */

import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/** L = r^-alpha (B x^-beta + C) with x = tokens / 10B, by domain. */
export const TRUE_COEFFICIENTS: Readonly<Record<string, { C: number; alpha: number; B: number; beta: number }>> = {
  web: { C: 2.8, alpha: 0.03, B: 0.3, beta: 0.4 },
  code: { C: 1.1, alpha: 0.12, B: 0.15, beta: 0.5 },
  books: { C: 2.9, alpha: 0.05, B: 0.25, beta: 0.45 },
};

const SIMULATED_TOKENS = [2e9, 4e9, 6e9, 8e9, 10e9];

/**
 * CSV with the columns run, tokens, weight_<domain> and <domain>_loss.
 *
 * @param noise standard deviation of each log loss
 */
export function simulatedCsv(runs: number, noise: number, seed = 1): string {
  const random = xoroshiro128plus(seed);
  const uniform = (): number => uniformFloat64(random);
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
  const domains = Object.keys(TRUE_COEFFICIENTS);
  const lines = [['run', 'tokens', ...domains.map(d => `weight_${d}`), ...domains.map(d => `${d}_loss`)].join(',')];
  for (let run = 0; run < runs; run++) {
    const weights = domains.map(() => 0.05 - Math.log(1 - uniform()));
    const sum = weights.reduce((a, b) => a + b, 0);
    const shares = weights.map(weight => weight / sum);
    for (const tokens of SIMULATED_TOKENS) {
      const losses = domains.map((domain, j) => {
        const { C, alpha, B, beta } = TRUE_COEFFICIENTS[domain];
        return shares[j] ** -alpha * (B * (tokens / 10e9) ** -beta + C) * Math.exp(noise * normal());
      });
      lines.push([`run${String(run).padStart(2, '0')}`, tokens, ...shares, ...losses].join(','));
    }
  }
  return `${lines.join('\n')}\n`;
}
