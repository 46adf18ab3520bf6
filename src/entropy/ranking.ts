/**
 * Which domains are more diverse than which, and whether that is settled: domains of different size are compared by
 * corrected estimates with intervals, and again by plug-in entropies at the size of the smallest.
 */

import { BimixError } from '../errors/index.ts';
import { formatQuantity } from '../mixture/index.ts';
import { plugInAtSize } from './convergence.ts';
import type { DomainEntropies, EntropyEstimate } from './domain-entropies.ts';
import { BEST_ESTIMATOR, findEstimator } from './estimators.ts';
import type { TokenEntropy } from './ngram-entropies.ts';
import type { EntropyWarning } from './warning.ts';

/** Pairs named one by one in a warning. */
const NAMED = 4;

export interface Ranking {
  readonly entropy: TokenEntropy;
  /** Domains by corrected estimate, the most diverse first. */
  readonly domains: readonly string[];
  readonly equalSize: {
    /** Tokens of the smallest domain. */
    readonly tokens: number;
    /** Plug-in entropy of each domain at that many tokens, nats; null where its curve does not reach down to it. */
    readonly entropies: Readonly<Record<string, number | null>>;
    /** Domains whose sample was thinned token by token, because no set of their documents is that small. */
    readonly rarefied: readonly string[];
    /** Most diverse first; the domains without a value left out. */
    readonly domains: readonly string[];
  };
  /** Whether neighbours' intervals do not overlap and both comparisons give one order. */
  readonly isSettled: boolean;
  readonly warnings: readonly EntropyWarning[];
}

/**
 * Ranks domains by one entropy.
 *
 * @param measured by domain
 * @param estimator name of the corrected estimator; the best one unless said
 * @throws BimixError `missing-domains` when there are none, `unknown-estimator`
 */
export function rankDomains(
  measured: Readonly<Record<string, DomainEntropies>>,
  entropy: TokenEntropy,
  estimator = BEST_ESTIMATOR.name,
): Ranking {
  const names = Object.keys(measured);
  if (names.length === 0) throw new BimixError('missing-domains', 'missing domains: there is nothing to rank');
  const corrected = findEstimator(estimator).name;
  const estimateOf = (name: string): EntropyEstimate => measured[name].estimators[corrected][entropy];
  const domains = names.toSorted((a, b) => estimateOf(b).estimate - estimateOf(a).estimate);
  const tokens = names.reduce((least, name) => Math.min(least, measured[name].tokens), Number.POSITIVE_INFINITY);
  const atSize = names.map(name => [name, plugInAtSize(measured[name].curve, entropy, tokens)] as const);
  const comparable = atSize.flatMap(([name, at]) => (at === null ? [] : [{ name, ...at }]));
  const equalSize = {
    tokens,
    entropies: Object.fromEntries(atSize.map(([name, at]) => [name, at?.entropy ?? null])),
    rarefied: comparable.filter(({ isRarefied }) => isRarefied).map(({ name }) => name),
    domains: comparable.toSorted((a, b) => b.entropy - a.entropy).map(({ name }) => name),
  };
  const warnings = [
    ...overlapWarnings(entropy, domains, estimateOf),
    ...orderWarnings(entropy, domains, equalSize),
    ...unreachedWarnings(equalSize, measured),
  ];
  return { entropy, domains, equalSize, isSettled: warnings.length === 0, warnings };
}

function overlapWarnings(
  entropy: TokenEntropy,
  domains: readonly string[],
  estimateOf: (name: string) => EntropyEstimate,
): EntropyWarning[] {
  const neighbours = domains.slice(1).map((lower, index) => [domains[index], lower] as const);
  const unmeasured = domains.filter(name => estimateOf(name).interval === null);
  if (unmeasured.length > 0 && domains.length > 1) {
    const message = `the ranking by ${entropy} entropy cannot be called settled: no intervals for ${quoted(unmeasured)}`;
    return [{ code: 'ranking-without-intervals', message }];
  }
  const overlapping = neighbours.filter(([upper, lower]) => {
    const [above, below] = [estimateOf(upper).interval, estimateOf(lower).interval];
    return above !== null && below !== null && above.lower <= below.upper;
  });
  if (overlapping.length === 0) return [];
  const described = overlapping.map(([upper, lower]) => {
    return `${upper} ${withInterval(estimateOf(upper))} and ${lower} ${withInterval(estimateOf(lower))}`;
  });
  const message = `the ranking by ${entropy} entropy is not settled, intervals overlap: ${listed(described)}`;
  return [{ code: 'ranking-unsettled', message }];
}

/** Neighbours that change places when all domains have the same number of tokens. */
function orderWarnings(
  entropy: TokenEntropy,
  domains: readonly string[],
  { tokens, entropies, domains: atSize }: Ranking['equalSize'],
): EntropyWarning[] {
  const order = domains.filter(name => atSize.includes(name));
  const swapped = order.slice(1).flatMap((lower, index): string[] => {
    const upper = order[index];
    const [above, below] = [entropies[upper] ?? 0, entropies[lower] ?? 0];
    return above < below ? [`${lower} (${below.toFixed(3)}) above ${upper} (${above.toFixed(3)})`] : [];
  });
  if (swapped.length === 0) return [];
  const message = `the ranking by ${entropy} entropy changes at equal size (plug-in at ${formatQuantity(tokens)} tokens each): ${listed(swapped)}`;
  return [{ code: 'ranking-changes-with-size', message }];
}

function unreachedWarnings(
  { tokens, entropies }: Ranking['equalSize'],
  measured: Readonly<Record<string, DomainEntropies>>,
): EntropyWarning[] {
  const unreached = Object.keys(entropies).filter(name => entropies[name] === null);
  if (unreached.length === 0) return [];
  const smallest = Object.keys(measured).filter(name => measured[name].tokens === tokens);
  const message = `${quoted(unreached)} cannot be compared at the ${formatQuantity(tokens)} tokens of ${quoted(smallest)}: too few to say anything`;
  return [{ code: 'no-equal-size', message }];
}

function withInterval({ estimate, interval }: EntropyEstimate): string {
  const range = interval === null ? '' : ` (${interval.lower.toFixed(3)} to ${interval.upper.toFixed(3)})`;
  return `${estimate.toFixed(3)}${range}`;
}

function listed(items: readonly string[]): string {
  const shown = items.slice(0, NAMED).join('; ');
  return items.length > NAMED ? `${shown}; and ${items.length - NAMED} more` : shown;
}

function quoted(names: readonly string[]): string {
  const shown = names.slice(0, NAMED).map(name => `"${name}"`);
  if (names.length > NAMED) shown.push(`${names.length - NAMED} more`);
  return shown.join(', ');
}
