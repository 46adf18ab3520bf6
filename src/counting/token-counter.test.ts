import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { countPlainly, type Documents, readPlainly, sorted } from '../../test/counting.ts';
import type { TokenBatch } from '../corpus/index.ts';
import { tokenCapacity } from './counter-memory.ts';
import { LONGEST_IN_ONE_GROUP } from './deal-documents.ts';
import { type CounterOptions, TokenCounter } from './token-counter.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'bimix-counter-'));
afterAll(() => rmSync(folder, { recursive: true }));

const LITTLE = 5 << 20;
let files = 0;

/** The count file of these files' documents, given in batches of `batchLength` tokens. */
async function count(
  corpus: readonly Documents[],
  options: Partial<CounterOptions> & { batchLength?: number; counter?: TokenCounter } = {},
): Promise<string> {
  const counter = options.counter ?? counterOf(options);
  for (const [position, documents] of corpus.entries()) {
    counter.startFile(position, 0);
    for (const batch of batchesOf(documents, options.batchLength ?? 1000)) counter.add(batch);
  }
  const out = path.join(folder, `${files++}.counts`);
  await counter.finish(out, { domain: 'd', tokenizer: null, textBytes: null, sources: [] });
  return out;
}

function counterOf(options: Partial<CounterOptions>): TokenCounter {
  const defaults = { vocabulary: 50, groups: 16, acrossDocuments: false, memoryBytes: LITTLE, scratch: folder };
  return new TokenCounter({ ...defaults, ...options });
}

function batchesOf(documents: Documents, length: number): TokenBatch[] {
  const tokens = Uint32Array.from(documents.flat());
  const ends: number[] = [];
  for (const document of documents) if (document.length > 0) ends.push((ends.at(-1) ?? 0) + document.length);
  const batches: TokenBatch[] = [];
  for (let from = 0; from < tokens.length; from += length) {
    const to = Math.min(tokens.length, from + length);
    const cuts = ends.filter(end => end > from && end <= to).map(end => end - from);
    const continues = cuts.at(-1) !== to - from;
    if (continues) cuts.push(to - from);
    batches.push({ tokens: tokens.subarray(from, to), ends: Uint32Array.from(cuts), continues });
  }
  return batches;
}

/** x <- 1103515245 x + 12345 modulo 2^31; tokens are its upper bits modulo the vocabulary. */
function tokensOf(length: number, vocabulary: number, seed = 1): number[] {
  let x = seed;
  return Array.from({ length }, () => {
    x = (Math.imul(x, 1103515245) + 12345) & 0x7fffffff;
    return (x >>> 16) % vocabulary;
  });
}

function inDocuments(tokens: readonly number[], length: number): number[][] {
  return Array.from({ length: Math.ceil(tokens.length / length) }, (_, i) =>
    tokens.slice(i * length, (i + 1) * length),
  );
}

function totals(counts: ReadonlyMap<string, readonly number[]>): Map<string, number> {
  return new Map([...counts].map(([key, byGroup]) => [key, byGroup.reduce((a, b) => a + b, 0)]));
}

const documentList = (vocabulary: number) =>
  fc.array(fc.array(fc.nat(vocabulary - 1), { minLength: 1, maxLength: 30 }), { maxLength: 60 });

describe('counting tokens and pairs', () => {
  // numpy 2.4.6, x and t = (x >> 16) % 50 as in tokensOf(2000, 50):
  //   p, c = np.unique(t[:-1] * 50 + t[1:], return_counts=True); np.bincount(t, minlength=50)[:5]; (c * np.log(c)).sum()
  test('gives what numpy gives for one document', async () => {
    const counts = readPlainly(await count([[tokensOf(2000, 50)]], { groups: 1 }));
    const pairs = [...totals(counts.pairs)];
    expect(pairs.length).toBe(1378);
    expect(pairs.find(([, c]) => c === 6)).toEqual(['21,6', 6]);
    expect([1, 2, 3, 4, 5, 6, 7].map(c => pairs.filter(([, count]) => count === c).length)).toEqual([
      913, 349, 83, 27, 5, 1, 0,
    ]);
    expect(pairs.reduce((sum, [, c]) => sum + c * Math.log(c), 0)).toBeCloseTo(958.0774875363702, 9);
    expect(counts.unigrams[0].slice(0, 5)).toEqual([34, 36, 44, 38, 29]);
  });

  // d = t.reshape(20, 100); np.unique(d[:, :-1] * 50 + d[:, 1:], return_counts=True)
  test('gives what numpy gives for twenty documents, with no pair from one into the next', async () => {
    const counts = readPlainly(await count([inDocuments(tokensOf(2000, 50), 100)]));
    const pairs = [...totals(counts.pairs).values()];
    expect(pairs.length).toBe(1365);
    expect([1, 2, 3, 4, 5, 6].map(c => pairs.filter(count => count === c).length)).toEqual([902, 350, 81, 26, 5, 1]);
    expect(counts.documents.reduce((a, b) => a + b)).toBe(20);
    expect(counts.tokens).toEqual(counts.documents.map(n => 100 * n));
  });

  test('agrees with a map of pairs, by group, within and across documents', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(documentList(9), { maxLength: 4 }),
        fc.integer({ min: 1, max: 16 }),
        fc.boolean(),
        fc.integer({ min: 1, max: 100 }),
        async (corpus, groups, acrossDocuments, batchLength) => {
          const options = { vocabulary: 9, groups, acrossDocuments, batchLength };
          const found = readPlainly(await count(corpus, options));
          const expected = countPlainly(corpus, options);
          expect({ ...found, pairs: sorted(found.pairs) }).toEqual({ ...expected, pairs: sorted(expected.pairs) });
        },
      ),
      { numRuns: 60 },
    );
  });

  test('a vocabulary of 262,144 and one of 65,537 count the ids that 16 bits cannot hold', async () => {
    for (const vocabulary of [262_144, 65_537]) {
      const top = vocabulary - 1;
      const documents = [
        [top, 0, top, 0, 65_536],
        [0, top],
      ];
      const found = readPlainly(await count([documents], { vocabulary, groups: 2, memoryBytes: 32 << 20 }));
      const expected = countPlainly([documents], { vocabulary, groups: 2 });
      expect(sorted(found.pairs)).toEqual(sorted(expected.pairs));
      expect(found.unigrams[0][top]).toBe(expected.unigrams[0][top]);
    }
  });

  test('a document of one token has no pair, and an empty corpus no tokens', async () => {
    expect(readPlainly(await count([[[7], [7], [7]]])).pairs.size).toBe(0);
    const empty = readPlainly(await count([]));
    expect([empty.pairs.size, ...empty.tokens]).toEqual(new Array(17).fill(0));
  });

  test('a counter begins anew after each file it wrote', async () => {
    const counter = counterOf({});
    const [a, b] = [inDocuments(tokensOf(5000, 50), 70), inDocuments(tokensOf(300, 50, 9), 11)];
    const [first, second, third] = [await count([a], { counter }), await count([b], { counter }), await count([a])];
    expect(readFileSync(first)).toEqual(readFileSync(third));
    expect(readFileSync(second)).toEqual(readFileSync(await count([b])));
  });
});

describe('memory', () => {
  test('runs on disk give the same file, bit for bit, as one buffer', async () => {
    const short = inDocuments(tokensOf(300_000, 3000), 5);
    const long = [tokensOf(700_000, 3000, 4)];
    for (const [corpus, acrossDocuments] of [[[short, long], false] as const, [[long, short], true] as const]) {
      const options = { vocabulary: 3000, acrossDocuments };
      const inMemory = await count(corpus, { ...options, memoryBytes: 64 << 20 });
      expect(tokenCapacity(3000, 16, 5.5e6)).toBeLessThan(250_000);
      const spilled = await count(corpus, { ...options, memoryBytes: 5.5e6 });
      expect(readFileSync(spilled)).toEqual(readFileSync(inMemory));
    }
    expect(readdirSync(folder).filter(name => name.startsWith('run-'))).toEqual([]);
  });

  test('tables that do not fit are refused', () => {
    const refused = () => counterOf({ vocabulary: 262_144, memoryBytes: 32 << 20 });
    expect(refused).toThrow(/invalid memory: 32 MiB a worker, and the tables of 262144 ids in 16 groups take \d+ MiB/);
  });
});

describe('documents longer than any document', () => {
  test('go on in the next group, and lose no pair', async () => {
    const document = tokensOf(2.5 * LONGEST_IN_ONE_GROUP, 50);
    const found = readPlainly(await count([[document]], { batchLength: 999_999, memoryBytes: 64 << 20 }));
    expect(found.documents.slice(0, 4)).toEqual([1, 0, 0, 0]);
    expect(found.tokens.slice(0, 4)).toEqual([LONGEST_IN_ONE_GROUP, LONGEST_IN_ONE_GROUP, LONGEST_IN_ONE_GROUP / 2, 0]);
    const whole = countPlainly([[document]], { vocabulary: 50, groups: 1 });
    expect([...totals(found.pairs)].sort()).toEqual([...totals(whole.pairs)].sort());
    const unigrams = found.unigrams[0].map((_, id) => found.unigrams.reduce((sum, group) => sum + group[id], 0));
    expect(unigrams).toEqual(whole.unigrams[0]);
  });
});
