import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readPlainly, sorted } from '../../test/counting.ts';
import type { CountedFile, CountsHeader } from './counts-header.ts';
import { mergeCountFiles } from './merge-counts.ts';
import { type CounterOptions, TokenCounter } from './token-counter.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'bimix-merge-'));
afterAll(() => rmSync(folder, { recursive: true }));

const TOKENIZER = { name: 'gpt2', version: 'sha256:1', unicode: '15.0' };
let files = 0;
const newPath = () => path.join(folder, `${files++}.counts`);

function sourceOf(position: number, changes: Partial<CountedFile> = {}): CountedFile {
  const whole = { bytes: 100, fingerprint: `f${position}`, position, of: 1, parts: [0], limit: null, notes: [] };
  return { path: `file-${position}.bin`, ...whole, ...changes };
}

/** Counts of some documents of the file at a position. */
async function countFile(
  position: number,
  header: Partial<CountsHeader> = {},
  options: Partial<CounterOptions> = {},
): Promise<string> {
  const defaults = { vocabulary: 400, groups: 5, acrossDocuments: false, memoryBytes: 5 << 20, scratch: folder };
  const counter = new TokenCounter({ ...defaults, ...options });
  counter.startFile(position, 0);
  for (let document = 0; document < 50; document++) {
    const length = (document * 13 + position) % 40;
    counter.addDocument(Uint32Array.from({ length }, (_, i) => (document * position * 31 + i * i * 7) % 400));
  }
  const out = newPath();
  const sources = [sourceOf(position)];
  await counter.finish(out, { domain: 'd', tokenizer: TOKENIZER, textBytes: 10 + position, sources, ...header });
  return out;
}

async function merged(paths: readonly string[]): Promise<string> {
  const out = newPath();
  await mergeCountFiles(paths, out);
  return out;
}

describe('merging count files', () => {
  const parts: string[] = [];
  let whole: Buffer;
  beforeAll(async () => {
    for (let position = 0; position < 8; position++) parts.push(await countFile(position));
    whole = readFileSync(await merged(parts));
  });

  test('gives the sum of all', async () => {
    const sum = readPlainly(await merged(parts));
    const each = parts.map(readPlainly);
    expect(sum.tokens).toEqual(sum.tokens.map((_, g) => each.reduce((total, { tokens }) => total + tokens[g], 0)));
    const pairs = new Map<string, number[]>();
    for (const part of each) {
      for (const [key, counts] of part.pairs) {
        pairs.set(
          key,
          counts.map((count, g) => count + (pairs.get(key)?.[g] ?? 0)),
        );
      }
    }
    expect(sorted(sum.pairs)).toEqual(sorted(pairs));
  });

  test('gives the same file, bit for bit, in any order and by any steps', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.shuffledSubarray([0, 1, 2, 3, 4, 5, 6, 7], { minLength: 8 }),
        fc.array(fc.tuple(fc.nat(), fc.nat()), { maxLength: 7 }),
        async (order, steps) => {
          const left = order.map(i => parts[i]);
          for (const [a, b] of steps) {
            if (left.length < 2) break;
            const [first] = left.splice(a % left.length, 1);
            const [second] = left.splice(b % left.length, 1);
            left.push(await merged([first, second]));
          }
          expect(readFileSync(await merged(left))).toEqual(whole);
        },
      ),
      { numRuns: 25 },
    );
  });

  test('goes by steps when there are many files', async () => {
    const many: string[] = [];
    for (let position = 0; position < 150; position++) many.push(await countFile(position));
    const backwards = await merged([...many].reverse());
    const halves = await merged([await merged(many.slice(0, 60)), await merged(many.slice(60))]);
    expect(readFileSync(backwards)).toEqual(readFileSync(halves));
  }, 300_000);

  test('one file merges to itself', async () => {
    expect(readFileSync(await merged([parts[3]]))).toEqual(readFileSync(parts[3]));
  });

  test('bytes of text are unknown as soon as those of one file are', async () => {
    const tokens = await countFile(9, { textBytes: null });
    expect((await mergeCountFiles([parts[0], tokens], newPath())).textBytes).toBeNull();
    expect((await mergeCountFiles([parts[0], parts[1]], newPath())).textBytes).toBe(21);
  });
});

describe('count files that do not belong together', () => {
  const changes: [string, Partial<CountsHeader>, Partial<CounterOptions>, RegExp][] = [
    ['domain', { domain: 'e' }, {}, /has domain d, .* has e/],
    [
      'tokenizer',
      { tokenizer: { ...TOKENIZER, version: 'sha256:2' } },
      {},
      /has tokenizer gpt2 \(sha256:1, .*sha256:2/,
    ],
    ['Unicode version', { tokenizer: { ...TOKENIZER, unicode: '16.0' } }, {}, /Unicode 15.0.*Unicode 16.0/],
    ['known tokenizer', { tokenizer: null }, {}, /has tokenizer gpt2 .* has unknown/],
    ['vocabulary', {}, { vocabulary: 401 }, /has vocabulary 400, .* has 401/],
    ['groups', {}, { groups: 6 }, /has groups 5, .* has 6/],
    ['pairs across documents', {}, { acrossDocuments: true }, /has acrossDocuments false, .* has true/],
  ];
  test.each(changes)('by their %s are refused', async (_, header, options, message) => {
    const [a, b] = [await countFile(1), await countFile(2, header, options)];
    await expect(merged([a, b])).rejects.toThrow(message);
  });

  test('a tokenizer by another name is the same tokenizer', async () => {
    const renamed = await countFile(2, { tokenizer: { ...TOKENIZER, name: 'a/tokenizer.json' } });
    const other = await countFile(1);
    const names = await Promise.all(
      [
        [renamed, other],
        [other, renamed],
      ].map(async pair => (await mergeCountFiles(pair, newPath())).tokenizer?.name),
    );
    expect(names).toEqual(['a/tokenizer.json', 'a/tokenizer.json']);
  });

  test('a part given twice is refused, by whatever way it comes', async () => {
    const [a, b] = [await countFile(1), await countFile(2)];
    await expect(merged([a, b, a])).rejects.toThrow(/both hold file-1.bin/);
    await expect(merged([await merged([a, b]), b])).rejects.toThrow(/both hold file-2.bin/);
    const partOf = (parts: number[]) => countFile(3, { sources: [sourceOf(3, { of: 4, parts })] });
    await expect(merged([await partOf([0, 2]), await partOf([2])])).rejects.toThrow(
      /both hold part 3 of 4 of file-3.bin/,
    );
    const { sources } = await mergeCountFiles([await partOf([0, 2]), await partOf([1])], newPath());
    expect(sources).toEqual([sourceOf(3, { of: 4, parts: [0, 1, 2] })]);
  });

  test('parts of a file that changed, or that was cut or sampled otherwise, are refused', async () => {
    const partOf = (changes: Partial<CountedFile>) =>
      countFile(3, { sources: [sourceOf(3, { of: 2, parts: [0], ...changes })] });
    const first = await partOf({});
    for (const [changes, message] of [
      [{ parts: [1], fingerprint: 'x' }, /two different files as file-3.bin/],
      [{ parts: [1], bytes: 101 }, /two different files as file-3.bin/],
      [{ parts: [1], of: 3 }, /which they cut differently/],
      [{ parts: [1], limit: 10 }, /which they cut differently/],
    ] as const) {
      await expect(merged([first, await partOf(changes)])).rejects.toThrow(message);
    }
  });

  test('nothing is left behind, and nothing written over, when a merge fails', async () => {
    const [a, b] = [await countFile(1), await countFile(2)];
    const out = await merged([a, b]);
    const [before, bytes] = [readdirSync(folder), readFileSync(out)];
    await expect(mergeCountFiles([a, a], out)).rejects.toThrow();
    await expect(mergeCountFiles([], out)).rejects.toThrow(/missing count files/);
    await expect(mergeCountFiles([a], path.join(folder, 'none', 'x.counts'))).rejects.toThrow(/invalid output file/);
    expect(readdirSync(folder)).toEqual(before);
    expect(readFileSync(out)).toEqual(bytes);
  });

  test('a signal stops a merge', async () => {
    const signal = AbortSignal.abort(new Error('enough'));
    const [a, b] = [await countFile(1, {}, { vocabulary: 2000 }), await countFile(2, {}, { vocabulary: 2000 })];
    await expect(mergeCountFiles([a, b], newPath(), { signal })).rejects.toThrow('enough');
  });
});
