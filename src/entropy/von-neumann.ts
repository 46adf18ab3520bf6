/**
 * Von Neumann entropy of document embeddings: the logarithm of the Vendi score, an effective number of unlike documents.
 *
 *   H = -Tr(rho ln rho) = -sum_k lambda_k ln lambda_k,  rho = K / N,  K_ij = cosine of rows i and j
 *
 * Friedman & Dieng 2023, "The Vendi Score" (arXiv 2210.02410); Ge et al. 2024 (arXiv 2405.14908), Section 4.
 * With rows of unit length K = X X', whose non-zero eigenvalues are those of the d x d matrix X' X.
 *
 * At most ln min(N, d). Few documents have a low entropy whatever they say: compare domains at equal numbers of documents.
 */

import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import { BimixError } from '../errors/index.ts';
import { compensatedSum } from './compensated-sum.ts';
import type { EntropyEstimate } from './domain-entropies.ts';
import { type EmbeddingGram, mergeGrams } from './embedding-gram.ts';
import { biasInterval } from './intervals.ts';
import { jackknife } from './jackknife.ts';

/**
 * In nats.
 *
 * @throws BimixError `missing-embeddings` when there are no rows
 */
export function vonNeumannEntropy({ dimension: d, rows, sums }: EmbeddingGram): number {
  if (rows === 0) throw new BimixError('missing-embeddings', 'missing embeddings: there are no rows');
  const rho = Matrix.zeros(d, d);
  for (let a = 0; a < d; a++) {
    for (let b = a; b < d; b++) {
      rho.set(a, b, sums[a * d + b] / rows);
      rho.set(b, a, sums[a * d + b] / rows);
    }
  }
  const { realEigenvalues } = new EigenvalueDecomposition(rho, { assumeSymmetric: true });
  // Rounding leaves some of the zero eigenvalues below zero and the largest of a pure state above one.
  const entropy = compensatedSum(d, k =>
    realEigenvalues[k] > 0 ? -realEigenvalues[k] * Math.log(realEigenvalues[k]) : 0,
  );
  return Math.max(0, entropy);
}

/**
 * The entropy of all groups of documents together, with the interval of the token entropies: scatter over groups and the
 * bias left.
 *
 * @param groups of documents, dealt alike
 * @throws BimixError `missing-embeddings`, `invalid-embeddings` when the dimensions differ
 */
export function measureVonNeumann(groups: readonly EmbeddingGram[]): EntropyEstimate {
  if (groups.length === 0) throw new BimixError('missing-embeddings', 'missing embeddings: there are no rows');
  const whole = mergeGrams(groups[0], ...groups.slice(1));
  const estimate = vonNeumannEntropy(whole);
  const sizes = groups.map(group => group.rows);
  const scatter = jackknife(estimate, sizes, group => vonNeumannEntropy(without(whole, groups[group])));
  return { estimate, interval: scatter === null ? null : biasInterval(scatter, scatter, Math.log(whole.dimension)) };
}

function without(whole: EmbeddingGram, group: EmbeddingGram): EmbeddingGram {
  const sums = whole.sums.map((sum, k) => sum - group.sums[k]);
  return { dimension: whole.dimension, rows: whole.rows - group.rows, sums };
}
