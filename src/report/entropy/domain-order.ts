/** Domains from the richest to the poorest, and which of them can be distinguished. */

import type { DomainEntropy, EntropyResults } from '../../entropy/index.ts';
import { EQUAL_SIZE_ESTIMATOR, HEADLINE_PROXY } from './proxies.ts';

/** Whether the order of two domains can be relied on, or why not. */
export type PairVerdict =
  | 'distinguished'
  | 'no interval'
  | 'intervals overlap'
  | 'order turns at equal size'
  | 'no equal size';

export interface Neighbours {
  readonly richer: string;
  readonly poorer: string;
  readonly verdict: PairVerdict;
}

export interface DomainOrder {
  /** By conditional entropy, richest first. */
  readonly domains: readonly string[];
  /** Pairs of domains, of any distance in the order. */
  readonly pairs: number;
  readonly pairsApart: number;
  /** Each domain with the next. */
  readonly neighbours: readonly Neighbours[];
  /** The richest domain and those not distinguished from it. */
  readonly contenders: readonly string[];
}

export function orderDomains(results: EntropyResults): DomainOrder {
  const domains = Object.keys(results.domains).sort(
    (a, b) => results.domains[b][HEADLINE_PROXY] - results.domains[a][HEADLINE_PROXY],
  );
  const verdict = (richer: string, poorer: string): PairVerdict =>
    comparePair(results.domains[richer], results.domains[poorer], results.estimator);
  let pairs = 0;
  let pairsApart = 0;
  domains.forEach((richer, index) => {
    for (const poorer of domains.slice(index + 1)) {
      pairs++;
      if (verdict(richer, poorer) === 'distinguished') pairsApart++;
    }
  });
  const neighbours = domains.slice(1).map((poorer, index) => {
    return { richer: domains[index], poorer, verdict: verdict(domains[index], poorer) };
  });
  const contenders = domains.filter((domain, rank) => rank === 0 || verdict(domains[0], domain) !== 'distinguished');
  return { domains, pairs, pairsApart, neighbours, contenders };
}

/** Distinguished by intervals that do not overlap, and by the same order when both have the same number of tokens. */
function comparePair(richer: DomainEntropy, poorer: DomainEntropy, estimator: string): PairVerdict {
  const above = richer.intervals[estimator]?.[HEADLINE_PROXY];
  const below = poorer.intervals[estimator]?.[HEADLINE_PROXY];
  if (above === undefined || below === undefined) return 'no interval';
  if (above.low <= below.high) return 'intervals overlap';
  const [here, there] = [atEqualSize(richer), atEqualSize(poorer)];
  if (here === null || there === null) return 'no equal size';
  return here < there ? 'order turns at equal size' : 'distinguished';
}

/** Conditional entropy at the size of the smallest domain, nats; null where the domain has none. */
export function atEqualSize(domain: DomainEntropy): number | null {
  return domain.atEqualSize[EQUAL_SIZE_ESTIMATOR]?.[HEADLINE_PROXY] ?? null;
}

/** How far the estimate moved while the tokens doubled to what they are, nats; null where fewer were never looked at. */
export function lastDoubling({ convergence }: DomainEntropy, estimator: string): number | null {
  const curve = convergence.flatMap(({ tokens, entropies }) => {
    const entropy = entropies[estimator]?.[HEADLINE_PROXY];
    return entropy === undefined ? [] : [{ tokens, entropy }];
  });
  const last = curve[curve.length - 1];
  const above = curve.findIndex(({ tokens }) => tokens * 2 > last.tokens);
  if (above < 1) return null;
  const [left, right] = [curve[above - 1], curve[above]];
  const along = Math.log(last.tokens / 2 / left.tokens) / Math.log(right.tokens / left.tokens);
  return last.entropy - (left.entropy + along * (right.entropy - left.entropy));
}
