import { expect, test } from 'vitest';
import { PreTokenCache } from './pre-token-cache.ts';

const out = new Uint32Array(100);
const found = (cache: PreTokenCache, word: string) => [...out.subarray(0, cache.copy(word, 0, word.length, out, 0))];

test('ids come back for the very same characters and for no others', () => {
  const cache = new PreTokenCache(16);
  cache.add('say hello', 4, 9, Uint32Array.of(7, 8, 9));
  expect(found(cache, 'hello')).toEqual([7, 8, 9]);
  expect([cache.copy('oh hello!', 3, 8, out, 50), ...out.subarray(50, 53)]).toEqual([3, 7, 8, 9]);
  for (const other of ['hell', 'hellO', 'hello ', '', 'h\u0165llo']) expect(found(cache, other)).toEqual([]);
});

test('words of one hash are told apart', () => {
  // 31 * 65 + 97 = 31 * 66 + 66
  const cache = new PreTokenCache(16);
  cache.add('Aa', 0, 2, Uint32Array.of(1));
  expect(found(cache, 'BB')).toEqual([]);
  cache.add('BB', 0, 2, Uint32Array.of(2));
  expect(found(cache, 'Aa')).toEqual([1]);
  expect(found(cache, 'BB')).toEqual([2]);
});

test('it never holds more than it was made for, in words, characters or ids', () => {
  const cache = new PreTokenCache(16);
  const ids = Uint32Array.from({ length: 64 }, (_, k) => k);
  for (let i = 0; i < 10_000; i++) {
    const word = `${i}`.padStart(1 + (i % 64), 'w');
    if (found(cache, word).length > 0) continue;
    cache.add(word, 0, word.length, ids.subarray(0, 1 + (i % 64)));
    expect(cache.size).toBeLessThanOrEqual(16);
    expect(found(cache, word)).toHaveLength(1 + (i % 64));
  }
});

test('words of more characters or ids than come again are not kept', () => {
  const cache = new PreTokenCache(16);
  cache.add('x'.repeat(65), 0, 65, Uint32Array.of(1));
  cache.add('x', 0, 1, new Uint32Array(65));
  expect(cache.size).toBe(0);
});
