/** The token entropies of one domain: every estimator, with intervals, convergence and what to be wary of. */

import { BimixError } from '../errors/index.ts';
import { type ConvergenceCurve, convergenceCurve } from './convergence.ts';
import type { DomainCounts, NgramSpectra } from './domain-counts.ts';
import type { Estimator } from './estimator.ts';
import { BEST_ESTIMATOR, ESTIMATORS } from './estimators.ts';
import { biasDoubt, biasInterval, type EntropyInterval, scatterInterval } from './intervals.ts';
import { type Jackknife, jackknife } from './jackknife.ts';
import { byEntropy, type TokenEntropy, tokenEntropies, tokenEntropy } from './ngram-entropies.ts';
import { sampleCoverage } from './sample-coverage.ts';
import { sampleSize } from './spectrum.ts';
import type { EntropyWarning } from './warning.ts';

/** One group with more than this part of the tokens makes the scatter over groups a poor guide. */
const DOMINANT = 0.5;
/** Part of the next tokens, or pairs, that must be ones already seen. */
const MIN_COVERAGE = 0.5;

export interface EntropyEstimate {
  /** Nats. */
  readonly estimate: number;
  /** Null when fewer than two groups of documents hold anything. Of the plug-in, its scatter alone. */
  readonly interval: EntropyInterval | null;
}

export interface DomainEntropies {
  readonly tokens: number;
  readonly documents: number;
  /** Chance that the next token, or pair of tokens, is one already seen. */
  readonly coverage: { readonly unigrams: number; readonly bigrams: number };
  /** By name of estimator. */
  readonly estimators: Readonly<Record<string, Readonly<Record<TokenEntropy, EntropyEstimate>>>>;
  readonly curve: ConvergenceCurve;
  readonly warnings: readonly EntropyWarning[];
}

/**
 * Measures one domain.
 *
 * @param domain its name, for errors and warnings
 * @throws BimixError `missing-tokens` when no document has two tokens
 */
export function measureEntropies(domain: string, counts: DomainCounts): DomainEntropies {
  const { all } = counts;
  if (all.bigrams.counts.length === 0) {
    const message = `missing tokens: no document of "${domain}" has two tokens (${all.documents} documents, ${all.tokens} tokens)`;
    throw new BimixError('missing-tokens', message, {
      hint: 'Check its files, the field its text is read from and the end-of-document token.',
    });
  }
  const best = scatterOf(counts, BEST_ESTIMATOR);
  const doubt = byEntropy(entropy => biasDoubt(entropy === 'shannon' ? all.unigrams : all.bigrams));
  const most = byEntropy(entropy => (entropy === 'joint' ? 2 : 1) * Math.log(counts.vocabulary));
  const estimators = ESTIMATORS.map(estimator => {
    const estimates = tokenEntropies(all, estimator);
    const scatter = estimator === BEST_ESTIMATOR ? best : scatterOf(counts, estimator);
    const entry = byEntropy(entropy => {
      const [own, reference] = [scatter[entropy], best[entropy]];
      if (own === null || reference === null) return { estimate: estimates[entropy], interval: null };
      const interval = estimator.isCorrected
        ? biasInterval(own, reference, most[entropy], doubt[entropy])
        : scatterInterval(own);
      return { estimate: estimates[entropy], interval };
    });
    return [estimator.name, entry] as const;
  });
  const coverage = { unigrams: sampleCoverage(all.unigrams), bigrams: sampleCoverage(all.bigrams) };
  return {
    tokens: all.tokens,
    documents: all.documents,
    coverage,
    estimators: Object.fromEntries(estimators),
    curve: convergenceCurve(counts, ESTIMATORS),
    warnings: [...coverageWarnings(domain, coverage), ...groupWarnings(domain, counts), ...clampWarnings(domain, all)],
  };
}

/** Scatter over groups of documents; the size of a group is its tokens, or its pairs where pairs are what is counted. */
function scatterOf(counts: DomainCounts, estimator: Estimator): Record<TokenEntropy, Jackknife | null> {
  const { all, without } = counts;
  const pairs = sampleSize(all.bigrams);
  return byEntropy(entropy => {
    const sizes = without.map(rest =>
      entropy === 'shannon' ? all.tokens - rest.tokens : pairs - sampleSize(rest.bigrams),
    );
    const estimate = tokenEntropy(entropy, all, estimator);
    return jackknife(estimate, sizes, group => tokenEntropy(entropy, without[group], estimator));
  });
}

function coverageWarnings(domain: string, coverage: DomainEntropies['coverage']): EntropyWarning[] {
  const kinds = [
    ['unigrams', 'tokens', 'all its entropies'],
    ['bigrams', 'pairs of tokens', 'its joint and conditional entropies'],
  ] as const;
  const thin = kinds.find(([kind]) => coverage[kind] < MIN_COVERAGE);
  if (thin === undefined) return [];
  const [kind, what, which] = thin;
  const part = (100 * (1 - coverage[kind])).toFixed(0);
  const message = `"${domain}" is undersampled: about ${part} % of its next ${what} would be new; the intervals of ${which} are wide and may still miss; read more of it`;
  return [{ code: 'undersampled', message, domain }];
}

function groupWarnings(domain: string, { all, without }: DomainCounts): EntropyWarning[] {
  const parts = without.map(rest => (all.tokens - rest.tokens) / all.tokens).filter(part => part > 0);
  if (parts.length < 2) {
    const message = `"${domain}" has no intervals: it was counted as one group of ${all.documents} ${all.documents === 1 ? 'document' : 'documents'}`;
    return [{ code: 'no-intervals', message, domain }];
  }
  const largest = Math.max(...parts);
  if (largest <= DOMINANT) return [];
  const message = `one group of documents holds ${(100 * largest).toFixed(0)} % of the tokens of "${domain}": its intervals say little`;
  return [{ code: 'dominant-group', message, domain }];
}

function clampWarnings(domain: string, { bigrams, firsts }: NgramSpectra): EntropyWarning[] {
  const clamped = ESTIMATORS.filter(estimator => estimator.estimate(bigrams) < estimator.estimate(firsts) - 1e-9);
  if (clamped.length === 0) return [];
  const names = clamped.map(estimator => estimator.title).join(', ');
  const message = `the conditional entropy of "${domain}" came out below 0 and counts as 0 (${names})`;
  return [{ code: 'conditional-clamped', message, domain }];
}
