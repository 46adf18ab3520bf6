/**
 * What counting pairs of tokens costs, beside a hash table and SQL.
 *
 * Run: npx tsc -p bench && node bench/build/bench/counting.bench.js [--tokens 50M] [--methods kernel,files,...]
 *
 * Tokens are independent, Zipf(1.0) over 50,000 ids, as u16, from a seed: harder than text, where pairs repeat more. Each
 * method runs in a process of its own, three times; the best time and the peak memory of the whole process are printed, and
 * all methods must find the same pairs. `cpu` is processor time, of all threads: other work on the machine hardly counts.
 *
 * - kernel: tokens in memory to sorted, encoded pairs with their counts, in 1 or 16 groups of documents; with two workers
 *   each counts half of the tokens
 * - files: token files on disk to one count file, everything included: starting, reading, checksums, merging
 * - hash table: open addressing in typed arrays, which holds all pairs
 * - DuckDB: GROUP BY over pairs loaded beforehand; loading is not in the time. Skipped when @duckdb/node-api is absent
 */

import { spawnSync } from 'node:child_process';
import {
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  readSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { NO_ROW } from '../src/counting/pair-block-reader.ts';
import { PairBlockWriter } from '../src/counting/pair-block-writer.ts';
import { PairKernel } from '../src/counting/pair-kernel.ts';
import { PairRow } from '../src/counting/pair-row.ts';
import { TokenBuffer } from '../src/counting/token-buffer.ts';
import { parseQuantity } from '../src/mixture/index.ts';

const VOCABULARY = 50_000;
const DOCUMENT = 500;
const RUNS = 3;

/** What a method found, and what it took. */
interface Measured {
  seconds: number;
  cpuSeconds: number;
  /** Different pairs; null where they are in parts that were not merged. */
  pairs: number | null;
  note?: string;
}

type Method = (files: readonly string[], folder: string) => Promise<Measured>;

const METHODS: Record<string, Method> = {
  'kernel, 1 group': files => kernel(files, 1, 1),
  'kernel, 16 groups': files => kernel(files, 16, 1),
  'kernel, 1 group, 2 workers': files => kernel(files, 1, 2),
  'kernel, 16 groups, 2 workers': files => kernel(files, 16, 2),
  'files, 1 group': (files, folder) => countFiles(files, folder, { groups: 1, workers: 1 }),
  'files, 16 groups': (files, folder) => countFiles(files, folder, { groups: 16, workers: 1 }),
  'files, 16 groups, 2 workers': (files, folder) => countFiles(files, folder, { groups: 16, workers: 2 }),
  'files, 16 groups, 256 MB': (files, folder) => countFiles(files, folder, { groups: 16, workers: 1, memory: 256e6 }),
  'hash table': hashTable,
  'DuckDB, 1 thread': files => duckdb(files, 1),
  'DuckDB, 2 threads': files => duckdb(files, 2),
};

if (!isMainThread) await countWhenTold();
else if (process.argv[2] === '--measure') await measure(process.argv[3], process.argv.slice(4));
else compare();

function compare(): void {
  const { values } = parseArgs({
    options: { tokens: { type: 'string', default: '50M' }, methods: { type: 'string', default: '' } },
  });
  const tokens = parseQuantity(values.tokens, 'number of tokens');
  const folder = mkdtempSync(path.join(tmpdir(), 'bimix-counting-'));
  try {
    const files = [0, 1].map(half => writeTokens(path.join(folder, `half-${half}.bin`), tokens / 2, half));
    console.log(`${tokens / 1e6} M tokens in documents of ${DOCUMENT - 1}`);
    console.log('method'.padEnd(30), 'seconds     Mtok/s  Mtok/s cpu   peak MB       pairs');
    const found = new Set<number>();
    for (const name of Object.keys(METHODS).filter(method => method.includes(values.methods))) {
      const { status, stdout, stderr } = spawnSync(
        process.execPath,
        [process.argv[1], '--measure', name, folder, ...files],
        { encoding: 'utf8', maxBuffer: 1e8 },
      );
      if (status !== 0) {
        console.log(
          name.padEnd(30),
          `failed: ${
            stderr
              .trim()
              .split('\n')
              .find(line => /Error/.test(line)) ?? stderr
          }`,
        );
        continue;
      }
      const { seconds, cpuSeconds, pairs, note, peak } = JSON.parse(stdout);
      if (pairs !== null) found.add(pairs);
      const rate = (time: number) => (tokens / 1e6 / time).toFixed(1);
      console.log(
        name.padEnd(30),
        note ??
          `${seconds.toFixed(2).padStart(7)} ${rate(seconds).padStart(10)} ${rate(cpuSeconds).padStart(11)} ${(peak / 1e3).toFixed(0).padStart(9)} ${String(pairs ?? '').padStart(11)}`,
      );
    }
    console.log(found.size <= 1 ? 'all found the same number of different pairs' : `DIFFERENT PAIRS: ${[...found]}`);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function measure(name: string, [folder, ...files]: string[]): Promise<void> {
  const measured = await METHODS[name](files, folder);
  console.log(JSON.stringify({ ...measured, peak: process.resourceUsage().maxRSS }));
}

/** u16; the last token of each document is `VOCABULARY`, the mark of its end. */
function writeTokens(file: string, count: number, seed: number): string {
  const cumulative = new Float64Array(VOCABULARY);
  let sum = 0;
  for (let rank = 0; rank < VOCABULARY; rank++) cumulative[rank] = sum += 1 / (rank + 2.7);
  let first = 0;
  const guide = Uint32Array.from({ length: 1 << 16 }, (_, i) => {
    while (cumulative[first] < (sum * i) / (1 << 16)) first++;
    return first;
  });
  const tokens = new Uint16Array(count);
  let x = 0x9e3779b9 * (seed + 1);
  for (let i = 0; i < count; i++) {
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    const place = (x >>> 0) / 2 ** 32;
    let rank = guide[Math.floor(place * (1 << 16))];
    while (cumulative[rank] < place * sum) rank++;
    tokens[i] = i % DOCUMENT === DOCUMENT - 1 ? VOCABULARY : rank;
  }
  writeFileSync(file, tokens);
  return file;
}

function readTokens(file: string): Uint16Array {
  const { buffer, byteOffset, length } = readFileSync(file);
  return new Uint16Array(buffer, byteOffset, length / 2);
}

/** Tokens in pieces of whole documents, each valid until the next. */
function* piecesOf(files: readonly string[]): Generator<Uint16Array> {
  const piece = new Uint16Array(DOCUMENT * 1000);
  for (const file of files) {
    const handle = openSync(file, 'r');
    for (let bytes = readSync(handle, piece); bytes > 0; bytes = readSync(handle, piece)) {
      yield piece.subarray(0, bytes / 2);
    }
    closeSync(handle);
  }
}

/** The best of several runs. */
async function best(run: () => Promise<void> | void): Promise<{ seconds: number; cpuSeconds: number }> {
  const times = [];
  for (let i = 0; i < RUNS; i++) {
    const cpu = process.cpuUsage();
    const start = performance.now();
    await run();
    const seconds = (performance.now() - start) / 1e3;
    const { user, system } = process.cpuUsage(cpu);
    times.push({ seconds, cpuSeconds: (user + system) / 1e6 });
  }
  return {
    seconds: Math.min(...times.map(({ seconds }) => seconds)),
    cpuSeconds: Math.min(...times.map(({ cpuSeconds }) => cpuSeconds)),
  };
}

async function kernel(files: readonly string[], groups: number, workers: number): Promise<Measured> {
  if (workers === 1) {
    const { buffer, kernel } = loaded(files, groups);
    return { ...(await best(() => countBuffer(buffer, kernel, groups))), pairs: null };
  }
  const threads = files.map(file => new Worker(process.argv[1], { workerData: { file, groups } }));
  const answers = () => Promise.all(threads.map(thread => new Promise(resolve => thread.once('message', resolve))));
  await answers();
  const times = await best(async () => {
    const done = answers();
    for (const thread of threads) thread.postMessage('count');
    await done;
  });
  for (const thread of threads) await thread.terminate();
  return { ...times, pairs: null };
}

async function countWhenTold(): Promise<void> {
  const { file, groups } = workerData;
  const { buffer, kernel } = loaded([file], groups);
  parentPort?.on('message', () => {
    countBuffer(buffer, kernel, groups);
    parentPort?.postMessage('counted');
  });
  parentPort?.postMessage('ready');
}

/** Tokens of files in a buffer, and a kernel for as many. */
function loaded(files: readonly string[], groups: number) {
  const capacity = files.reduce((sum, file) => sum + statSync(file).size / 2, 0) + groups * (1 << 15);
  const buffer = new TokenBuffer(VOCABULARY, groups, capacity);
  for (const tokens of piecesOf(files)) {
    for (let start = 0; start < tokens.length; start += DOCUMENT) {
      const group = (start / DOCUMENT) % groups;
      for (let at = start; at < start + DOCUMENT - 1; ) {
        buffer.open(group);
        if (at > start) buffer.push(tokens[at - 1]);
        at += buffer.append(tokens, at, start + DOCUMENT - 1);
      }
    }
  }
  return { buffer, kernel: new PairKernel(VOCABULARY, groups, capacity, new PairRow(VOCABULARY, groups)) };
}

function countBuffer(buffer: TokenBuffer, kernel: PairKernel, groups: number): void {
  kernel.fill(buffer, new Float64Array(VOCABULARY * groups));
  kernel.drainTo(new PairBlockWriter(groups, () => {}));
}

async function countFiles(
  files: readonly string[],
  folder: string,
  { groups, workers, memory = 2 ** 30 }: { groups: number; workers: number; memory?: number },
): Promise<Measured> {
  const read = { format: 'nanogpt', dtype: 'u16', eos: VOCABULARY } as const;
  const spec = { domain: 'zipf', files, read, tokenizer: null, vocabulary: VOCABULARY + 1 };
  const workFolder = path.join(folder, 'work');
  // Not loaded where the kernel is measured: they would count as its memory.
  const { countCorpus } = await import('../src/counting/index.ts');
  let counts = '';
  const times = await best(async () => {
    if (existsSync(workFolder)) rmSync(workFolder, { recursive: true });
    mkdirSync(workFolder);
    counts = [...(await countCorpus([spec], { workFolder, groups, workers, memoryBytes: memory })).values()][0];
  });
  return { ...times, pairs: await pairsIn(counts) };
}

async function pairsIn(counts: string): Promise<number> {
  const { CountsFileReader } = await import('../src/counting/counts-file.ts');
  const file = new CountsFileReader(counts);
  file.addUnigramsTo(new Float64Array(file.header.vocabulary * file.header.groups));
  const reader = file.pairs();
  let pairs = 0;
  while (reader.first !== NO_ROW) while (reader.nextPair()) pairs++;
  return pairs;
}

async function hashTable(files: readonly string[]): Promise<Measured> {
  const all = files.map(readTokens);
  let pairs = 0;
  const times = await best(() => {
    pairs = 0;
    let mask = (1 << 20) - 1;
    let keys = new Uint32Array(mask + 1);
    let counts = new Uint32Array(mask + 1);
    const slotOf = (key: number) => {
      let slot = Math.imul(key, 0x9e3779b1) >>> 0;
      slot = (slot ^ (slot >>> 15)) & mask;
      while (counts[slot] !== 0 && keys[slot] !== key) slot = (slot + 1) & mask;
      return slot;
    };
    const grow = () => {
      const [oldKeys, oldCounts] = [keys, counts];
      mask = mask * 2 + 1;
      keys = new Uint32Array(mask + 1);
      counts = new Uint32Array(mask + 1);
      for (let old = 0; old < oldKeys.length; old++) {
        if (oldCounts[old] === 0) continue;
        const slot = slotOf(oldKeys[old]);
        keys[slot] = oldKeys[old];
        counts[slot] = oldCounts[old];
      }
    };
    for (const tokens of all) {
      for (let i = 1; i < tokens.length; i++) {
        if (tokens[i] === VOCABULARY || tokens[i - 1] === VOCABULARY) continue;
        const key = (tokens[i - 1] << 16) | tokens[i];
        const slot = slotOf(key >>> 0);
        if (counts[slot]++ !== 0) continue;
        keys[slot] = key;
        if (++pairs > 0.6 * mask) grow();
      }
    }
  });
  return { ...times, pairs };
}

async function duckdb(files: readonly string[], threads: number): Promise<Measured> {
  const library = await import('@duckdb/node-api').catch(() => null);
  if (library === null) return { seconds: 0, cpuSeconds: 0, pairs: null, note: 'skipped: @duckdb/node-api is absent' };
  const { DuckDBInstance, DuckDBDataChunk, UINTEGER } = library;
  const database = await DuckDBInstance.create(':memory:', { threads: String(threads) });
  const connection = await database.connect();
  await connection.run('CREATE TABLE pairs (pair UINTEGER)');
  const appender = await connection.createAppender('pairs');
  for (const file of files) {
    const tokens = readTokens(file);
    const appendPairs = (pairs: number[]) => {
      const chunk = DuckDBDataChunk.create([UINTEGER], pairs.length);
      chunk.setColumnValues(0, pairs);
      appender.appendDataChunk(chunk);
    };
    let pairs: number[] = [];
    for (let i = 1; i < tokens.length; i++) {
      if (tokens[i] === VOCABULARY || tokens[i - 1] === VOCABULARY) continue;
      if (pairs.push(((tokens[i - 1] << 16) | tokens[i]) >>> 0) < 2048) continue;
      appendPairs(pairs);
      pairs = [];
    }
    if (pairs.length > 0) appendPairs(pairs);
  }
  appender.closeSync();
  let pairs = 0;
  const times = await best(async () => {
    const sql = 'SELECT count(*), sum(times) FROM (SELECT pair, count(*) AS times FROM pairs GROUP BY pair)';
    pairs = Number((await connection.runAndReadAll(sql)).getRows()[0][0]);
  });
  return { ...times, pairs };
}
