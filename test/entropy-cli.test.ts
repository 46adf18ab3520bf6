import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Entropies, parseEntropyResults } from '../src/entropy/index.ts';
import { invoke } from './invoke.ts';

const TEXTS: Readonly<Record<string, readonly string[]>> = {
  letters: Array.from({ length: 40 }, (_, i) => 'abcdefgh'.repeat(5 + (i % 7))),
  words: Array.from({ length: 40 }, (_, i) =>
    `the ${'cat dog owl'.split(' ')[i % 3]} saw number ${i * 7919} and ran. `.repeat(3),
  ),
  numbers: Array.from({ length: 40 }, (_, i) => String((i + 1) ** 9).repeat(4)),
};

let folder: string;
const at = (name: string): string => join(folder, name);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bimix-entropy-'));
  for (const [domain, texts] of Object.entries(TEXTS)) {
    await mkdir(at(domain));
    const lines = texts.map(text => JSON.stringify({ text }));
    await writeFile(at(`${domain}/0.jsonl`), lines.slice(0, 25).join('\n'));
    await writeFile(at(`${domain}/1.jsonl`), lines.slice(25).join('\n'));
  }
  const domains = Object.keys(TEXTS).map(domain => `  ${domain}: {files: ["${domain}/*.jsonl"]}`);
  await writeFile(at('corpus.yaml'), `tokenizer: bytes\ndomains:\n${domains.join('\n')}\n`);
});
afterAll(() => rm(folder, { recursive: true }));

/** Plug-in entropies of documents' bytes, counted with maps: nats. */
function entropiesOf(texts: readonly string[]): Entropies {
  const unigrams = new Map<number, number>();
  const pairs = new Map<number, number>();
  const firsts = new Map<number, number>();
  const add = (map: Map<number, number>, key: number) => map.set(key, (map.get(key) ?? 0) + 1);
  for (const text of texts) {
    const bytes = Buffer.from(text);
    bytes.forEach((byte, i) => {
      add(unigrams, byte);
      if (i + 1 === bytes.length) return;
      add(pairs, byte * 256 + bytes[i + 1]);
      add(firsts, byte);
    });
  }
  const entropy = (map: Map<number, number>): number => {
    const total = [...map.values()].reduce((a, b) => a + b, 0);
    return -[...map.values()].reduce((sum, count) => sum + (count / total) * Math.log(count / total), 0);
  };
  return { shannon: entropy(unigrams), joint: entropy(pairs), conditional: entropy(pairs) - entropy(firsts) };
}

describe('bimix entropy', () => {
  test('prints the entropies of the definition, within documents, in nats with bits beside', async () => {
    const { code, out } = await invoke('entropy', at('corpus.yaml'), '--workers', '0', '--work', at('w1'), '--json');
    expect(code).toBe(0);
    const results = parseEntropyResults(out, 'stdout');
    expect(results.tokenizer?.name).toBe('bytes');
    for (const [domain, texts] of Object.entries(TEXTS)) {
      const expected = entropiesOf(texts);
      const measured = results.domains[domain];
      expect(measured.documents).toBe(40);
      expect(measured.tokens).toBe(Buffer.byteLength(texts.join('')));
      expect(measured.tokensPerByte).toBe(1);
      for (const entropy of ['shannon', 'joint', 'conditional'] as const) {
        expect(measured[entropy]).toBeCloseTo(expected[entropy], 10);
        expect(measured.bits[entropy]).toBeCloseTo(expected[entropy] / Math.LN2, 10);
        expect(measured.bitsPerByte?.[entropy]).toBeCloseTo(expected[entropy] / Math.LN2, 10);
      }
    }
  });

  test('implies mixtures proportional to exp(H), beside size and uniform', async () => {
    const { out } = await invoke('entropy', at('corpus.yaml'), '--workers', '0', '--work', at('w1'), '--json');
    const { domains, mixtures } = parseEntropyResults(out, 'stdout');
    const weights = Object.values(domains).map(({ conditional }) => Math.exp(conditional));
    const sum = weights.reduce((a, b) => a + b, 0);
    Object.values(mixtures.conditional).forEach((share, j) => {
      expect(share).toBeCloseTo(weights[j] / sum, 12);
    });
    expect(Object.keys(mixtures)).toEqual(['shannon', 'joint', 'conditional', 'size', 'uniform']);
  });

  test('shards merge to the same entropies, bit for bit, in any order', async () => {
    await invoke('entropy', at('corpus.yaml'), '--workers', '0', '--work', at('w2'), '-o', at('whole.json'));
    for (const shard of ['0/2', '1/2']) {
      const { code } = await invoke(
        'entropy',
        at('corpus.yaml'),
        '--workers',
        '0',
        '--work',
        at(`shard${shard[0]}`),
        '--shard',
        shard,
      );
      expect(code).toBe(0);
    }
    const counts = [];
    for (const part of ['shard0', 'shard1'])
      for (const name of await readdir(at(part))) counts.push(join(at(part), name));
    expect((await invoke('entropy', 'merge', ...counts.reverse(), '-o', at('merged.json'))).code).toBe(0);
    const [whole, merged] = await Promise.all(
      ['whole.json', 'merged.json'].map(async name => parseEntropyResults(await readFile(at(name), 'utf8'), name)),
    );
    for (const domain of Object.keys(TEXTS)) expect(merged.domains[domain]).toEqual(whole.domains[domain]);
  });

  test('a rerun uses what is counted', async () => {
    await invoke('entropy', at('corpus.yaml'), '--workers', '0', '--work', at('w3'), '-o', at('a.json'));
    const before = await readdir(at('w3'));
    await invoke('entropy', at('corpus.yaml'), '--workers', '0', '--work', at('w3'), '-o', at('b.json'));
    expect(await readdir(at('w3'))).toEqual(before);
    expect(await readFile(at('a.json'), 'utf8')).toBe(await readFile(at('b.json'), 'utf8'));
  });

  test('trains a tokenizer on the corpus and leaves it as tokenizer.json', async () => {
    const args = ['entropy', at('corpus.yaml'), '--workers', '0', '--json'];
    const trained = await invoke(...args, '--tokenizer', 'bpe:300', '--work', at('w4'));
    const results = parseEntropyResults(trained.out, 'stdout');
    expect(results.vocabulary).toBe(300);
    const again = await invoke(...args, '--tokenizer', at('w4/tokenizer.json'), '--work', at('w5'));
    const { domains } = parseEntropyResults(again.out, 'stdout');
    expect(domains.words.conditional).toBe(results.domains.words.conditional);
  });

  test('von Neumann entropies are measured when asked for', async () => {
    const { out } = await invoke(
      'entropy',
      at('corpus.yaml'),
      '--workers',
      '0',
      '--work',
      at('w1'),
      '--von-neumann',
      '--json',
    );
    const { domains, mixtures } = parseEntropyResults(out, 'stdout');
    expect(domains.numbers.vonNeumann).toBeGreaterThan(domains.letters.vonNeumann ?? Infinity);
    expect(mixtures).toHaveProperty('vonNeumann');
  });

  test('writes a report', async () => {
    const args = ['entropy', at('corpus.yaml'), '--workers', '0', '--work', at('w1'), '--date', '2026-01-02'];
    expect((await invoke(...args, '--report', at('entropy.html'))).code).toBe(0);
    const page = await readFile(at('entropy.html'), 'utf8');
    expect(page).toContain('letters');
    expect(page).not.toMatch(/NaN|undefined/);
  });
});

describe('bimix mixture', () => {
  beforeAll(async () => {
    await invoke('entropy', at('corpus.yaml'), '--workers', '0', '--work', at('w1'), '-o', at('entropy.json'));
  });

  test('writes the mixture of a proxy', async () => {
    const { code } = await invoke(
      'mixture',
      '--from',
      at('entropy.json'),
      '--proxy',
      'joint',
      '-o',
      at('mixture.yaml'),
    );
    expect(code).toBe(0);
    expect(await readFile(at('mixture.yaml'), 'utf8')).toContain('joint entropy');
  });

  test('keeps to tokens available', async () => {
    await writeFile(at('available.yaml'), 'letters: 1B\nwords: 1B\nnumbers: 10B\n');
    const args = ['--tokens', '10B', '--available', at('available.yaml'), '--max-epochs', '1', '--json'];
    const { out } = await invoke('mixture', '--from', at('entropy.json'), ...args);
    const { mixture, epochs } = JSON.parse(out);
    expect(mixture.words).toBeLessThanOrEqual(0.1 + 1e-12);
    expect(Math.max(...(Object.values(epochs) as number[]))).toBeLessThanOrEqual(1 + 1e-12);
  });

  test('a higher temperature is flatter', async () => {
    const shares = async (temperature: string): Promise<number[]> => {
      const { out } = await invoke('mixture', '--from', at('entropy.json'), '--temperature', temperature, '--json');
      return Object.values(JSON.parse(out).mixture);
    };
    expect(Math.max(...(await shares('10')))).toBeLessThan(Math.max(...(await shares('1'))));
  });
});

describe('failures', () => {
  test.each([
    [['entropy', 'CORPUS', '--tokenizer', 'gpt3'], 'unknown tokenizer "gpt3"'],
    [['entropy', 'CORPUS', '--shard', '3/3'], 'invalid --shard 3/3'],
    [['entropy', 'absent.yaml'], 'missing'],
    [['entropy', 'merge', 'CORPUS'], 'invalid'],
    [['mixture', '--from', 'CORPUS'], 'invalid entropy file'],
    [['mixture', '--from', 'ENTROPY', '--proxy', 'vonNeumann'], 'missing vonNeumann entropy'],
    [['mixture', '--from', 'ENTROPY', '--temperature', '0'], 'invalid --temperature 0'],
  ])('%j exits with 1 and says why', async (args, said) => {
    const names: Record<string, string> = { CORPUS: 'corpus.yaml', ENTROPY: 'entropy.json' };
    const { code, err } = await invoke(...args.map(arg => (arg in names ? at(names[arg]) : arg)));
    expect(code).toBe(1);
    expect(err).toContain(said);
  });

  test('a domain without files is named with its line', async () => {
    await writeFile(at('empty.yaml'), 'tokenizer: bytes\ndomains:\n  books: {files: ["nowhere/*.txt"]}\n');
    const { code, err } = await invoke('entropy', at('empty.yaml'));
    expect(code).toBe(1);
    expect(err).toContain('empty.yaml:3');
  });
});

describe('bimix entropy --on', () => {
  const counted = (...args: readonly string[]) =>
    invoke('entropy', at('corpus.yaml'), '--tokenizer', 'bpe:300', ...args);

  test('local gives what counting without it gives, bit for bit, in any number of parts', async () => {
    await counted('--workers', '0', '-o', at('plain.json'));
    const plain = await readFile(at('plain.json'));
    for (const parts of ['1', '2', '50']) {
      const out = at(`on-${parts}.json`);
      const { code, err } = await counted('--on', 'local', '--parts', parts, '--parallel', '2', '-o', out);
      expect([code, err]).toEqual([0, expect.stringContaining('wrote')]);
      expect(await readFile(out)).toEqual(plain);
      const names = async (work: string) => (await readdir(work)).sort();
      expect(await names(`${out}.parts`)).toEqual(await names(`${at('plain.json')}.parts`));
    }
  });

  test('a rerun has nothing left to count, with or without it', async () => {
    const before = await readdir(`${at('on-2.json')}.parts`);
    expect((await counted('--workers', '0', '-o', at('on-2.json'))).code).toBe(0);
    expect((await counted('--on', 'local', '-o', at('plain.json'))).code).toBe(0);
    expect(await readdir(`${at('on-2.json')}.parts`)).toEqual(before);
    expect(await readFile(at('on-2.json'))).toEqual(await readFile(at('plain.json')));
  });

  test('what goes with it and what does not is said', async () => {
    const refused = async (...args: readonly string[]) => (await counted(...args)).err;
    expect(await refused('--parts', '3')).toContain('invalid --parts: it goes with --on local or --on slurm');
    expect(await refused('--on', 'local', '--sbatch', '-p x')).toContain('invalid --sbatch: it goes with --on slurm');
    expect(await refused('--on', 'local', '--shard', '0/2')).toContain('give --parts instead');
    expect(await refused('--on', 'local', '--parts', '0')).toContain(
      'invalid --parts 0: expected a whole number from 1',
    );
  });
});
