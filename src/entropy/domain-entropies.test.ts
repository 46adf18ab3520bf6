import { describe, expect, test } from 'vitest';
import {
  countDocuments,
  markovSource,
  simulateCounts,
  uniformSource,
  zipfSource,
} from '../../test/simulated-sources.ts';
import { measureEntropies } from './domain-entropies.ts';
import { BEST_ESTIMATOR, ESTIMATORS } from './estimators.ts';
import { TOKEN_ENTROPIES } from './ngram-entropies.ts';

const source = markovSource(12, 3, 5);
const measured = measureEntropies('web', simulateCounts(source, 200, 60, 20, 1));

describe('the entropies of a domain', () => {
  test('are there for every estimator, with intervals around them', () => {
    for (const { name } of ESTIMATORS) {
      for (const entropy of TOKEN_ENTROPIES) {
        const { estimate, interval } = measured.estimators[name][entropy];
        expect(interval?.groups).toBe(20);
        expect(interval?.lower).toBeLessThan(estimate);
        expect(interval?.upper).toBeGreaterThan(estimate);
        expect(interval?.standardError).toBeGreaterThan(0);
      }
    }
    expect(measured.warnings).toEqual([]);
    expect(measured.tokens).toBe(12000);
  });

  test('hold the truth in the best interval', () => {
    for (const entropy of TOKEN_ENTROPIES) {
      const { interval } = measured.estimators[BEST_ESTIMATOR.name][entropy];
      expect(interval?.lower).toBeLessThan(source.entropies[entropy]);
      expect(interval?.upper).toBeGreaterThan(source.entropies[entropy]);
    }
  });

  test('are plain numbers that JSON carries', () => {
    expect(JSON.parse(JSON.stringify(measured))).toEqual(measured);
  });

  test('know that documents, not tokens, are what scatters', () => {
    // Each document repeats its own three tokens: 40 documents say little about the source, whatever their length.
    const documents = Array.from({ length: 40 }, (_, d) =>
      Array.from({ length: 300 }, (_, i) => ((d * 7919) % 101) + (i % 3)),
    );
    const error = (lengths: readonly number[][]): number =>
      measureEntropies('x', countDocuments(lengths, 110, 20)).estimators['miller-madow'].shannon.interval
        ?.standardError ?? 0;
    const longer = error(documents);
    const shorter = error(documents.map(document => document.slice(0, 30)));
    expect(longer / shorter).toBeGreaterThan(0.8);
  });

  test('warn where most of what comes next would be new', () => {
    const thin = measureEntropies('rare', simulateCounts(zipfSource(2000), 40, 50, 20, 2));
    expect(thin.coverage.bigrams).toBeLessThan(0.2);
    expect(thin.warnings).toEqual([
      expect.objectContaining({
        code: 'undersampled',
        domain: 'rare',
        message: expect.stringMatching(
          /^"rare" is undersampled: about \d+ % of its next pairs of tokens would be new; the intervals of its joint and conditional entropies are wide and may still miss; read more of it$/,
        ),
      }),
    ]);
  });

  test('have no intervals when there is one group, and say so', () => {
    const single = measureEntropies(
      'book',
      countDocuments([Array.from({ length: 500 }, (_, i) => (i * i) % 11)], 11, 1),
    );
    expect(single.estimators['plug-in'].shannon.interval).toBeNull();
    expect(single.warnings.map(warning => warning.message)).toEqual([
      '"book" has no intervals: it was counted as one group of 1 document',
    ]);
    const lonely = measureEntropies(
      'book',
      countDocuments([Array.from({ length: 500 }, (_, i) => (i * i) % 11)], 11, 4),
    );
    expect(lonely.warnings.map(warning => warning.code)).toEqual(['no-intervals']);
  });

  test('warn when one group of documents outweighs all others', () => {
    const documents = [900, 60, 60, 60].map((length, d) => Array.from({ length }, (_, i) => (i * i + d) % 13));
    const { warnings } = measureEntropies('mixed', countDocuments(documents, 13, 4));
    expect(warnings.map(warning => warning.message)).toEqual([
      'one group of documents holds 83 % of the tokens of "mixed": its intervals say little',
    ]);
  });

  test('never put an interval below 0', () => {
    const cycle = Array.from({ length: 30 }, () => Array.from({ length: 40 }, (_, i) => i % 8));
    const { estimators } = measureEntropies('cycle', countDocuments(cycle, 8, 10));
    for (const { name } of ESTIMATORS) {
      const { estimate, interval } = estimators[name].conditional;
      expect(estimate).toBeCloseTo(0, 2);
      expect(interval?.lower).toBeGreaterThanOrEqual(0);
    }
  });

  test('say when a conditional entropy had to be cut off at 0', () => {
    // First tokens are seen once or four times, pairs once or twice: singletons without any pair hint at a long tail of
    // first tokens, which the pairs do not.
    const once = Array.from({ length: 60 }, (_, i) => [i, 99]);
    const often = Array.from({ length: 5 }, (_, i) => [0, 0, 1, 1].map(next => [60 + i, 90 + next])).flat();
    const cut = measureEntropies('code', countDocuments([...once, ...often], 100, 4));
    expect(cut.estimators['chao-wang-jost'].conditional.estimate).toBe(0);
    expect(cut.warnings.map(warning => warning.message)).toContain(
      'the conditional entropy of "code" came out below 0 and counts as 0 (Chao-Wang-Jost)',
    );
  });

  test('of a domain without pairs of tokens cannot be measured', () => {
    expect(() => measureEntropies('titles', countDocuments([[1], [2], [3]], 4, 2))).toThrowError(
      expect.objectContaining({
        code: 'missing-tokens',
        message: 'missing tokens: no document of "titles" has two tokens (3 documents, 3 tokens)',
      }),
    );
  });

  test('of uniform tokens are the logarithm of their number', () => {
    const uniform = measureEntropies('dice', simulateCounts(uniformSource(6), 100, 60, 10, 4));
    expect(uniform.estimators['chao-wang-jost'].shannon.estimate).toBeCloseTo(Math.log(6), 3);
    expect(uniform.estimators['chao-wang-jost'].joint.estimate).toBeCloseTo(2 * Math.log(6), 2);
  });
});
