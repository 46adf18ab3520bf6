import { describe, expect, test } from 'vitest';
import { matchDomains, renameDomains } from './match-domains.ts';
import { mixtureToRecord } from './mixture.ts';
import { findPreset } from './presets.ts';

const SLIMPAJAMA = ['ArXiv', 'Books', 'C4', 'CommonCrawl', 'GitHub', 'StackExchange', 'Wikipedia'];

describe('domain names', () => {
  test('match across case, punctuation, plural and known synonyms', () => {
    expect(matchDomains(SLIMPAJAMA, ['cc', 'c4', 'github', 'arxiv', 'book', 'se', 'wiki'])).toEqual([
      3, 4, 1, 0, 2, 5, 6,
    ]);
    expect(
      matchDomains(
        ['Gutenberg (PG-19)', 'Pile-CC', 'DM Mathematics', 'Wikipedia (en)', 'HackerNews'],
        [...['the_pile_pile_cc', 'hacker_news', 'wikipedia_en', 'dm_mathematics', 'gutenberg_pg_19']],
      ),
    ).toEqual([4, 0, 3, 2, 1]);
  });

  test('prefer the exact name, then the same letters, to a synonym', () => {
    expect(matchDomains(['cc'], ['commoncrawl', 'cc'])).toEqual([1]);
    expect(matchDomains(['CC'], ['commoncrawl', 'cc'])).toEqual([1]);
  });

  test('that fit two domains are ambiguous', () => {
    expect(() => matchDomains(['CommonCrawl'], ['cc', 'pile-cc'], 'preset x')).toThrowError(
      'ambiguous domain "CommonCrawl" in preset x: it may be "cc" or "pile-cc"',
    );
  });

  test('that share one domain are ambiguous', () => {
    expect(() => matchDomains(['wiki', 'Wikipedia'], ['wikipedia_en', 'web'])).toThrowError(
      /both "wiki" and "Wikipedia" in mixture stand for it/,
    );
  });

  test('without a counterpart are all named', () => {
    expect(() => matchDomains(['CommonCrawl', 'Books', 'C4'], ['cc', 'code'])).toThrowError(
      'unknown domains "Books", "C4" in mixture',
    );
    expect(() => matchDomains(['githb'], ['github', 'web'])).toThrowError(
      expect.objectContaining({ hint: 'Did you mean "github"?' }),
    );
  });
});

test('a preset takes the names of the runs, and a domain it does not know gets nothing', () => {
  const domains = ['cc', 'c4', 'github', 'arxiv', 'books', 'se', 'wiki', 'recipes'];
  const preset = renameDomains(findPreset('slimpajama/baseline').mixture, domains, 'preset slimpajama/baseline');
  expect(preset.domains).toEqual(domains);
  const record = mixtureToRecord(preset);
  expect(record.cc).toBeCloseTo(0.5203, 3);
  expect(record.recipes).toBe(0);
});
