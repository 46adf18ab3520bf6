import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readPlainly } from '../../test/counting.ts';
import { BimixError } from '../errors/index.ts';
import { readCountsHeader } from './merge-counts.ts';
import { TokenCounter } from './token-counter.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'bimix-counts-'));
afterAll(() => rmSync(folder, { recursive: true }));

const good = path.join(folder, 'good.counts');
const source = {
  path: 'code/a.bin',
  bytes: 1234,
  fingerprint: 'f00d',
  position: 2,
  of: 4,
  parts: [1, 3],
  limit: null,
  notes: ['no eos was stated: the file counts as one document'],
};

beforeAll(async () => {
  const counter = new TokenCounter({
    vocabulary: 300,
    groups: 3,
    acrossDocuments: false,
    memoryBytes: 5 << 20,
    scratch: folder,
  });
  counter.startFile(2, 1);
  for (let document = 0; document < 20; document++) {
    counter.addDocument(Uint32Array.from({ length: 9 }, (_, i) => (document * document * 7 + i * i * 31) % 300));
  }
  const tokenizer = { name: 'gpt2', version: 'sha256:0', unicode: '15.0' };
  await counter.finish(good, { domain: 'code "ä"', tokenizer, textBytes: 777, sources: [source] });
});

function refusalOf(bytes: Uint8Array): BimixError {
  const damaged = path.join(folder, 'damaged.counts');
  writeFileSync(damaged, bytes);
  try {
    readPlainly(damaged);
  } catch (error) {
    if (error instanceof BimixError) return error;
    throw error;
  }
  throw new Error('it was read');
}

describe('a count file', () => {
  test('says what was counted', () => {
    expect(readCountsHeader(good)).toEqual({
      domain: 'code "ä"',
      tokenizer: { name: 'gpt2', version: 'sha256:0', unicode: '15.0' },
      vocabulary: 300,
      acrossDocuments: false,
      groups: 3,
      documents: [6, 7, 7],
      tokens: [54, 63, 63],
      textBytes: 777,
      sources: [source],
    });
  });

  test('is refused when it is cut off anywhere, with the place', () => {
    const bytes = readFileSync(good);
    for (let length = 0; length < bytes.length; length++) {
      const { code, message, where } = refusalOf(bytes.subarray(0, length));
      expect(code).toBe('invalid-counts');
      expect(message).toMatch(/ends early/);
      expect(where.byte).toBe(length);
    }
  });

  test('is refused when any byte is damaged, with the place', () => {
    const bytes = readFileSync(good);
    for (let at = 0; at < bytes.length; at++) {
      const damaged = Buffer.from(bytes);
      damaged[at] ^= 1 << (at % 8);
      const { code, where } = refusalOf(damaged);
      expect(code).toBe('invalid-counts');
      expect(where.byte).toBeLessThanOrEqual(bytes.length);
    }
  });

  test('is refused when bytes follow it or a block is missing', () => {
    const bytes = readFileSync(good);
    const longer = refusalOf(Buffer.concat([bytes, Buffer.from('more')]));
    expect(longer.message).toMatch(/4 bytes follow its end/);
    expect(longer.where.byte).toBe(bytes.length);

    const pairs = bytes.indexOf('PAIR');
    const done = bytes.indexOf('DONE');
    const fewer = refusalOf(Buffer.concat([bytes.subarray(0, pairs), bytes.subarray(done)]));
    expect(fewer.message).toMatch(/4 frames were written, 2 are here/);
  });

  test('of another version, or none at all, is refused', () => {
    const bytes = readFileSync(good);
    const newer = Buffer.from(bytes);
    newer.write('bimix-counts 2');
    expect(refusalOf(newer).message).toMatch(/does not begin like a count file/);
    expect(refusalOf(Buffer.from('{"domains": {}}')).message).toMatch(/does not begin|ends early/);
    expect(() => readCountsHeader(path.join(folder, 'none.counts'))).toThrow(/missing count file/);
    expect(() => readCountsHeader(folder)).toThrow(/it is a folder/);
  });

  test('is read by the Python of its documentation', () => {
    const doc = readFileSync(path.resolve(import.meta.dirname, '../../docs/counts-format.md'), 'utf8');
    const script = /```python\n([\s\S]*?)```/.exec(doc)?.[1] ?? '';
    expect(script).toContain('def read_counts');
    let out: string;
    try {
      out = execFileSync(
        'python3',
        [
          '-c',
          `${script}\nimport sys, json\nh, u, p = read_counts(sys.argv[1])
print(json.dumps([h["vocabulary"], sorted((k, v) for k, v in u.items()), [(a, b, c) for (a, b), c in p.items()]]))`,
          good,
        ],
        {
          encoding: 'utf8',
        },
      );
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
      console.warn('skipped: the Python of docs/counts-format.md: there is no python3');
      return;
    }
    const { unigrams, pairs } = readPlainly(good);
    const [vocabulary, ids, list] = JSON.parse(out);
    expect(vocabulary).toBe(300);
    const byId = unigrams[0].map((_, id) => unigrams.map(counts => counts[id]));
    expect(ids).toEqual(byId.flatMap((counts, id) => (counts.some(c => c > 0) ? [[id, counts]] : [])));
    expect(list).toEqual([...pairs].map(([key, counts]) => [...key.split(',').map(Number), counts]));
  });
});
