/** What all sections and figures about entropies share: domains in order, estimators, colours, phrases. */

import { domainPalette, formatCount, formatVolume, type Palette } from '../../charts/index.ts';
import { type EntropyResults, ESTIMATORS } from '../../entropy/index.ts';
import { type DomainOrder, orderDomains } from './domain-order.ts';

export interface EntropyContext {
  readonly results: EntropyResults;
  /** Richest first. */
  readonly domains: readonly string[];
  readonly order: DomainOrder;
  /** Estimators beside the one relied on, simplest first. */
  readonly otherEstimators: readonly string[];
  readonly colours: Palette;
  /** In all domains. */
  readonly tokens: number;
  readonly documents: number;
  /** `tokenizer gpt2`, or that it is not named. */
  readonly tokenizer: string;
  /** `7 domains, 12.3M tokens in 34,120 documents, tokenizer gpt2`. */
  readonly measuredOn: string;
}

/** @param coloured domains that have colours elsewhere on the page, in their order; they keep them */
export function entropyContext(results: EntropyResults, coloured: readonly string[] = []): EntropyContext {
  const order = orderDomains(results);
  const { domains } = order;
  const measured = Object.values(results.domains);
  const tokens = measured.reduce((sum, domain) => sum + domain.tokens, 0);
  const documents = measured.reduce((sum, domain) => sum + domain.documents, 0);
  const tokenizer = results.tokenizer === null ? 'an unnamed tokenizer' : `tokenizer ${results.tokenizer.name}`;
  return {
    results,
    domains,
    order,
    otherEstimators: otherEstimators(results),
    colours: domainPalette([...coloured, ...domains.filter(domain => !coloured.includes(domain))]),
    tokens,
    documents,
    tokenizer,
    measuredOn: `${formatCount(domains.length, 'domain')}, ${formatVolume(tokens, 'tokens')} in ${formatCount(documents, 'document')}, ${tokenizer}`,
  };
}

function otherEstimators({ domains, estimator }: EntropyResults): string[] {
  const used = new Set(Object.values(domains).flatMap(domain => Object.keys(domain.estimators)));
  const known = ESTIMATORS.map(({ name }) => name).filter(name => used.has(name));
  return [...new Set([...known, ...used])].filter(name => name !== estimator);
}
