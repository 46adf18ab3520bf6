/**
 * Mixtures from entropies, without a training run.
 *
 *   r_i = exp(H_i / T) / sum_j exp(H_j / T)        Ge et al. 2024 (arXiv 2405.14908), Eq. 13 with T = 1
 *
 * T below 1 favours the diverse domains more, T above 1 less. How many tokens a domain has plays no part: bound the mixture
 * by what there is before training on it. Shares are of tokens.
 */

import { BimixError } from '../errors/index.ts';
import { type Mixture, makeMixture } from '../mixture/index.ts';
import { TOKEN_ENTROPIES, type TokenEntropies } from './ngram-entropies.ts';

/** Entropies that can stand for a domain's worth. */
export const PROXIES = [...TOKEN_ENTROPIES, 'vonNeumann'] as const;

export type Proxy = (typeof PROXIES)[number];

/** What is known of a domain before any training. */
export interface DomainWorth extends TokenEntropies {
  readonly vonNeumann?: number;
  /** Tokens there are of it. */
  readonly tokens: number;
}

export interface ProxyMixture {
  readonly name: Proxy | 'size' | 'uniform';
  /** For tables and legends. */
  readonly title: string;
  readonly mixture: Mixture;
}

const TITLES: Readonly<Record<ProxyMixture['name'], string>> = {
  shannon: 'Shannon entropy',
  joint: 'joint entropy',
  conditional: 'conditional entropy',
  vonNeumann: 'von Neumann entropy',
  size: 'size-proportional',
  uniform: 'uniform',
};

/**
 * The mixture one proxy implies.
 *
 * @param entropies by domain, nats
 * @param temperature T, 1 unless said
 * @throws BimixError `missing-domains`, `invalid-temperature`, `invalid-entropy`
 */
export function entropyMixture(entropies: Readonly<Record<string, number>>, temperature = 1): Mixture {
  if (!(temperature > 0 && Number.isFinite(temperature))) {
    const message = `invalid temperature ${temperature}: expected a number above 0`;
    throw new BimixError('invalid-temperature', message, { hint: 'The published mixtures have temperature 1.' });
  }
  const entries = Object.entries(entropies);
  if (entries.length === 0) throw new BimixError('missing-domains', 'missing domains: there is nothing to mix');
  const wrong = entries.find(([, entropy]) => !(entropy >= 0 && Number.isFinite(entropy)));
  if (wrong !== undefined) {
    const message = `invalid entropy of "${wrong[0]}": ${wrong[1]}, expected nats of at least 0`;
    throw new BimixError('invalid-entropy', message);
  }
  const largest = entries.reduce((most, [, entropy]) => Math.max(most, entropy), 0);
  const weights = entries.map(([domain, entropy]) => [domain, Math.exp((entropy - largest) / temperature)]);
  return makeMixture(Object.fromEntries(weights), { sumTolerance: Number.POSITIVE_INFINITY });
}

/**
 * The mixtures of all proxies, with the size-proportional and the uniform one beside them. The von Neumann mixture is there
 * when every domain has that entropy.
 *
 * @param domains by name
 * @param temperature T, 1 unless said
 * @throws BimixError as `entropyMixture`; `invalid-mixture` when there are no tokens at all
 */
export function proxyMixtures(domains: Readonly<Record<string, DomainWorth>>, temperature = 1): ProxyMixture[] {
  const worths = Object.values(domains);
  const present = PROXIES.filter(proxy => worths.every(worth => worth[proxy] !== undefined));
  const weights = (of: (worth: DomainWorth) => number): Record<string, number> =>
    Object.fromEntries(Object.entries(domains).map(([domain, worth]) => [domain, of(worth)]));
  const sumTolerance = Number.POSITIVE_INFINITY;
  return [
    ...present.map(name => ({
      name,
      title: TITLES[name],
      mixture: entropyMixture(
        weights(worth => worth[name] ?? Number.NaN),
        temperature,
      ),
    })),
    {
      name: 'size',
      title: TITLES.size,
      mixture: makeMixture(
        weights(worth => worth.tokens),
        { sumTolerance, name: TITLES.size },
      ),
    },
    {
      name: 'uniform',
      title: TITLES.uniform,
      mixture: makeMixture(
        weights(() => 1),
        { sumTolerance },
      ),
    },
  ];
}
