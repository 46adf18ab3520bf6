/** From counts of domains to everything `entropy.json` says of them. */

import { divergenceMatrix } from './divergence.ts';
import type { DomainCounts } from './domain-counts.ts';
import { type DomainEntropies, type EntropyEstimate, measureEntropies } from './domain-entropies.ts';
import type { ConvergencePoint, DomainEntropy, Entropies, EntropyResults, Interval } from './entropy-results.ts';
import { findEstimator } from './estimators.ts';
import { byEntropy, TOKEN_ENTROPIES, type TokenEntropies } from './ngram-entropies.ts';
import { proxyMixtures } from './proxy-mixtures.ts';
import { rankDomains } from './ranking.ts';

/** Most frequent tokens and pairs named of each domain. */
const TOP = 20;

const OWN_EMBEDDING = {
  code: 'own-embedding',
  message:
    "the von Neumann entropies are of hashed character n-grams, not of the paper's FastText vectors: they distinguish spelling and language better than topics",
};

export interface CountedDomain {
  readonly counts: DomainCounts;
  /** Tokens there are of it; null where not known. */
  readonly available: number | null;
  /** Nats; null unless it was measured. */
  readonly vonNeumann: number | null;
}

export interface ResultOptions {
  readonly version: string;
  readonly tokenizer: EntropyResults['tokenizer'];
  readonly acrossDocuments: boolean;
  /** Name of the estimator behind the headline entropies and the mixtures. */
  readonly estimator: string;
  /** Whether the von Neumann entropies are of the embedding that comes with bimix. */
  readonly ownEmbedding: boolean;
  /** Text of a token id. */
  readonly show: (id: number) => string;
}

/**
 * @param domains by name, all counted with one tokenizer
 * @throws BimixError `unknown-estimator`, `missing-tokens`, `invalid-vocabulary`
 */
export function collectResults(
  domains: Readonly<Record<string, CountedDomain>>,
  { version, tokenizer, acrossDocuments, estimator, ownEmbedding, show }: ResultOptions,
): EntropyResults {
  const headline = findEstimator(estimator).name;
  const names = Object.keys(domains);
  const measured = Object.fromEntries(names.map(name => [name, measureEntropies(name, domains[name].counts)]));
  const rankings = TOKEN_ENTROPIES.map(entropy => rankDomains(measured, entropy));
  const equal = (name: string): TokenEntropies | null => {
    const values = rankings.map(({ equalSize }) => equalSize.entropies[name]);
    return values.some(value => value === null)
      ? null
      : byEntropy(entropy => values[TOKEN_ENTROPIES.indexOf(entropy)] ?? 0);
  };
  const described = Object.fromEntries(
    names.map(name => [name, describeDomain(domains[name], measured[name], equal(name), headline, show)]),
  );
  const worths = Object.fromEntries(
    names.map(name => {
      const { available, vonNeumann } = domains[name];
      const { shannon, joint, conditional, tokens } = described[name];
      const known = vonNeumann === null ? {} : { vonNeumann };
      return [name, { shannon, joint, conditional, tokens: available ?? tokens, ...known }];
    }),
  );
  const mixtures = proxyMixtures(worths).map(({ name, mixture }) => [
    name,
    Object.fromEntries(mixture.domains.map((domain, j) => [domain, mixture.proportions[j]])),
  ]);
  return {
    kind: 'bimix-entropy',
    schemaVersion: 1,
    version,
    tokenizer,
    vocabulary: domains[names[0]].counts.vocabulary,
    acrossDocuments,
    estimator: headline,
    equalSize: rankings[0].equalSize.tokens,
    domains: described,
    mixtures: Object.fromEntries(mixtures),
    overlap: divergenceMatrix(Object.fromEntries(names.map(name => [name, domains[name].counts.tokenCounts])))
      .normalized,
    warnings: [
      ...names.flatMap(name => measured[name].warnings),
      ...rankings.flatMap(({ warnings }) => warnings),
      ...(ownEmbedding ? [OWN_EMBEDDING] : []),
    ],
  };
}

function describeDomain(
  { counts, available, vonNeumann }: CountedDomain,
  measured: DomainEntropies,
  equalSize: TokenEntropies | null,
  headline: string,
  show: (id: number) => string,
): DomainEntropy {
  const { tokens, documents } = measured;
  const estimators = mapValues(measured.estimators, estimates => byEntropy(entropy => estimates[entropy].estimate));
  const own = estimators[headline];
  const bits = byEntropy(entropy => own[entropy] / Math.LN2);
  const tokensPerByte = counts.textBytes === null ? null : tokens / counts.textBytes;
  const pairs = counts.all.tokens - counts.all.documents;
  return {
    tokens,
    documents,
    ...own,
    bits,
    bitsPerByte: tokensPerByte === null ? null : byEntropy(entropy => bits[entropy] * tokensPerByte),
    tokensPerByte,
    ...(vonNeumann === null ? {} : { vonNeumann }),
    estimators,
    intervals: Object.fromEntries(
      Object.entries(measured.estimators).flatMap(([name, estimates]) => {
        const intervals = intervalsOf(estimates);
        return intervals === null ? [] : [[name, intervals]];
      }),
    ),
    convergence: measured.curve.points.map(
      ({ tokens: read, entropies }): ConvergencePoint => ({ tokens: read, entropies }),
    ),
    atEqualSize: equalSize === null ? {} : { 'plug-in': equalSize },
    topTokens: topTokens(counts.tokenCounts, show),
    topBigrams: counts.topBigrams.slice(0, TOP).map(({ first, second, count }) => ({
      text: `${show(first)}${show(second)}`,
      share: count / Math.max(1, pairs),
    })),
    available,
  };
}

function intervalsOf(
  estimates: Readonly<Record<keyof Entropies, EntropyEstimate>>,
): Record<keyof Entropies, Interval> | null {
  if (TOKEN_ENTROPIES.some(entropy => estimates[entropy].interval === null)) return null;
  return byEntropy(entropy => {
    const { lower, upper } = estimates[entropy].interval ?? { lower: 0, upper: 0 };
    return { low: lower, high: upper };
  });
}

function topTokens(counts: Float64Array, show: (id: number) => string): { text: string; share: number }[] {
  const total = counts.reduce((sum, count) => sum + count, 0);
  const ids = Array.from(counts, (_, id) => id).filter(id => counts[id] > 0);
  return ids
    .sort((a, b) => counts[b] - counts[a] || a - b)
    .slice(0, TOP)
    .map(id => ({ text: show(id), share: counts[id] / total }));
}

function mapValues<T, U>(record: Readonly<Record<string, T>>, map: (value: T) => U): Record<string, U> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, map(value)]));
}
