import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { spectraOfDocuments } from '../../test/token-arrays.ts';
import type { NgramSpectra } from '../entropy/index.ts';
import { groupOf } from './deal-documents.ts';
import { readDomainCounts } from './read-domain-counts.ts';
import { TokenCounter } from './token-counter.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'bimix-spectra-'));
afterAll(() => rmSync(folder, { recursive: true }));
const out = path.join(folder, 'd.counts');

async function count(documents: readonly (readonly number[])[], vocabulary: number, groups: number): Promise<void> {
  const counter = new TokenCounter({
    vocabulary,
    groups,
    acrossDocuments: false,
    memoryBytes: 8 << 20,
    scratch: folder,
  });
  counter.startFile(0, 0);
  for (const document of documents) counter.addDocument(Uint32Array.from(document));
  await counter.finish(out, { domain: 'd', tokenizer: null, textBytes: 5, sources: [] });
}

function plain({ documents, tokens, unigrams, bigrams, firsts }: NgramSpectra) {
  const list = ({ counts, multiplicities }: NgramSpectra['unigrams']) => [[...counts], [...multiplicities]];
  return { documents, tokens, unigrams: list(unigrams), bigrams: list(bigrams), firsts: list(firsts) };
}

describe('spectra of counted documents', () => {
  test('are those of the documents: all, all but a group, and growing sets of groups', async () => {
    const corpora = fc.array(fc.array(fc.oneof(fc.nat(3), fc.nat(30)), { minLength: 1, maxLength: 40 }), {
      maxLength: 50,
    });
    await fc.assert(
      fc.asyncProperty(corpora, fc.integer({ min: 1, max: 16 }), async (documents, groups) => {
        await count(documents, 31, groups);
        const { counts } = await readDomainCounts(out);
        const inGroups = (keep: (group: number) => boolean) =>
          plain(spectraOfDocuments(documents.filter((_, i) => keep(groupOf(0, i, groups)))));
        expect(plain(counts.all)).toEqual(inGroups(() => true));

        const all = Array.from({ length: groups === 1 ? 0 : groups }, (_, group) => group);
        expect(counts.without.map(plain)).toEqual(all.map(left => inGroups(group => group !== left)));

        const filled = [...new Set(documents.map((_, i) => groupOf(0, i, groups)))].sort((a, b) => a - b);
        const sizes = [1, 2, 4, 8].filter(size => size < filled.length);
        const growing = sizes.map(size => inGroups(group => filled.slice(0, size).includes(group)));
        expect(counts.growing.map(plain)).toEqual([...growing, inGroups(() => true)]);
      }),
      { numRuns: 60 },
    );
  });

  test('hold counts in the thousands and beyond', async () => {
    const document = (a: number, b: number, times: number) => new Array(times).fill([a, b]).flat();
    await count([document(0, 1, 5000), document(2, 3, 70_000), document(0, 1, 9000), [4, 5]], 6, 2);
    const { counts } = await readDomainCounts(out);
    expect(plain(counts.all).bigrams).toEqual([
      [1, 13_998, 14_000, 69_999, 70_000],
      [1, 1, 1, 1, 1],
    ]);
    // Documents 0 and 3 are in one group, 1 and 2 in the other.
    expect(counts.without.map(rest => plain(rest).bigrams)).toEqual([
      [
        [8999, 9000, 69_999, 70_000],
        [1, 1, 1, 1],
      ],
      [
        [1, 4999, 5000],
        [1, 1, 1],
      ],
    ]);
    expect([...counts.tokenCounts]).toEqual([14_000, 14_000, 70_000, 70_000, 1, 1]);
  });

  test('name the most frequent pairs, the first ones of those with one count', async () => {
    const documents = Array.from({ length: 200 }, (_, i) => [i, i + 1]);
    documents.push([7, 8], [300, 5], [300, 5], [300, 5]);
    await count(documents, 301, 4);
    const { topBigrams } = (await readDomainCounts(out)).counts;
    expect(topBigrams.slice(0, 4)).toEqual([
      { first: 300, second: 5, count: 3 },
      { first: 7, second: 8, count: 2 },
      { first: 0, second: 1, count: 1 },
      { first: 1, second: 2, count: 1 },
    ]);
    expect(topBigrams.length).toBe(100);
  });

  test('an empty domain has empty spectra', async () => {
    await count([], 10, 16);
    const { header, counts } = await readDomainCounts(out);
    expect(header.textBytes).toBe(5);
    expect(counts.all.bigrams.counts.length).toBe(0);
    expect(counts.growing.length).toBe(1);
  });

  test('a header that counts other tokens is refused', async () => {
    await count([[1, 2, 3]], 10, 1);
    const [bytes, other] = [readFileSync(out), path.join(folder, 'other.counts')];
    await count([[1, 2, 3, 4]], 10, 1);
    const longer = readFileSync(out);
    const cut = (file: Buffer) => file.indexOf('UNIG');
    writeFileSync(other, Buffer.concat([longer.subarray(0, cut(longer)), bytes.subarray(cut(bytes))]));
    await expect(readDomainCounts(other)).rejects.toThrow(/group 0 has 4 tokens by its header and 3 by its counts/);
  });
});
