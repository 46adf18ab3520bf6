import fc from 'fast-check';
import { expect, test } from 'vitest';
import { BpeMerger, type BpeRules } from './bpe-merger.ts';

const byteIds = Array.from({ length: 256 }, (_, byte) => byte);

/** Pairs in order of rank; merge number i makes 256 + i. */
function rulesOf(pairs: readonly (readonly [number, number])[]): BpeRules {
  return {
    byteIds,
    left: pairs.map(([left]) => left),
    right: pairs.map(([, right]) => right),
    rank: pairs.map((_, rank) => rank),
    resultOfRank: pairs.map((_, rank) => 256 + rank),
  };
}

function merged(merger: BpeMerger, bytes: Uint8Array): number[] {
  return [...merger.merge(bytes, bytes.length)];
}

/** The definition: look through all neighbours again after every merge. */
function mergedByScanning(pairs: readonly (readonly [number, number])[], bytes: Uint8Array): number[] {
  const rankOf = new Map(pairs.map(([left, right], rank) => [`${left} ${right}`, rank]));
  const ids = [...bytes];
  for (;;) {
    const ranks = ids.slice(1).map((right, i) => rankOf.get(`${ids[i]} ${right}`) ?? Number.POSITIVE_INFINITY);
    const lowest = Math.min(...ranks);
    if (lowest === Number.POSITIVE_INFINITY) return ids;
    ids.splice(ranks.indexOf(lowest), 2, 256 + lowest);
  }
}

test('the lowest rank merges first, and of equals the leftmost', () => {
  const merger = new BpeMerger(
    rulesOf([
      [98, 99],
      [97, 98],
      [97, 97],
      [258, 97],
    ]),
  );
  expect(merged(merger, Buffer.from('abc'))).toEqual([97, 256]);
  expect(merged(merger, Buffer.from('abab'))).toEqual([257, 257]);
  expect(merged(merger, Buffer.from('aaa'))).toEqual([259]);
  expect(merged(merger, Buffer.from('aaaaa'))).toEqual([258, 259]);
  expect(merged(merger, Buffer.from(''))).toEqual([]);
  expect(merged(merger, Buffer.from('z'))).toEqual([122]);
});

test('the queue gives what scanning again and again gives', () => {
  const pairs = fc.uniqueArray(fc.tuple(fc.integer({ min: 0, max: 12 }), fc.integer({ min: 0, max: 12 })), {
    selector: String,
    maxLength: 30,
  });
  // Ids above 3 stand for merges made before, so that rules build on rules.
  const id = (x: number) => (x < 4 ? x : 252 + x);
  fc.assert(
    fc.property(pairs, fc.uint8Array({ max: 3, maxLength: 40 }), (drawn, bytes) => {
      const rules = drawn.map(([left, right]) => [id(left), id(right)] as const);
      expect(merged(new BpeMerger(rulesOf(rules)), bytes)).toEqual(mergedByScanning(rules, bytes));
    }),
    { numRuns: 1000 },
  );
});

test('pairs of one rank merge from left to right whatever they are', () => {
  // Both ways to put "aaa" together share the rank of "aaa", as in tiktoken.
  const merger = new BpeMerger({
    byteIds,
    left: [97, 256, 97],
    right: [97, 97, 256],
    rank: [0, 1, 1],
    resultOfRank: [256, 257],
  });
  expect(merged(merger, Buffer.from('aaaa'))).toEqual([256, 256]);
  expect(merged(merger, Buffer.from('aaaaa'))).toEqual([256, 257]);
});

test('a word of a megabyte merges', () => {
  const doubling = Array.from({ length: 20 }, (_, i): [number, number] => (i === 0 ? [97, 97] : [255 + i, 255 + i]));
  const merger = new BpeMerger(rulesOf(doubling));
  expect(merged(merger, new Uint8Array(2 ** 20).fill(97))).toEqual([275]);
  expect(merged(merger, new Uint8Array(2 ** 20 - 1).fill(97))).toHaveLength(20);
});
