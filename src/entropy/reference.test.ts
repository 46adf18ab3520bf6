/**
 * Every estimator on eight token arrays against numpy, scipy and mpmath. With c the counts of tokens, pairs or firsts, n their
 * sum, f1 and f2 how many are 1 and 2:
 *
 *   plug-in         scipy.stats.entropy(c)
 *   Miller-Madow    scipy.stats.entropy(c) + (len(c) - 1) / (2 * n)
 *   Chao-Shen       p = (1 - f1 / n) * c / n; -(p * np.log(p) / (1 - (1 - p)**n)).sum()
 *   Chao-Wang-Jost  k = c[c < n]; (k / n * (scipy.special.digamma(n) - scipy.special.digamma(k))).sum() + mpf(f1) / n * tail
 *                   tail = (-mp.log(a) - sum((1 - a)**r / r for r in range(1, n))) * (1 - a)**(1 - n), 60 digits; for
 *                   n > 10000 its sum (1 - a) / n * mp.hyp2f1(1, n, n + 1, 1 - a)
 *   conditional     pairs p with counts c and first tokens f: -(c / n * np.log(c / firsts[f])).sum(), not as a difference
 */

import { describe, expect, test } from 'vitest';
import { spectraOfDocuments, walkTokens, zipfTokens } from '../../test/token-arrays.ts';
import { ESTIMATORS } from './estimators.ts';
import { tokenEntropies } from './ngram-entropies.ts';
import { plugIn } from './plug-in.ts';
import { sampleSize, symbolsSeen } from './spectrum.ts';

type Triple = readonly [unigrams: number, bigrams: number, firsts: number];

interface Case {
  readonly name: string;
  readonly documents: () => readonly ArrayLike<number>[];
  readonly tokens: number;
  readonly pairs: number;
  readonly distinct: readonly [unigrams: number, bigrams: number];
  readonly entropies: Readonly<Record<string, Triple>>;
  readonly conditional: number;
}

const CASES: readonly Case[] = [
  {
    name: 'eleven letters',
    documents: () => [Array.from('abracadabra', letter => letter.charCodeAt(0))],
    tokens: 11,
    pairs: 10,
    distinct: [5, 7],
    entropies: {
      'plug-in': [1.4142790651247086, 1.8866967846580784, 1.4708084763221112],
      'miller-madow': [1.5960972469428905, 2.1866967846580785, 1.6708084763221112],
      'chao-shen': [1.7281465926701693, 2.5213897181830665, 1.7977048272409508],
      'chao-wang-jost': [1.6801930038365507, 2.3974811447039746, 1.7632005982642323],
    },
    conditional: 0.4158883083359671,
  },
  {
    name: 'a periodic array',
    documents: () => [Array.from({ length: 1000 }, (_, i) => i ** 2 % 97)],
    tokens: 1000,
    pairs: 999,
    distinct: [49, 97],
    entropies: {
      'plug-in': [3.888886002457274, 4.573735303915188, 3.8888879610271814],
      'miller-madow': [3.912886002457274, 4.621783351963236, 3.9129119850512053],
      'chao-shen': [3.888886785953876, 4.573893223959102, 3.8888887451676815],
      'chao-wang-jost': [3.9130876888415926, 4.622569673649158, 3.913114071709896],
    },
    conditional: 0.684847342888008,
  },
  {
    name: 'one token repeated',
    documents: () => [new Float64Array(500)],
    tokens: 500,
    pairs: 499,
    distinct: [1, 1],
    entropies: {
      'plug-in': [0.0, 0.0, 0.0],
      'miller-madow': [0.0, 0.0, 0.0],
      'chao-shen': [0.0, 0.0, 0.0],
      'chao-wang-jost': [0.0, 0.0, 0.0],
    },
    conditional: 0.0,
  },
  {
    name: 'all tokens distinct',
    documents: () => [Array.from({ length: 1000 }, (_, i) => i)],
    tokens: 1000,
    pairs: 999,
    distinct: [1000, 999],
    entropies: {
      'plug-in': [6.907755278982134, 6.906754778648553, 6.906754778648553],
      'miller-madow': [7.407255278982134, 7.406254278148053, 7.406254278148053],
      'chao-shen': [13.82241255638312, 13.820417458467118, 13.820417458467118],
      'chao-wang-jost': [13.133663748876522, 13.13167207854849, 13.13167207854849],
    },
    conditional: 0.0,
  },
  {
    name: 'a Zipf walk on 50 tokens',
    documents: () => [walkTokens(10000, 50, 7)],
    tokens: 10000,
    pairs: 9999,
    distinct: [50, 2200],
    entropies: {
      'plug-in': [3.907703388191096, 7.302340841743256, 3.907695434064588],
      'miller-madow': [3.910153388191096, 7.412301837842866, 3.9101456790890907],
      'chao-shen': [3.907703388191096, 7.473470925849929, 3.907695434064588],
      'chao-wang-jost': [3.9101554891168107, 7.436465734165435, 3.9101477804670344],
    },
    conditional: 3.394645407678667,
  },
  {
    name: 'documents of unequal length',
    documents: unequalDocuments,
    tokens: 20000,
    pairs: 19980,
    distinct: [300, 10694],
    entropies: {
      'plug-in': [4.837063121739958, 8.780607800378341, 4.836613018052166],
      'miller-madow': [4.844538121739959, 9.048200392970934, 4.844095500534649],
      'chao-shen': [4.837069084175422, 9.119215940366804, 4.836618989251981],
      'chao-wang-jost': [4.84458725787588, 9.474940834613646, 4.8441447477416135],
    },
    conditional: 3.9439947823261776,
  },
  {
    name: '100 k Zipf tokens of 1000',
    documents: () => [zipfTokens(100000, 1000, 3)],
    tokens: 100000,
    pairs: 99999,
    distinct: [1000, 53207],
    entropies: {
      'plug-in': [5.662323266521055, 10.241328121612188, 5.662351761813127],
      'miller-madow': [5.667318266521055, 10.507360781938791, 5.667346811763627],
      'chao-shen': [5.662324003341716, 10.501120696012944, 5.662352498640356],
      'chao-wang-jost': [5.667344781928681, 11.006631261448765, 5.667373327436431],
    },
    conditional: 4.578976359799062,
  },
  {
    name: '5 M Zipf tokens of 50 k',
    documents: () => [zipfTokens(5e6, 50000, 5)],
    tokens: 5000000,
    pairs: 4999999,
    distinct: [49999, 3029349],
    entropies: {
      'plug-in': [8.108135557520498, 14.02037371495461, 8.108135473395638],
      'miller-madow': [8.113135357520498, 14.323308575541583, 8.113135274395598],
      'chao-shen': [8.108263027455285, 14.208558500626104, 8.108262943354065],
      'chao-wang-jost': [8.11318055843657, 15.204496675503291, 8.113180475320727],
    },
    conditional: 5.912238241558974,
  },
];

function unequalDocuments(): Float64Array[] {
  const tokens = zipfTokens(20000, 300, 11);
  const ends = Array.from({ length: 19 }, (_, k) => (k + 1) * (k + 2) * 50).filter(end => end < tokens.length);
  return [...ends, tokens.length].map((end, k) => tokens.subarray(k === 0 ? 0 : ends[k - 1], end));
}

function closeTo(actual: number, expected: number, relative: number): void {
  expect(Math.abs(actual - expected)).toBeLessThanOrEqual(relative * Math.abs(expected));
}

describe.each(CASES)('$name', ({ documents, tokens, pairs, distinct, entropies, conditional }) => {
  const spectra = spectraOfDocuments(documents());

  test('is the array the reference saw', () => {
    expect([spectra.tokens, sampleSize(spectra.unigrams)]).toEqual([tokens, tokens]);
    expect([sampleSize(spectra.bigrams), sampleSize(spectra.firsts)]).toEqual([pairs, pairs]);
    expect([symbolsSeen(spectra.unigrams), symbolsSeen(spectra.bigrams)]).toEqual(distinct);
  });

  test.each(ESTIMATORS)('$title agrees with the reference to 1e-9', estimator => {
    const [unigrams, bigrams, firsts] = entropies[estimator.name];
    closeTo(estimator.estimate(spectra.unigrams), unigrams, 1e-9);
    closeTo(estimator.estimate(spectra.bigrams), bigrams, 1e-9);
    closeTo(estimator.estimate(spectra.firsts), firsts, 1e-9);
  });

  test('joint = entropy of the first tokens + conditional, to 1e-12', () => {
    const plug = tokenEntropies(spectra, plugIn);
    closeTo(plugIn.estimate(spectra.firsts) + conditional, plug.joint, 1e-12);
    expect(Math.abs(plug.conditional - conditional)).toBeLessThanOrEqual(1e-12 * plug.joint);
  });
});
