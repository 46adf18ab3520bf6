/**
 * How much the domains' tokens overlap: the Jensen-Shannon divergence of their unigram distributions.
 *
 *   JS(P, Q) = KL(P, M) / 2 + KL(Q, M) / 2,  M = (P + Q) / 2
 *
 * Lin 1991, "Divergence measures based on the Shannon entropy". 0 when the distributions are equal, ln 2 nats when they share
 * no token. It is taken of the samples as they are: two samples of one source with K tokens in use are about
 * (K - 1) (1 / n + 1 / m) / 8 nats apart.
 */

import { BimixError } from '../errors/index.ts';

export interface DivergenceMatrix {
  readonly domains: readonly string[];
  /** Symmetric, 0 on the diagonal, in nats: at most ln 2. */
  readonly nats: readonly (readonly number[])[];
  /** The same as a part of ln 2: 0 to 1. */
  readonly normalized: readonly (readonly number[])[];
}

/**
 * Between all pairs of domains.
 *
 * @param counts by domain: occurrences of each token id, all of one vocabulary
 * @throws BimixError `missing-tokens`, `invalid-vocabulary`
 */
export function divergenceMatrix(counts: Readonly<Record<string, Float64Array>>): DivergenceMatrix {
  const domains = Object.keys(counts);
  const shares = domains.map(domain => sharesOf(domain, counts[domain]));
  shares.forEach((vector, j) => {
    if (vector.length !== shares[0].length) {
      const message = `invalid vocabulary: "${domains[j]}" has ${vector.length} token ids, "${domains[0]}" has ${shares[0].length}`;
      throw new BimixError('invalid-vocabulary', message, { hint: 'Count all domains with one tokenizer.' });
    }
  });
  const nats = domains.map(() => new Array<number>(domains.length).fill(0));
  for (let i = 0; i < domains.length; i++) {
    for (let j = i + 1; j < domains.length; j++) {
      nats[i][j] = jensenShannon(shares[i], shares[j]);
      nats[j][i] = nats[i][j];
    }
  }
  return { domains, nats, normalized: nats.map(row => row.map(value => Math.min(1, value / Math.LN2))) };
}

function sharesOf(domain: string, counts: Float64Array): Float64Array {
  let total = 0;
  for (const count of counts) total += count;
  if (!(total > 0)) throw new BimixError('missing-tokens', `missing tokens: none of "${domain}" were counted`);
  return counts.map(count => count / total);
}

/** In nats, of two distributions of one length. */
function jensenShannon(p: Float64Array, q: Float64Array): number {
  let sum = 0;
  for (let x = 0; x < p.length; x++) {
    const middle = (p[x] + q[x]) / 2;
    if (p[x] > 0) sum += p[x] * Math.log(p[x] / middle);
    if (q[x] > 0) sum += q[x] * Math.log(q[x] / middle);
  }
  return Math.min(Math.LN2, Math.max(0, sum / 2));
}
