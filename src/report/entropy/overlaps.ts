/** How alike pairs of domains are. */

import type { EntropyContext } from './entropy-context.ts';

export interface DomainPair {
  readonly first: string;
  readonly second: string;
  /** Jensen-Shannon divergence of their tokens, bits. */
  readonly divergence: number;
}

/** Rows and columns in the order of the context's domains. */
function divergences({ results, domains }: EntropyContext): number[][] {
  const given = Object.keys(results.domains);
  const places = domains.map(domain => given.indexOf(domain));
  return places.map(row => places.map(column => results.overlap[row][column]));
}

export interface DivergenceMatrix {
  readonly domains: readonly string[];
  /** Rows and columns in the order of `domains`, bits. */
  readonly bits: readonly (readonly number[])[];
}

/** Domains that are alike side by side: a chain that grows at both ends, from the pair most alike. */
export function divergenceMatrix(context: EntropyContext): DivergenceMatrix {
  const matrix = divergences(context);
  const left = new Set(context.domains.keys());
  const chain: number[] = [];
  const add = (place: 'push' | 'unshift', domain: number): void => {
    left.delete(domain);
    chain[place](domain);
  };
  const [{ first }] = domainPairs(context);
  add('push', context.domains.indexOf(first));
  while (left.size > 0) {
    const nearest = (end: number): number => [...left].reduce((a, b) => (matrix[end][b] < matrix[end][a] ? b : a));
    const [head, tail] = [chain[0], chain[chain.length - 1]];
    const [before, after] = [nearest(head), nearest(tail)];
    if (matrix[head][before] < matrix[tail][after]) add('unshift', before);
    else add('push', after);
  }
  return {
    domains: chain.map(index => context.domains[index]),
    bits: chain.map(row => chain.map(column => matrix[row][column])),
  };
}

/** Every pair once, most alike first. */
export function domainPairs(context: EntropyContext): DomainPair[] {
  const matrix = divergences(context);
  const { domains } = context;
  return domains
    .flatMap((first, i) =>
      domains.slice(i + 1).map((second, k) => ({ first, second, divergence: matrix[i][i + 1 + k] })),
    )
    .sort((a, b) => a.divergence - b.divergence);
}
