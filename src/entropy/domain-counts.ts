/**
 * What counting a domain's corpus leaves: spectra of its tokens and of its pairs of neighbouring tokens, for the whole and
 * with each group of documents left out. Documents are dealt to G groups by their position, so that the groups are alike
 * and documents, the independent units, stay whole: the leave-one-out spectra give jackknife intervals, the running ones
 * the convergence curve.
 */

import type { Spectrum } from './spectrum.ts';

/** Spectra of one set of documents. */
export interface NgramSpectra {
  readonly documents: number;
  /** Tokens, including the last of each document. */
  readonly tokens: number;
  /** Counts of tokens. */
  readonly unigrams: Spectrum;
  /** Counts of pairs (x_t, x_t+1) within a document. */
  readonly bigrams: Spectrum;
  /** Counts of the first tokens of those pairs: the margin that conditions. */
  readonly firsts: Spectrum;
}

export interface DomainCounts {
  /** Distinct token ids possible: ids are below it. */
  readonly vocabulary: number;
  readonly all: NgramSpectra;
  /** G: all documents but those of group g; empty when intervals were not asked for (G = 1). */
  readonly without: readonly NgramSpectra[];
  /** Growing sets: the documents of groups 0..g for some increasing g, the whole last. The convergence curve. */
  readonly growing: readonly NgramSpectra[];
  /** Occurrences of each token id; `vocabulary` long. */
  readonly tokenCounts: Float64Array;
  /** Bytes of text behind the tokens, where the text was read; null for pre-tokenized files. */
  readonly textBytes: number | null;
  /** The most frequent pairs, most frequent first. */
  readonly topBigrams: readonly { readonly first: number; readonly second: number; readonly count: number }[];
}
