import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { groupOf } from './deal-documents.ts';

function documentsByGroup(files: readonly number[], groups: number): number[] {
  const counts = new Array(groups).fill(0);
  for (const [file, documents] of files.entries()) {
    for (let document = 0; document < documents; document++) counts[groupOf(file, document, groups)]++;
  }
  return counts;
}

describe('dealing documents to groups', () => {
  test('any run of documents from a file’s beginning fills groups evenly, to within one document', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 16 }), fc.nat(5000), fc.nat(500), (groups, documents, file) => {
        const counts = new Array(groups).fill(0);
        for (let document = 0; document < documents; document++) counts[groupOf(file, document, groups)]++;
        expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
      }),
    );
  });

  test('files of one document each fill all groups', () => {
    expect(documentsByGroup(new Array(16).fill(1), 16)).toEqual(new Array(16).fill(1));
    expect(documentsByGroup(new Array(64).fill(1), 16)).toEqual(new Array(16).fill(4));
    const odd = documentsByGroup(new Array(1000).fill(1), 10);
    expect(Math.max(...odd) - Math.min(...odd)).toBeLessThanOrEqual(8);
  });

  test('two files of a few documents go to different groups', () => {
    expect(documentsByGroup([5, 5], 16)).toEqual([1, 1, 1, 1, 1, 0, 0, 0, 1, 1, 1, 1, 1, 0, 0, 0]);
  });

  test('documents of a periodic file are spread over all groups', () => {
    for (const period of [2, 4, 8, 16, 32]) {
      const counts = new Array(16).fill(0);
      for (let document = 0; document < 100_000; document += period) counts[groupOf(3, document, 16)]++;
      const mean = 100_000 / period / 16;
      expect(Math.min(...counts)).toBeGreaterThan(0.6 * mean);
      expect(Math.max(...counts)).toBeLessThan(1.6 * mean);
    }
  });

  test('groups are below their number', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 16 }), fc.nat(), fc.nat(), (groups, file, document) => {
        const group = groupOf(file, document, groups);
        expect(Number.isInteger(group) && group >= 0 && group < groups).toBe(true);
      }),
    );
  });
});
