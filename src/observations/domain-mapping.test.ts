import { describe, expect, test } from 'vitest';
import { mapDomains } from './domain-mapping.ts';

const map = (evaluation: string[], training: string[], mapping = {}) =>
  Array.from(mapDomains(evaluation, training, mapping));

describe('the training domain of an evaluation domain', () => {
  test('is the one of the same name, in the end but for case and punctuation', () => {
    expect(map(['web', 'Web', 'dm_mathematics', 'Stack Exchange'], ['web', 'DM-Mathematics', 'stackexchange'])).toEqual(
      [0, 0, 1, 2],
    );
    expect(map(['news'], ['web'])).toEqual([-1]);
  });

  test('is the exact one where others differ in case only, and none where no form decides', () => {
    expect(map(['Web', 'WEB'], ['web', 'Web'])).toEqual([1, -1]);
    expect(map(['wiki en'], ['wiki_en', 'wiki-en'])).toEqual([-1]);
    expect(map(['--'], ['__'])).toEqual([-1]);
  });

  test('is the one the mapping says, or none where it says null', () => {
    expect(map(['web', 'code'], ['web', 'code'], { web: 'code', code: null })).toEqual([1, -1]);
  });

  test('is refused when the mapping names a domain that is not there', () => {
    expect(() => map(['web'], ['web'], { wev: 'web' })).toThrow(
      expect.objectContaining({
        code: 'unknown-domain',
        message: expect.stringMatching(/^unknown evaluation domain "wev"/),
        hint: 'Did you mean "web"?',
      }),
    );
    expect(() => map(['web'], ['web'], { web: 'code' })).toThrow(/^unknown training domain "code"/);
  });
});
