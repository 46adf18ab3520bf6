/**
 * Token arrays that TypeScript and numpy make alike, bit for bit: whole-number hashes and thresholds of a running sum, no
 * logarithms or powers. In numpy:
 *
 *   def u32(n, seed):
 *       h = ((np.arange(n, dtype=np.uint64) * 0x9E3779B9 + seed) & 0xffffffff).astype(np.uint32)
 *       h ^= h >> np.uint32(16); h *= np.uint32(0x85ebca6b); h ^= h >> np.uint32(13); h *= np.uint32(0xc2b2ae35)
 *       return h ^ (h >> np.uint32(16))
 *   def zipf(n, V, seed):
 *       c = np.cumsum(1 / (np.arange(V) + 2.7)); t = np.floor(c / c[-1] * 2.0**32); t[-1] = 2.0**32
 *       return np.searchsorted(t, u32(n, seed).astype(float), side='right')
 *   def walk(n, V, seed): return np.cumsum(zipf(n, V, seed)) % V
 */

import type { NgramSpectra, Spectrum } from '../src/entropy/index.ts';

/** n tokens of a vocabulary with shares proportional to 1 / (rank + 2.7), rank from 0. */
export function zipfTokens(n: number, vocabulary: number, seed: number): Float64Array {
  const thresholds = new Float64Array(vocabulary);
  let sum = 0;
  for (let k = 0; k < vocabulary; k++) {
    sum += 1 / (k + 2.7);
    thresholds[k] = sum;
  }
  for (let k = 0; k < vocabulary; k++) thresholds[k] = Math.floor((thresholds[k] / sum) * 2 ** 32);
  thresholds[vocabulary - 1] = 2 ** 32;
  return Float64Array.from({ length: n }, (_, i) => firstAbove(thresholds, hashed(i, seed)));
}

/** Running sums of Zipf steps around a circle of tokens. */
export function walkTokens(n: number, vocabulary: number, seed: number): Float64Array {
  let place = 0;
  return zipfTokens(n, vocabulary, seed).map(step => {
    place = (place + step) % vocabulary;
    return place;
  });
}

function hashed(i: number, seed: number): number {
  let h = (Math.imul(i, 0x9e3779b9) + seed) >>> 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

function firstAbove(thresholds: Float64Array, value: number): number {
  let low = 0;
  let high = thresholds.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (thresholds[middle] > value) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** The spectrum of any list of symbols, by sorting: slow and plain. */
export function spectrumOfSymbols(symbols: ArrayLike<number>): Spectrum {
  const sorted = Float64Array.from(symbols).sort();
  const counts: number[] = [];
  for (let i = 0; i < sorted.length; i++) {
    if (i === 0 || sorted[i] !== sorted[i - 1]) counts.push(0);
    counts[counts.length - 1]++;
  }
  return spectrumOfCounts(counts);
}

/** The spectrum of a list of counts; zeros are symbols not seen. */
export function spectrumOfCounts(counts: ArrayLike<number>): Spectrum {
  const multiplicities = new Map<number, number>();
  for (let i = 0; i < counts.length; i++) {
    if (counts[i] > 0) multiplicities.set(counts[i], (multiplicities.get(counts[i]) ?? 0) + 1);
  }
  const sorted = [...multiplicities].sort(([a], [b]) => a - b);
  return {
    counts: Float64Array.from(sorted, ([count]) => count),
    multiplicities: Float64Array.from(sorted, ([, many]) => many),
  };
}

/** Spectra of documents, pairs within documents only. */
export function spectraOfDocuments(documents: readonly ArrayLike<number>[]): NgramSpectra {
  const tokens = documents.reduce((sum, document) => sum + document.length, 0);
  const vocabulary = documents.reduce((most, document) => {
    for (let i = 0; i < document.length; i++) if (document[i] >= most) most = document[i] + 1;
    return most;
  }, 1);
  const unigrams: number[] = new Array(tokens);
  const firsts: number[] = [];
  const pairs: number[] = [];
  let at = 0;
  for (const document of documents) {
    for (let i = 0; i < document.length; i++) {
      unigrams[at++] = document[i];
      if (i + 1 === document.length) continue;
      firsts.push(document[i]);
      pairs.push(document[i] * vocabulary + document[i + 1]);
    }
  }
  return {
    documents: documents.length,
    tokens,
    unigrams: spectrumOfSymbols(unigrams),
    bigrams: spectrumOfSymbols(pairs),
    firsts: spectrumOfSymbols(firsts),
  };
}
