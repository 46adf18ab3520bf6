/**
 * The three token entropies of a set of documents, by any estimator.
 *
 *   Shannon      H(X)              from unigrams
 *   joint        H(X_t, X_t+1)     from pairs of neighbouring tokens
 *   conditional  H(X_t+1 | X_t)    the joint entropy less that of the pairs' first tokens
 *
 * Ge et al. 2024 (arXiv 2405.14908), Section 4. The last token of a document is first in no pair, so the margin of the pairs
 * and the unigrams differ a little; the paper takes them for one. Joint = entropy of the firsts + conditional, exactly.
 */

import type { NgramSpectra } from './domain-counts.ts';
import type { Estimator } from './estimator.ts';

export const TOKEN_ENTROPIES = ['shannon', 'joint', 'conditional'] as const;

export type TokenEntropy = (typeof TOKEN_ENTROPIES)[number];

/** In nats per token; the joint entropy in nats per pair. */
export type TokenEntropies = Readonly<Record<TokenEntropy, number>>;

/** @param spectra not empty: some document has two tokens */
export function tokenEntropies(spectra: NgramSpectra, estimator: Estimator): TokenEntropies {
  return byEntropy(entropy => tokenEntropy(entropy, spectra, estimator));
}

/**
 * One of the three, in nats. A conditional entropy below 0, where corrections of nearly equal entropies differ by chance,
 * counts as 0.
 */
export function tokenEntropy(entropy: TokenEntropy, spectra: NgramSpectra, estimator: Estimator): number {
  if (entropy === 'shannon') return estimator.estimate(spectra.unigrams);
  if (entropy === 'joint') return estimator.estimate(spectra.bigrams);
  return Math.max(0, estimator.estimate(spectra.bigrams) - estimator.estimate(spectra.firsts));
}

/** One value for each of the three. */
export function byEntropy<T>(value: (entropy: TokenEntropy) => T): Record<TokenEntropy, T> {
  return { shannon: value('shannon'), joint: value('joint'), conditional: value('conditional') };
}
