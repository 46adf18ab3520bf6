/** Sources of tokens whose entropies are known in closed form, and corpora drawn from them. */

import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import type { DomainCounts, NgramSpectra, TokenEntropies } from '../src/entropy/index.ts';
import { spectrumOfCounts } from './token-arrays.ts';

/** A stationary source: tokens of a document follow each other as a Markov chain; documents are independent. */
export interface TokenSource {
  readonly vocabulary: number;
  /** Exact, nats. */
  readonly entropies: TokenEntropies;
  /** Running sums of the shares of a document's first token. */
  readonly first: Float64Array;
  /** By token, running sums of the shares of the next one. */
  readonly next: readonly Float64Array[];
}

/** Independent tokens. */
export function independentSource(weights: readonly number[]): TokenSource {
  const shares = normalized(weights);
  const shannon = entropyOf(shares);
  const first = runningSums(shares);
  return {
    vocabulary: shares.length,
    entropies: { shannon, joint: 2 * shannon, conditional: shannon },
    first,
    next: shares.map(() => first),
  };
}

export function uniformSource(vocabulary: number): TokenSource {
  return independentSource(new Array<number>(vocabulary).fill(1));
}

/** Shares proportional to (rank + 2.7)^-exponent, rank from 0. */
export function zipfSource(vocabulary: number, exponent = 1): TokenSource {
  return independentSource(Array.from({ length: vocabulary }, (_, rank) => (rank + 2.7) ** -exponent));
}

/** A chain with random rows, the more uneven the larger `unevenness`; its entropy rate is sum_x pi_x H(row x). */
export function markovSource(vocabulary: number, unevenness: number, seed: number): TokenSource {
  const random = xoroshiro128plus(seed);
  const rows = Array.from({ length: vocabulary }, () =>
    normalized(Array.from({ length: vocabulary }, () => uniformFloat64(random) ** unevenness)),
  );
  let stationary = normalized(new Array<number>(vocabulary).fill(1));
  for (let step = 0; step < 500; step++) {
    const moved = new Array<number>(vocabulary).fill(0);
    rows.forEach((row, x) => {
      row.forEach((share, y) => {
        moved[y] += stationary[x] * share;
      });
    });
    stationary = normalized(moved);
  }
  const shannon = entropyOf(stationary);
  const conditional = rows.reduce((sum, row, x) => sum + stationary[x] * entropyOf(row), 0);
  return {
    vocabulary,
    entropies: { shannon, joint: shannon + conditional, conditional },
    first: runningSums(stationary),
    next: rows.map(runningSums),
  };
}

/**
 * A corpus of equally long documents, counted: documents are dealt to groups in turn.
 *
 * @param documents at least as many as groups
 */
export function simulateCounts(
  source: TokenSource,
  documents: number,
  length: number,
  groups: number,
  seed: number,
): DomainCounts {
  const random = xoroshiro128plus(seed);
  const drawn = Array.from({ length: documents }, () => drawDocument(source, length, () => uniformFloat64(random)));
  return countDocuments(drawn, source.vocabulary, groups);
}

/** Documents about topics: tokens are independent within a document, but half of them are words of its one topic. */
export interface TopicSource {
  readonly vocabulary: number;
  /** Exact Shannon entropy of a token of any document, nats. */
  readonly shannon: number;
  /** By topic, all equally frequent: running sums of the shares of tokens. */
  readonly topics: readonly Float64Array[];
}

/** Zipf words for all, and `words` of them at random for each topic. */
export function topicSource(vocabulary: number, topics: number, words: number, seed: number): TopicSource {
  const random = xoroshiro128plus(seed);
  const common = normalized(Array.from({ length: vocabulary }, (_, rank) => 1 / (rank + 2.7)));
  const shares = Array.from({ length: topics }, () => {
    const own = common.map(share => share / 2);
    for (let w = 0; w < words; w++) own[Math.floor(uniformFloat64(random) * vocabulary)] += 0.5 / words;
    return own;
  });
  const mean = common.map((_, x) => shares.reduce((sum, topic) => sum + topic[x], 0) / topics);
  return { vocabulary, shannon: entropyOf(mean), topics: shares.map(runningSums) };
}

/** As `simulateCounts`. */
export function simulateTopicCounts(
  { vocabulary, topics }: TopicSource,
  documents: number,
  length: number,
  groups: number,
  seed: number,
): DomainCounts {
  const random = xoroshiro128plus(seed);
  const drawn = Array.from({ length: documents }, () => {
    const topic = topics[Math.floor(uniformFloat64(random) * topics.length)];
    return Int32Array.from({ length }, () => draw(topic, uniformFloat64(random)));
  });
  return countDocuments(drawn, vocabulary, groups);
}

/** Counts of documents dealt to groups in turn; the running sets end at each group. */
export function countDocuments(
  documents: readonly ArrayLike<number>[],
  vocabulary: number,
  groups: number,
): DomainCounts {
  const pairIndex = new Int32Array(vocabulary * vocabulary).fill(-1);
  let pairsSeen = 0;
  for (const document of documents) {
    for (let i = 1; i < document.length; i++) {
      const pair = document[i - 1] * vocabulary + document[i];
      if (pairIndex[pair] < 0) pairIndex[pair] = pairsSeen++;
    }
  }
  const emptySet = (): CountedSet => ({
    documents: 0,
    tokens: 0,
    unigrams: new Float64Array(vocabulary),
    firsts: new Float64Array(vocabulary),
    pairs: new Float64Array(pairsSeen),
  });
  const byGroup = Array.from({ length: groups }, emptySet);
  documents.forEach((document, d) => {
    const set = byGroup[d % groups];
    set.documents++;
    set.tokens += document.length;
    for (let i = 0; i < document.length; i++) {
      set.unigrams[document[i]]++;
      if (i + 1 === document.length) continue;
      set.firsts[document[i]]++;
      set.pairs[pairIndex[document[i] * vocabulary + document[i + 1]]]++;
    }
  });
  const running: CountedSet[] = [];
  for (const set of byGroup) running.push(combined(running.at(-1) ?? emptySet(), set, 1));
  const whole = running[running.length - 1];
  return {
    vocabulary,
    all: spectraOf(whole),
    without: groups > 1 ? byGroup.map(set => spectraOf(combined(whole, set, -1))) : [],
    growing: running.map(spectraOf),
    tokenCounts: whole.unigrams,
    textBytes: null,
    topBigrams: [],
  };
}

interface CountedSet {
  documents: number;
  tokens: number;
  readonly unigrams: Float64Array;
  readonly firsts: Float64Array;
  readonly pairs: Float64Array;
}

function combined(a: CountedSet, b: CountedSet, sign: 1 | -1): CountedSet {
  return {
    documents: a.documents + sign * b.documents,
    tokens: a.tokens + sign * b.tokens,
    unigrams: a.unigrams.map((count, k) => count + sign * b.unigrams[k]),
    firsts: a.firsts.map((count, k) => count + sign * b.firsts[k]),
    pairs: a.pairs.map((count, k) => count + sign * b.pairs[k]),
  };
}

function spectraOf({ documents, tokens, unigrams, firsts, pairs }: CountedSet): NgramSpectra {
  return {
    documents,
    tokens,
    unigrams: spectrumOfCounts(unigrams),
    bigrams: spectrumOfCounts(pairs),
    firsts: spectrumOfCounts(firsts),
  };
}

function drawDocument(source: TokenSource, length: number, uniform: () => number): Int32Array {
  const tokens = new Int32Array(length);
  for (let i = 0; i < length; i++) tokens[i] = draw(i === 0 ? source.first : source.next[tokens[i - 1]], uniform());
  return tokens;
}

function draw(sums: Float64Array, value: number): number {
  let low = 0;
  let high = sums.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sums[middle] > value) high = middle;
    else low = middle + 1;
  }
  return low;
}

function normalized(weights: readonly number[]): number[] {
  const sum = weights.reduce((a, b) => a + b, 0);
  return weights.map(weight => weight / sum);
}

function runningSums(shares: readonly number[]): Float64Array {
  let sum = 0;
  return Float64Array.from(shares, share => {
    sum += share;
    return sum;
  });
}

function entropyOf(shares: readonly number[]): number {
  return shares.reduce((sum, share) => (share > 0 ? sum - share * Math.log(share) : sum), 0);
}
