import { describe, expect, test } from 'vitest';
import { independentSource, simulateCounts, uniformSource, zipfSource } from '../../test/simulated-sources.ts';
import { type DomainEntropies, measureEntropies } from './domain-entropies.ts';
import { rankDomains } from './ranking.ts';

function domain(name: string, vocabulary: number, documents: number, seed: number, groups = 20): DomainEntropies {
  return measureEntropies(name, simulateCounts(uniformSource(vocabulary), documents, 50, groups, seed));
}

describe('the ranking of domains', () => {
  test('is settled when intervals are apart and equal size gives the same order', () => {
    const ranking = rankDomains(
      { small: domain('small', 20, 60, 1), large: domain('large', 60, 400, 2), middle: domain('middle', 35, 200, 3) },
      'shannon',
    );
    expect(ranking.domains).toEqual(['large', 'middle', 'small']);
    expect(ranking.isSettled).toBe(true);
    expect(ranking.warnings).toEqual([]);
    expect(ranking.equalSize.tokens).toBe(3000);
    expect(ranking.equalSize.domains).toEqual(ranking.domains);
    expect(ranking.equalSize.rarefied).toEqual([]);
    expect(ranking.equalSize.entropies.large).toBeLessThan(Math.log(60));
  });

  test('is not settled between domains whose intervals overlap, and names them with their values', () => {
    const ranking = rankDomains(
      { web: domain('web', 40, 100, 1), news: domain('news', 40, 100, 2), code: domain('code', 10, 100, 3) },
      'conditional',
    );
    expect(ranking.isSettled).toBe(false);
    expect(ranking.warnings.map(warning => warning.code)).toContain('ranking-unsettled');
    expect(ranking.warnings[0].message).toMatch(
      /^the ranking by conditional entropy is not settled, intervals overlap: (web|news) 3\.\d{3} \(3\.\d{3} to 3\.\d{3}\) and (web|news) 3\.\d{3} \(3\.\d{3} to 3\.\d{3}\)$/,
    );
  });

  test('of domains of unlike size shows what the plug-in hides', () => {
    // The same source twice, once with 100 times the documents.
    const source = zipfSource(400);
    const measured = {
      little: measureEntropies('little', simulateCounts(source, 40, 50, 20, 1)),
      much: measureEntropies('much', simulateCounts(source, 4000, 50, 20, 2)),
    };
    const plugIn = (name: 'little' | 'much'): number => measured[name].estimators['plug-in'].conditional.estimate;
    expect(plugIn('much') - plugIn('little')).toBeGreaterThan(1.5);
    const { equalSize, isSettled } = rankDomains(measured, 'conditional');
    expect(isSettled).toBe(false);
    expect(equalSize.tokens).toBe(2000);
    expect(equalSize.rarefied).toEqual(['much']);
    expect(Math.abs((equalSize.entropies.much ?? 0) - (equalSize.entropies.little ?? 0))).toBeLessThan(0.1);
  });

  test('that changes at equal size is named with both values', () => {
    // Half of the tokens are one word, half spread over 1500: of 1000 tokens, few of those have been seen.
    const flat = measureEntropies('flat', simulateCounts(uniformSource(70), 40, 25, 20, 1));
    const tail = independentSource([1500, ...new Array<number>(1500).fill(1)]);
    const steep = measureEntropies('steep', simulateCounts(tail, 2000, 25, 20, 2));
    const ranking = rankDomains({ flat, steep }, 'shannon');
    expect(ranking.domains).toEqual(['steep', 'flat']);
    expect(ranking.equalSize.domains).toEqual(['flat', 'steep']);
    expect(ranking.isSettled).toBe(false);
    expect(ranking.warnings.at(-1)?.message).toMatch(
      /^the ranking by shannon entropy changes at equal size \(plug-in at 1K tokens each\): flat \(4\.\d{3}\) above steep \(3\.\d{3}\)$/,
    );
  });

  test('cannot be called settled without intervals', () => {
    const ranking = rankDomains({ web: domain('web', 40, 40, 1, 1), code: domain('code', 10, 40, 2) }, 'joint');
    expect(ranking.isSettled).toBe(false);
    expect(ranking.warnings.map(warning => warning.message)).toEqual([
      'the ranking by joint entropy cannot be called settled: no intervals for "web"',
    ]);
  });

  test('says which domains cannot be compared at the size of a tiny one', () => {
    const ranking = rankDomains({ tiny: domain('tiny', 5, 2, 1, 2), big: domain('big', 40, 4000, 2, 2) }, 'shannon');
    expect(ranking.equalSize.tokens).toBe(100);
    expect(ranking.equalSize.entropies.big).not.toBeNull();
    const speck = { ...domain('speck', 5, 2, 1, 2), tokens: 12 };
    const tiny = rankDomains({ speck, big: domain('big', 40, 400, 2) }, 'shannon');
    expect(tiny.equalSize.entropies.big).toBeNull();
    expect(tiny.warnings.at(-1)?.message).toMatch(/cannot be compared at the 12 tokens of "speck"/);
  });

  test('of one domain is settled, of none an error', () => {
    expect(rankDomains({ web: domain('web', 40, 40, 1) }, 'shannon').isSettled).toBe(true);
    expect(() => rankDomains({}, 'shannon')).toThrowError(expect.objectContaining({ code: 'missing-domains' }));
    expect(() => rankDomains({ web: domain('web', 40, 40, 1) }, 'shannon', 'best')).toThrowError(
      expect.objectContaining({ code: 'unknown-estimator' }),
    );
  });
});
