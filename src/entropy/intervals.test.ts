import { describe, expect, test } from 'vitest';
import { spectrumOfCounts } from '../../test/token-arrays.ts';
import { chaoWangJost } from './chao-wang-jost.ts';
import { biasDoubt, biasInterval, scatterInterval } from './intervals.ts';
import type { Jackknife } from './jackknife.ts';
import { sampleCoverage } from './sample-coverage.ts';
import type { Spectrum } from './spectrum.ts';

/** Symbols by share: `many` of them have `share` each. */
type Source = readonly { readonly share: number; readonly many: number }[];

function source(symbols: readonly { readonly weight: number; readonly many: number }[]): Source {
  const sum = symbols.reduce((total, { weight, many }) => total + weight * many, 0);
  return symbols.map(({ weight, many }) => ({ share: weight / sum, many }));
}

/** Shares (rank + 2.7)^-exponent; far ranks by stretches of 1 %. */
function zipf(symbols: number, exponent: number): Source {
  const stretches: { weight: number; many: number }[] = [];
  for (let rank = 0; rank < symbols; ) {
    const many = Math.min(symbols - rank, Math.max(1, Math.floor(rank / 100)));
    stretches.push({ weight: (rank + (many - 1) / 2 + 2.7) ** -exponent, many });
    rank += many;
  }
  return source(stretches);
}

/** Logarithms of shares normally distributed. */
function logNormal(symbols: number, deviation: number): Source {
  const steps = Array.from({ length: 1001 }, (_, i) => (i - 500) / 100);
  const all = steps.reduce((sum, z) => sum + Math.exp((-z * z) / 2), 0);
  return source(steps.map(z => ({ weight: Math.exp(deviation * z), many: (symbols * Math.exp((-z * z) / 2)) / all })));
}

/** Pairs of independent symbols, by stretches of 4 % of a share. */
function pairs(of: Source): Source {
  const stretches = new Map<number, { share: number; many: number }>();
  for (const a of of) {
    for (const b of of) {
      const key = Math.floor(Math.log(a.share * b.share) * 25);
      const stretch = stretches.get(key) ?? { share: 0, many: 0 };
      stretch.share += a.share * b.share * a.many * b.many;
      stretch.many += a.many * b.many;
      stretches.set(key, stretch);
    }
  }
  return [...stretches.values()].map(({ share, many }) => ({ share: share / many, many }));
}

function entropyOf(symbols: Source): number {
  return symbols.reduce((sum, { share, many }) => sum - many * share * Math.log(share), 0);
}

/** The expected spectrum of n tokens, counts being Poisson; large counts are taken at their mean. */
function expectedSpectrum(symbols: Source, n: number): Spectrum {
  const small = new Float64Array(600);
  const large = new Map<number, number>();
  for (const { share, many } of symbols) {
    const mean = share * n;
    if (mean > 300) large.set(mean, (large.get(mean) ?? 0) + many);
    else {
      let chance = Math.exp(-mean);
      for (let k = 1; k <= small.length; k++) {
        chance *= mean / k;
        small[k - 1] += many * chance;
      }
    }
  }
  const entries = [...Array.from(small, (many, k) => [k + 1, many] as const), ...large].filter(([, many]) => many > 0);
  entries.sort(([a], [b]) => a - b);
  return {
    counts: Float64Array.from(entries, ([count]) => count),
    multiplicities: Float64Array.from(entries, ([, many]) => many),
  };
}

const SOURCES: readonly (readonly [title: string, symbols: Source])[] = [
  ['uniform over 10^5', source([{ weight: 1, many: 1e5 }])],
  ['Zipf 0.7 over 50 k', zipf(5e4, 0.7)],
  ['Zipf 1 over 1000', zipf(1000, 1)],
  ['Zipf 1 over 250 k', zipf(2.5e5, 1)],
  ['Zipf 1.2 over 50 k', zipf(5e4, 1.2)],
  ['Zipf 1.2 over 10^9', zipf(1e9, 1.2)],
  ['Zipf 1.5 over 250 k', zipf(2.5e5, 1.5)],
  ['Zipf 2 over 10^5', zipf(1e5, 2)],
  ['Zipf 3 over 10^6', zipf(1e6, 3)],
  ['log-normal 1 over 10^6', logNormal(1e6, 1)],
  ['log-normal 3 over 10^6', logNormal(1e6, 3)],
  ['pairs of Zipf 1 over 300', pairs(zipf(300, 1))],
  ['pairs of Zipf 1 over 20 k', pairs(zipf(2e4, 1))],
];

test.each(SOURCES)('the best estimate is never further below %s than its doubt allows', (_, symbols) => {
  const truth = entropyOf(symbols);
  let looked = 0;
  for (let n = 300; n < 1e9; n *= 4) {
    const whole = expectedSpectrum(symbols, n);
    const coverage = sampleCoverage(whole);
    if (coverage < 0.1 || coverage > 0.999) continue;
    const estimate = chaoWangJost.estimate(whole);
    // Leaving out one of 20 groups: what the jackknife sees is 19 times the change.
    const seen = 19 * (estimate - chaoWangJost.estimate(expectedSpectrum(symbols, n * 0.95)));
    expect(truth - estimate).toBeGreaterThan(-1e-3);
    expect(truth - estimate).toBeLessThan(biasDoubt(whole) * seen + 1e-3);
    looked++;
  }
  expect(looked).toBeGreaterThanOrEqual(3);
});

describe('an interval', () => {
  function around(estimate: number, jackknifed: number, margin: number): Jackknife {
    return { estimate, jackknifed, standardError: margin / 2, margin, groups: 20 };
  }

  test('of the scatter is as wide as that', () => {
    const interval = scatterInterval(around(3, 3.2, 0.1));
    expect(interval).toEqual({ lower: 2.9, upper: 3.1, standardError: 0.05, jackknifed: 3.2, groups: 20 });
  });

  test('of a corrected estimate holds the best one, and goes on to where its bias may end', () => {
    const { lower, upper } = biasInterval(around(3, 3.2, 0.1), around(3.5, 3.6, 0.2), 10, 4);
    expect(lower).toBeCloseTo(2.9, 12);
    expect(upper).toBeCloseTo(3.5 + 4 * 0.1 + 0.2, 12);
    const falling = biasInterval(around(3.5, 3.4, 0.2), around(3.5, 3.4, 0.2), 10, 4);
    expect(falling.lower).toBeCloseTo(3.5 - 4 * 0.1 - 0.2, 12);
    expect(falling.upper).toBeCloseTo(3.7, 12);
  });

  test('does not reach beyond the largest entropy there is, nor below 0', () => {
    const best = around(3, 5, 0.1);
    expect(biasInterval(best, best, 4, 2).upper).toBeCloseTo(4.1, 12);
    expect(biasInterval(around(0.01, 0.01, 0.1), around(0.01, 0.01, 0.1), 4).lower).toBe(0);
  });

  test('doubts more the longer the tail, and never less than twice', () => {
    expect(biasDoubt(spectrumOfCounts([5, 7, 9]))).toBe(2);
    expect(biasDoubt(spectrumOfCounts([1, 1, 2, 2]))).toBe(2);
    expect(biasDoubt(spectrumOfCounts([...new Array<number>(60).fill(1), 2, 2, 2, 9]))).toBe(10);
    expect(biasDoubt(spectrumOfCounts(new Array<number>(21).fill(1)))).toBe(10);
  });
});
