/** The mixtures of an entropy file in the order they are shown. */

import type { EntropyContext } from './entropy-context.ts';
import { PROXY_TITLES } from './proxies.ts';

export interface ImpliedMixture {
  readonly name: string;
  readonly title: string;
  /** Share of tokens, in the order of the context's domains. */
  readonly shares: readonly number[];
}

const TITLES: Readonly<Record<string, string>> = { ...PROXY_TITLES, size: 'by size', uniform: 'uniform' };

/** Proxies first, then by size, then uniform. */
export function impliedMixtures({ results, domains }: EntropyContext): ImpliedMixture[] {
  return Object.keys(TITLES).flatMap(name => {
    const mixture = results.mixtures[name];
    if (mixture === undefined) return [];
    return [{ name, title: TITLES[name], shares: domains.map(domain => mixture[domain] ?? 0) }];
  });
}
