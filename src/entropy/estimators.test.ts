import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { spectrumOfCounts, spectrumOfSymbols } from '../../test/token-arrays.ts';
import { chaoShen } from './chao-shen.ts';
import { chaoWangJost } from './chao-wang-jost.ts';
import { ESTIMATORS, findEstimator } from './estimators.ts';
import { millerMadow } from './miller-madow.ts';
import { plugIn } from './plug-in.ts';
import { sampleCoverage } from './sample-coverage.ts';
import { type Spectrum, symbolsSeen } from './spectrum.ts';

const countList = fc.array(fc.integer({ min: 1, max: 500 }), { minLength: 1, maxLength: 60 });

function spectrum(...pairs: readonly (readonly [count: number, multiplicity: number])[]): Spectrum {
  return {
    counts: Float64Array.from(pairs, ([count]) => count),
    multiplicities: Float64Array.from(pairs, ([, multiplicity]) => multiplicity),
  };
}

describe('Chao-Wang-Jost', () => {
  test('stays exact up to a trillion tokens', () => {
    // mpmath, 50 digits: sum(mpf(m) * c / n * (mp.digamma(n) - mp.digamma(c))) + f1 / n * (1 - a) / n * integral, where
    // integral = mp.quad(lambda t: mp.exp(-t) / (a - (1 - a) * mp.expm1(-t / n)), [0, ..., 200]) is the sum over r >= n
    const cases: [Spectrum, number][] = [
      [spectrum([1, 1e6], [2, 3e5], [1e5, 1000], [1e11, 9]), 2.198918646395171],
      [spectrum([1, 1e5], [2, 1000], [1e9, 100], [8e11, 1]), 0.8605212509727697],
      [spectrum([1, 1e5], [1e9, 50]), 3.912088092307926],
      [spectrum([1, 3], [2, 1e6], [1e12 - 2e6 - 3, 1]), 5.641655918636767e-5],
      [spectrum([1, 5], [2, 4], [7, 3]), 2.4020472897006258],
      [spectrum([1, 40]), 6.813775118177765],
      [spectrum([1, 2]), 1.2163953243244932],
      [spectrum([1, 1], [2, 1]), 0.9241962407465938],
      [spectrum([1, 2], [2, 1]), 1.5874599835495],
    ];
    for (const [sample, entropy] of cases) {
      expect(Math.abs(chaoWangJost.estimate(sample) / entropy - 1)).toBeLessThan(1e-12);
    }
  });

  test('says the same where its two ways to the tail meet', () => {
    // (n - 1) a passes 1 where twice as many symbols are seen twice as are seen once.
    const around = [999, 1000, 1001].map(twice => chaoWangJost.estimate(spectrum([1, 2000], [2, twice], [50, 400])));
    const bend = around[0] - 2 * around[1] + around[2];
    expect(Math.abs(bend)).toBeLessThan(1e-6);
    expect(around[0]).not.toBe(around[2]);
  });
});

describe.each(ESTIMATORS)('$title', estimator => {
  test('gives one symbol no entropy, however often it was seen', () => {
    for (const count of [1, 2, 3, 1000, 1e12]) expect(estimator.estimate(spectrum([count, 1]))).toBe(0);
  });

  test('does not mind the order or the names of the symbols', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 20 }), { minLength: 1, maxLength: 200 }), tokens => {
        const renamed = tokens.map(token => 1000 - 7 * token).reverse();
        expect(estimator.estimate(spectrumOfSymbols(renamed))).toBe(estimator.estimate(spectrumOfSymbols(tokens)));
      }),
    );
  });

  test('is finite and not negative', () => {
    fc.assert(
      fc.property(countList, counts => {
        const entropy = estimator.estimate(spectrumOfCounts(counts));
        expect(entropy).toBeGreaterThanOrEqual(0);
        expect(entropy).toBeLessThan(Number.POSITIVE_INFINITY);
      }),
    );
  });
});

describe('the plug-in', () => {
  test('is between 0 and the logarithm of the symbols seen', () => {
    fc.assert(
      fc.property(countList, counts => {
        const sample = spectrumOfCounts(counts);
        const entropy = plugIn.estimate(sample);
        expect(entropy).toBeGreaterThanOrEqual(0);
        expect(entropy).toBeLessThanOrEqual(Math.log(symbolsSeen(sample)) * (1 + 1e-15) + 1e-15);
      }),
    );
  });

  test('of two samples that share no symbol is their mean plus the entropy of which one', () => {
    fc.assert(
      fc.property(countList, countList, (a, b) => {
        const [nA, nB] = [a, b].map(counts => counts.reduce((sum, count) => sum + count, 0));
        const parts = [a, b].map(counts => plugIn.estimate(spectrumOfCounts(counts)));
        const mean = (nA * parts[0] + nB * parts[1]) / (nA + nB);
        const whole = plugIn.estimate(spectrumOfCounts([...a, ...b]));
        expect(Math.abs(whole - mean - plugIn.estimate(spectrumOfCounts([nA, nB])))).toBeLessThan(1e-12);
      }),
    );
  });

  test('of a sample seen several times over is that of the sample', () => {
    fc.assert(
      fc.property(countList, fc.integer({ min: 2, max: 1000 }), (counts, times) => {
        const repeated = plugIn.estimate(spectrumOfCounts(counts.map(count => count * times)));
        expect(Math.abs(repeated - plugIn.estimate(spectrumOfCounts(counts)))).toBeLessThan(1e-13);
      }),
    );
  });
});

test('corrections are upward, but for Chao-Shen where singletons shrink the shares', () => {
  fc.assert(
    fc.property(countList, counts => {
      const sample = spectrumOfCounts(counts);
      const plug = plugIn.estimate(sample);
      expect(millerMadow.estimate(sample)).toBeGreaterThanOrEqual(plug);
      expect(chaoWangJost.estimate(sample)).toBeGreaterThanOrEqual(plug - 1e-12);
      if (!counts.includes(1)) expect(chaoShen.estimate(sample)).toBeGreaterThanOrEqual(plug - 1e-12);
    }),
  );
});

test('coverage is the part of the sample that was not seen once only', () => {
  expect(sampleCoverage(spectrum([1, 3], [2, 1], [5, 1]))).toBeCloseTo(0.7, 15);
  expect(sampleCoverage(spectrum([2, 9]))).toBe(1);
  expect(sampleCoverage(spectrum([1, 9]))).toBe(0);
});

test('estimators are found by name, and a misspelt one is guessed', () => {
  expect(findEstimator('Chao-Shen')).toBe(chaoShen);
  expect(() => findEstimator('chao-wang')).toThrowError(
    expect.objectContaining({ code: 'unknown-estimator', message: 'unknown estimator "chao-wang"' }),
  );
  expect(() => findEstimator('miler-madow')).toThrowError(
    expect.objectContaining({ hint: 'Did you mean "miller-madow"?' }),
  );
});
