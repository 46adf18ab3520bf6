import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { countPlainly, type Documents, readPlainly, sorted } from '../../test/counting.ts';
import { BimixError } from '../errors/index.ts';
import { countCorpus } from './count-corpus.ts';
import type { CountingOptions, CountingProgress, DomainSpec } from './domain-spec.ts';
import { mergeCountFiles, readCountsHeader } from './merge-counts.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'bimix-corpus-'));
afterAll(() => rmSync(folder, { recursive: true }));

const DIST = path.resolve(import.meta.dirname, '../../dist/counting');
const isBuilt = existsSync(path.join(DIST, 'count-worker.js'));
if (!isBuilt) console.warn('skipped: counting in threads: run `npm run build` first, threads run the built code');

const EOS = 99;
let folders = 0;

function newFolder(): string {
  const made = path.join(folder, `work-${folders++}`);
  mkdirSync(made);
  return made;
}

/** u16, each document followed by EOS. */
function writeTokens(name: string, documents: Documents): string {
  const file = path.join(folder, name);
  writeFileSync(file, Uint16Array.from(documents.flatMap(document => [...document, EOS])));
  return file;
}

function documentsOf(seed: number, count: number, length: number): number[][] {
  let x = seed;
  const next = () => {
    x = (Math.imul(x, 1103515245) + 12345) & 0x7fffffff;
    return x >>> 16;
  };
  return Array.from({ length: count }, () => Array.from({ length: 1 + (next() % length) }, () => next() % 90));
}

const tokenCorpus = [documentsOf(1, 60, 90), documentsOf(2, 7, 500), documentsOf(3, 1, 2000)];
let tokens: DomainSpec;
let texts: DomainSpec;
/** Of several parts, for its files are larger than a part. */
let large: DomainSpec;

beforeAll(() => {
  const files = tokenCorpus.map((documents, i) => writeTokens(`t${i}.bin`, documents));
  const read = { format: 'nanogpt', dtype: 'u16', eos: EOS } as const;
  tokens = { domain: 'tokens', files, read, tokenizer: null, vocabulary: 100 };

  const lines = Array.from({ length: 300 }, (_, i) => JSON.stringify({ text: `${'é'.repeat(i % 5)} line ${i * i}` }));
  const jsonl = path.join(folder, 'a.jsonl');
  writeFileSync(jsonl, `${lines.join('\n')}\n`);
  const plain = path.join(folder, 'b.txt');
  writeFileSync(plain, 'one text of one document');
  texts = { domain: 'texts', files: [jsonl, plain], read: {}, tokenizer: { kind: 'bytes' } };

  const halves = [documentsOf(4, 2000, 100), documentsOf(5, 2000, 100)];
  const paths = halves.map((documents, i) => writeTokens(`l${i}.bin`, documents));
  large = { domain: 'large files', files: paths, read, tokenizer: null, vocabulary: 100, partBytes: 60_000 };
});

async function count(specs: readonly DomainSpec[], options: Partial<CountingOptions> = {}): Promise<string[]> {
  const counted = await countCorpus(specs, { workFolder: newFolder(), workers: 0, ...options });
  return [...counted.values()];
}

async function bytesOf(specs: readonly DomainSpec[], options: Partial<CountingOptions> = {}): Promise<Buffer[]> {
  return (await count(specs, options)).map(file => readFileSync(file));
}

async function refusalOf(spec: Partial<DomainSpec>, options: Partial<CountingOptions> = {}): Promise<BimixError> {
  try {
    await count([{ ...tokens, ...spec }], options);
  } catch (error) {
    if (error instanceof BimixError) return error;
    throw error;
  }
  throw new Error('it was counted');
}

describe('counting a corpus', () => {
  test('counts the documents of all files, in their groups', async () => {
    for (const acrossDocuments of [false, true]) {
      const [file] = await count([{ ...tokens, acrossDocuments }]);
      const expected = countPlainly(tokenCorpus, { vocabulary: 100, groups: 16, acrossDocuments });
      const found = readPlainly(file);
      expect({ ...found, pairs: sorted(found.pairs) }).toEqual({ ...expected, pairs: sorted(expected.pairs) });
    }
  });

  test('counts text by its tokenizer, and its bytes', async () => {
    const header = readCountsHeader((await count([texts]))[0]);
    const bytes = readFileSync(texts.files[0], 'utf8')
      .trim()
      .split('\n')
      .map(line => JSON.parse(line).text)
      .join('');
    const length = Buffer.byteLength(bytes) + 'one text of one document'.length;
    expect(header.tokenizer?.name).toBe('bytes');
    expect(header.textBytes).toBe(length);
    expect(header.tokens.reduce((a, b) => a + b)).toBe(length);
    expect(header.documents.reduce((a, b) => a + b)).toBe(301);
    expect(header.sources.map(({ path: file, position }) => [path.basename(file), position])).toEqual([
      ['a.jsonl', 0],
      ['b.txt', 1],
    ]);
  });

  test.skipIf(!isBuilt)('gives the same files, bit for bit, with any number of workers and any memory', async () => {
    const specs = [large, texts, tokens];
    const expected = await bytesOf(specs);
    expect(await bytesOf(specs, { workers: 1 })).toEqual(expected);
    expect(await bytesOf(specs, { workers: 2, memoryBytes: 8.56e6 })).toEqual(expected);
    expect(await bytesOf(specs, { memoryBytes: 4.28e6 })).toEqual(expected);
  });

  test('shards merge to the whole, bit for bit', async () => {
    const [whole] = await bytesOf([large]);
    const shards: string[] = [];
    for (const index of [1, 0]) shards.push(...(await count([large], { shard: { index, of: 2 } })));
    const out = path.join(folder, 'whole.counts');
    await mergeCountFiles(shards, out);
    expect(readFileSync(out)).toEqual(whole);
    expect(await count([tokens], { shard: { index: 1, of: 2 } })).toEqual([]);
  });

  test('ids that files alone tell of are below one number for all domains', async () => {
    const wide = path.join(folder, 'wide.bin');
    writeFileSync(wide, Uint32Array.of(1, 100_000, 2, EOS, 5, 6));
    const { vocabulary: _, ...narrow } = tokens;
    const both = [
      narrow,
      { ...narrow, domain: 'wide', files: [wide], read: { ...tokens.read, dtype: 'u32' as const } },
    ];
    const vocabularies = async (specs: readonly DomainSpec[]) =>
      (await count(specs)).map(file => readCountsHeader(file).vocabulary);
    expect(await vocabularies([narrow])).toEqual([65_536]);
    expect(await vocabularies(both)).toEqual([262_144, 262_144]);
  });

  test('a file larger than a part is counted in parts, each document once', async () => {
    const file = path.join(folder, 'large.jsonl');
    writeFileSync(file, `${JSON.stringify({ text: 'abcdefghij'.repeat(100) })}\n`.repeat(350));
    const [counts] = await count([{ ...texts, files: [file], partBytes: 100_000 }]);
    const { sources, documents, tokens: counted } = readCountsHeader(counts);
    expect([sources[0].of, sources[0].parts]).toEqual([4, [0, 1, 2, 3]]);
    expect(documents.reduce((a, b) => a + b)).toBe(350);
    expect(Math.max(...documents) - Math.min(...documents)).toBeLessThanOrEqual(4);
    expect(counted.reduce((a, b) => a + b)).toBe(350_000);
    const across = readCountsHeader(
      (await count([{ ...texts, files: [file], partBytes: 1e5, acrossDocuments: true }]))[0],
    );
    expect([across.sources[0].of, across.sources[0].parts]).toEqual([1, [0]]);
  });
});

describe('a sample', () => {
  test('is of about this many tokens, from the beginning of each file in proportion', async () => {
    const [file] = await count([{ ...tokens, sampleTokens: 3000, acrossDocuments: false }]);
    const { sources, tokens: counted } = readCountsHeader(file);
    expect(counted.reduce((a, b) => a + b)).toBe(3000);
    expect(sources.reduce((sum, { limit }) => sum + (limit ?? 0), 0)).toBe(3000);
    const beginnings = tokenCorpus.map((documents, i) => beginningOf(documents, sources[i].limit ?? 0));
    const expected = countPlainly(beginnings, { vocabulary: 100, groups: 16 });
    expect(sorted(readPlainly(file).pairs)).toEqual(sorted(expected.pairs));
  });

  test('of text ends within a document, and counts its bytes in proportion', async () => {
    const [file] = await count([{ ...texts, sampleTokens: 500 }]);
    const { textBytes, tokens: counted } = readCountsHeader(file);
    expect(counted.reduce((a, b) => a + b)).toBe(500);
    expect(textBytes).toBe(500);
  });

  test('larger than the domain is the domain', async () => {
    const [file] = await count([{ ...tokens, sampleTokens: 1e9 }]);
    expect(readPlainly(file)).toEqual(readPlainly((await count([tokens]))[0]));
  });
});

function beginningOf(documents: Documents, limit: number): number[][] {
  let left = limit;
  return documents
    .map(document => {
      const kept = document.slice(0, left);
      left -= kept.length;
      return kept;
    })
    .filter(document => document.length > 0);
}

describe('progress', () => {
  test('tells tokens and parts, to the end', async () => {
    const seen: CountingProgress[] = [];
    await count([large, tokens], { onProgress: progress => seen.push(progress) });
    const last = seen[seen.length - 1];
    expect([last.partsDone, last.parts, last.secondsLeft]).toEqual([9, 9, 0]);
    expect(last.tokens).toBeGreaterThan(190_000);
    expect(seen.every(({ tokens: sum }, i) => i === 0 || sum >= seen[i - 1].tokens)).toBe(true);
  });
});

describe('a count that was stopped', () => {
  test('by a signal leaves finished parts, and a rerun counts the rest', async () => {
    for (const workers of isBuilt ? [0, 1] : [0]) {
      const workFolder = newFolder();
      const stop = new AbortController();
      const onProgress = ({ partsDone }: CountingProgress) => partsDone === 1 && stop.abort(new Error('Ctrl-C'));
      const stopped = count([large, tokens, texts], { workFolder, workers, signal: stop.signal, onProgress });
      await expect(stopped).rejects.toThrow('Ctrl-C');
      const left = readdirSync(workFolder);
      expect(left.filter(name => name.endsWith('.counts')).length).toBeGreaterThanOrEqual(1);
      expect(left.filter(name => name.startsWith('.'))).toEqual([]);
      expect(await bytesOf([large, tokens, texts], { workFolder, workers: 0 })).toEqual(
        await bytesOf([large, tokens, texts]),
      );
    }
  });

  test('before it began does nothing', async () => {
    const workFolder = path.join(newFolder(), 'not-made');
    await expect(count([tokens], { workFolder, signal: AbortSignal.abort(new Error('no')) })).rejects.toThrow('no');
    expect(existsSync(workFolder)).toBe(false);
  });

  test.skipIf(!isBuilt)(
    'by kill -9 amid a part goes on where parts are finished, and counts nothing twice',
    async () => {
      for (const workers of [0, 2]) {
        const workFolder = newFolder();
        const specs = [tokens, large, texts];
        // Kills itself at the first news after two parts are done: amid the third one.
        const script = `
        import { countCorpus } from ${JSON.stringify(`${DIST}/index.js`)};
        const onProgress = ({ partsDone }) => partsDone >= 2 && process.kill(process.pid, 'SIGKILL');
        await countCorpus(${JSON.stringify(specs)}, {...${JSON.stringify({ workFolder, workers })}, onProgress });`;
        const { signal, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
          encoding: 'utf8',
        });
        expect({ signal, stderr }).toEqual({ signal: 'SIGKILL', stderr: '' });
        const killed = readdirSync(workFolder);
        const finished = killed.filter(name => name.endsWith('.counts'));
        expect(finished.length).toBeGreaterThanOrEqual(2);
        expect(killed.some(name => name.startsWith('.bimix-'))).toBe(true);

        const seen: CountingProgress[] = [];
        const rerun = await bytesOf(specs, { workFolder, onProgress: progress => seen.push(progress) });
        expect(rerun).toEqual(await bytesOf(specs));
        expect([seen[0].parts, seen.at(-1)?.partsDone]).toEqual([10, 10]);
        expect(seen[0].partsDone).toBeGreaterThanOrEqual(2);
        expect(readdirSync(workFolder).filter(name => !name.endsWith('.counts'))).toEqual([]);
        expect(readdirSync(workFolder).length).toBe(3);
      }
    },
  );
});

describe('a rerun', () => {
  test('counts nothing again', async () => {
    const workFolder = newFolder();
    const once = await bytesOf([large, texts], { workFolder });
    const before = readdirSync(workFolder);
    const seen: CountingProgress[] = [];
    expect(await bytesOf([large, texts], { workFolder, onProgress: progress => seen.push(progress) })).toEqual(once);
    expect(seen).toEqual([]);
    expect(readdirSync(workFolder)).toEqual(before);
  });

  test('counts again what changed: a file, its time, how it is read, the settings', async () => {
    const workFolder = newFolder();
    const paths = new Set<string>();
    const recount = async (spec: Partial<DomainSpec>, options: Partial<CountingOptions> = {}) => {
      for (const file of await count([{ ...tokens, ...spec }], { workFolder, ...options })) paths.add(file);
      return paths.size;
    };
    expect(await recount({})).toBe(1);
    expect(await recount({})).toBe(1);
    expect(await recount({ read: { ...tokens.read, eos: 98 } })).toBe(2);
    expect(await recount({}, { groups: 8 })).toBe(3);
    expect(await recount({ sampleTokens: 100 })).toBe(4);
    expect(await recount({ acrossDocuments: true })).toBe(5);
    expect(await recount({ files: [...tokens.files].reverse() })).toBe(6);
    utimesSync(tokens.files[0], 1, 1);
    expect(await recount({})).toBe(7);
    writeTokens('t1.bin', documentsOf(22, 7, 500));
    expect(await recount({})).toBe(8);
    writeTokens('t1.bin', tokenCorpus[1]);
  });
});

describe('what cannot be counted', () => {
  test('is refused before anything is read', async () => {
    expect((await refusalOf({}, { groups: 17 })).message).toBe(
      'invalid groups: 17, expected a whole number from 1 to 16',
    );
    expect((await refusalOf({}, { workers: 1.5 })).code).toBe('invalid-workers');
    expect((await refusalOf({}, { memoryBytes: 0 })).code).toBe('invalid-memory');
    expect((await refusalOf({}, { shard: { index: 2, of: 2 } })).code).toBe('invalid-shard');
    expect((await refusalOf({ vocabulary: 1_048_577 })).code).toBe('invalid-vocabulary');
    expect((await refusalOf({ sampleTokens: 0 })).code).toBe('invalid-sample');
    expect((await refusalOf({ files: [] })).message).toBe('missing files: domain "tokens" has none');
    expect((await refusalOf({ files: [tokens.files[0], tokens.files[0]] })).message).toMatch(/t0.bin is given twice/);
    expect((await refusalOf({ files: [path.join(folder, 'none.bin')] })).code).toBe('missing-file');
    await expect(count([tokens, tokens])).rejects.toThrow('invalid domains: "tokens" is given twice');
  });

  test.skipIf(!isBuilt)('is told alike by this thread and by a worker, with the file', async () => {
    const broken = path.join(folder, 'broken.jsonl');
    writeFileSync(broken, '{"text": "one"}\n{"text": 2}\n');
    for (const workers of [0, 1]) {
      const text = await refusalOf({ files: texts.files, read: {} }, { workers });
      expect(text.message).toMatch(/missing tokenizer: .*a.jsonl of domain "tokens" is text/);
      const ids = await refusalOf({ vocabulary: 50 }, { workers });
      expect(ids.code).toMatch(/^invalid-/);
      expect(ids.where.file).toBe(tokens.files[0]);
      const line = await refusalOf({ ...texts, files: [broken] }, { workers });
      expect(line.where).toMatchObject({ file: broken, line: 2 });
      const memory = await refusalOf({}, { workers, memoryBytes: 1e6 });
      expect(memory.code).toBe('invalid-memory');
    }
  });
});
