import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Executor, localExecutor, type TaskStatus } from '../cluster/index.ts';
import { countCorpus } from './count-corpus.ts';
import { countInShards } from './count-in-shards.ts';
import type { DomainSpec } from './domain-spec.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'bimix-shards-'));
afterAll(() => rmSync(folder, { recursive: true }));
let folders = 0;
const newFolder = () => path.join(folder, `work-${folders++}`);

const read = { format: 'nanogpt', dtype: 'u16', eos: 9 } as const;
let specs: DomainSpec[];
/** Count files, by domain. */
let expected: Map<string, Buffer>;

const bytesOf = (files: ReadonlyMap<string, string>) =>
  new Map([...files].map(([domain, file]) => [domain, readFileSync(file)]));

beforeAll(async () => {
  const tokens = (name: string, count: number) => {
    const file = path.join(folder, name);
    writeFileSync(
      file,
      Uint16Array.from({ length: count }, (_, i) => (i * i * 7 + (i >> 5)) % 90),
    );
    return file;
  };
  const shared = { read, tokenizer: null, vocabulary: 100 };
  const text = path.join(folder, 'text.txt');
  writeFileSync(text, 'one text of one document');
  specs = [
    { ...shared, domain: 'large', files: [tokens('a.bin', 90_000), tokens('b.bin', 70_000)], partBytes: 60_000 },
    { ...shared, domain: 'small', files: [tokens('c.bin', 3000)] },
    { domain: 'text', files: [text], read: {}, tokenizer: { kind: 'bpe', merges: [110, 101] } },
  ];
  expected = bytesOf(await countCorpus(specs, { workFolder: newFolder(), workers: 0 }));
});

describe('counting in shards', () => {
  test.each([1, 3, undefined])('gives the count files of counting without, bit for bit: %s shards', async shards => {
    const workFolder = newFolder();
    const seen: string[] = [];
    const files = await countInShards(specs, localExecutor(), {
      workFolder,
      parallel: 2,
      ...(shards === undefined ? {} : { shards }),
      onChange: (step, statuses) => seen.push(`${step} ${statuses.length}`),
    });
    expect(bytesOf(files)).toEqual(expected);
    const parts = 8;
    expect(seen[0]).toBe(`counting ${shards ?? parts}`);
    expect(seen.at(-1)).toBe(shards === 1 ? 'counting 1' : 'merging 1');
    expect(readdirSync(workFolder).sort()).toEqual([...files.values()].map(file => path.basename(file)).sort());
  });

  test('goes on after an interruption with the shards that are done', async () => {
    const workFolder = newFolder();
    const stop = new AbortController();
    const reason = new Error('enough');
    const options = { workFolder, shards: 4, parallel: 1 };
    const first = countInShards(specs, localExecutor(), {
      ...options,
      signal: stop.signal,
      onChange: (_, statuses) => statuses.some(({ state }) => state === 'done') && stop.abort(reason),
    });
    await expect(first).rejects.toBe(reason);
    const doneAtFirst: number[] = [];
    const done = (statuses: readonly TaskStatus[]) => statuses.filter(({ state }) => state === 'done').length;
    const files = await countInShards(specs, localExecutor(), {
      ...options,
      onChange: (_, statuses) => doneAtFirst.push(done(statuses)),
    });
    expect(doneAtFirst[0]).toBeGreaterThan(0);
    expect(bytesOf(files)).toEqual(expected);
  });

  test('counts no file that is not what was planned, and says which', async () => {
    const changed = path.join(folder, 'changed.bin');
    writeFileSync(
      changed,
      Uint16Array.from({ length: 100 }, (_, i) => i % 9),
    );
    const late: Executor = {
      name: 'late',
      run: (...args) => {
        writeFileSync(
          changed,
          Uint16Array.from({ length: 120 }, (_, i) => i % 8),
        );
        return localExecutor().run(...args);
      },
    };
    const spec = { domain: 'd', files: [changed], read, tokenizer: null, vocabulary: 100 };
    const counting = countInShards([spec], late, { workFolder: newFolder(), parallel: 1 });
    await expect(counting).rejects.toThrow(
      /missing counts: 1 of 1 tasks failed; shard-0: exit code 1\ninvalid file .*changed.bin: it is missing here, or not what was planned/,
    );
  });
});
