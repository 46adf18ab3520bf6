/** Valid inputs of every reader: the examples of docs/formats.md, logs of test/field-files, and small files made here. */

import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { mergesFile } from '../../src/corpus/bpe-merges.ts';
import { BpeTrainer } from '../../src/corpus/index.ts';
import { formatLaws } from '../../src/laws/index.ts';
import { i32, plausibleIds, storedFrame, u16, u64 } from '../corpus-files.ts';
import { eventFile } from '../event-file.ts';
import { bimixFit, transferFit } from '../fitted-laws.ts';
import type { Seed } from './harness.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');
const SWEEP = 'run,weight_web,weight_code\nsmall-1,0.8,0.2\nsmall-2,0.5,0.5\n';
const TEXTS = ['The first document, of 12 words.', 'if (x > 1) { return "code"; }', 'A third one: naïve, 日本.'];
const LINES = `${TEXTS.map(text => JSON.stringify({ text })).join('\n')}\n`;

export function allSeeds(): Seed[] {
  return [...documented(), ...field(), ...tables(), ...settings(), ...laws(), ...corpora(), ...counted()];
}

function seed(name: string, target: string, files: Readonly<Record<string, string | Uint8Array>>): Seed {
  return { name, target, files: new Map(Object.entries(files).map(([file, content]) => [file, Buffer.from(content)])) };
}

/** Each example of a format, with the files of its command. */
function documented(): Seed[] {
  const text = readFileSync(path.join(ROOT, 'docs/formats.md'), 'utf8');
  const files = new Map<string, string>();
  const seeds: Seed[] = [];
  for (const section of text.split(/^## /m).slice(1)) {
    const title = section.split('\n')[0];
    for (const [, info, body] of section.matchAll(/^```([^\n]*)\n(.*?)^```$/gms)) {
      const [language, name] = info.split(' ');
      if (name !== undefined) files.set(name, body);
      if (name !== undefined || language !== 'sh') continue;
      const used = body.split(/\s+/).filter(word => files.has(word));
      const inputs = Object.fromEntries(used.map(file => [file, files.get(file) as string]));
      if (used.length > 0 && !body.includes('--') && title !== 'tensorboard') seeds.push(seed(title, 'import', inputs));
    }
  }
  const scalars = ['web', 'code'].map((domain, i) => ({ tag: `eval/${domain}_loss`, step: 10, value: 3 - i }));
  const events = { 'small-1/events.out.tfevents.1': eventFile(scalars), 'sweep.csv': SWEEP };
  return [...seeds, seed('tensorboard', 'import', events)];
}

/** Logs that can be read. */
function field(): Seed[] {
  const folder = path.join(ROOT, 'test/field-files');
  const names = readdirSync(folder).filter(name => /^(?:composer|lm-eval|marin|megatron|tensorboard|wandb)/.test(name));
  return names.map(name => {
    const entries = readdirSync(path.join(folder, name), { recursive: true, withFileTypes: true });
    const files = entries.filter(entry => entry.isFile()).map(entry => path.join(entry.parentPath, entry.name));
    const pairs = files.sort().map(file => [path.relative(path.join(folder, name), file), readFileSync(file)]);
    return seed(name, 'import', Object.fromEntries(pairs));
  });
}

function tables(): Seed[] {
  const wide = 'run,tokens,weight_web,weight_code,web_loss,code_loss\na,1000,0.8,0.2,3.5,1.8\nb,1000,0.5,0.5,3.6,1.6\n';
  const columns: Record<string, unknown[]> = {
    run: ['a', 'b'],
    tokens: [1000, 1000],
    weight_web: [0.8, 0.5],
    weight_code: [0.2, 0.5],
    web_loss: [3.5, 3.6],
    code_loss: [1.8, 1.6],
  };
  const columnData = Object.entries(columns).map(([name, data]) => ({ name, data }));
  const parquet = new Uint8Array(parquetWriteBuffer({ columnData }));
  const runs = readFileSync(path.join(ROOT, 'examples/quickstart/runs.jsonl'), 'utf8')
    .split('\n')
    .slice(0, 8)
    .join('\n');
  const rows = ['a', 'b'].map((_, i) =>
    JSON.stringify(Object.fromEntries(Object.entries(columns).map(([name, data]) => [name, data[i]]))),
  );
  return [
    seed('Parquet table', 'import', { 'runs.parquet': parquet }),
    seed('gzip table', 'import', { 'runs.csv.gz': gzipSync(wide) }),
    seed('semicolons', 'import', { 'runs.csv': wide.replaceAll(',', ';').replaceAll('.', ',') }),
    seed('JSON array', 'import', { 'runs.json': `[${rows.join(',')}]` }),
    seed('run log', 'run-log', { 'log.csv': 'step,web_loss,code_loss\n10,3.5,nan\n20,3.25,1.5\n' }),
    seed('run log, JSON lines', 'run-log', { 'log.jsonl': '{"step":10,"web_loss":NaN}\n{"step":20,"web_loss":3.5}\n' }),
    seed('runs', 'runs', { 'runs.jsonl': `${runs}\n` }),
    seed('plan', 'plan', { 'plan.jsonl': readFileSync(path.join(ROOT, 'examples/quickstart/plan.jsonl')) }),
  ];
}

function settings(): Seed[] {
  const mixtures: Record<string, string> = {
    'm.yaml': 'web: 0.6\ncode: 0.4\n',
    'm.json': '{"web": 0.6, "code": 0.4}',
    'm.csv': 'domain,proportion\nweb,0.6\ncode,0.4\n',
    'blend.txt': '0.6 /data/web 0.4 /data/code\n',
    'doremi.json': '{"train_domain_weights": {"web": 0.6, "code": 0.4}}',
    'olmix.yaml':
      'dclm:\n  weight: 0.8\n  software:\n    weight: 0.6\n  science:\n    weight: 0.4\nwikipedia:\n  weight: 0.2\n',
    'regmix.yaml': 'train:\n  train_web: 0.6\n  train_code: 0.4\n',
  };
  const projects = ['huggingface', 'megatron-lm', 'nanogpt', 'olmo-core'];
  return [
    ...Object.entries(mixtures).map(([file, content]) => seed(`mixture ${file}`, 'mixture', { [file]: content })),
    ...projects.map(name => {
      return seed(`project ${name}`, 'project', {
        'bimix.yaml': readFileSync(path.join(ROOT, 'examples', name, 'bimix.yaml')),
      });
    }),
    seed('bounds', 'bounds', { 'bounds.yaml': 'web: [0.1, 0.9]\ncode: {max: 0.5}\n' }),
    seed('column map', 'columns', {
      'columns.yaml': 'run: name\nweights: w_*\nlosses: {web: web_ce, code: code_ce}\n',
    }),
    seed('corpus.yaml', 'corpus', {
      'corpus.yaml': 'tokenizer: bytes\ndomains:\n  web: {files: web/*.jsonl, text: body}\n  code: {files: code.bin}\n',
    }),
  ];
}

const TRANSFER = {
  ...{ target: 'web', own: 'web', E: 1.8, C: 0.5, alpha: 0.2, B: 1.5, beta: 0.3, rho: 0.9, sigma: 0.2 },
  t: { code: 0.1 },
};

function laws(): Seed[] {
  const bimix = bimixFit({ web: [3.1, 0.1, 2, 0.3], code: [1.6, 0.2, 3, 0.25] });
  return [bimix, transferFit(['web', 'code'], [TRANSFER])].map(law => {
    return seed(`law ${law.law}`, 'law', { 'law.json': formatLaws([law]) });
  });
}

function corpora(): Seed[] {
  const ids = plausibleIds(200, 50_000);
  const dict = `{'descr': '<u2', 'fortran_order': False, 'shape': (200,), }`.padEnd(117);
  const npy = Buffer.concat([
    Buffer.from('\x93NUMPY\x01\0', 'latin1'),
    u16(118),
    Buffer.from(`${dict}\n`),
    u16(...ids),
  ]);
  const llmc = Buffer.concat([i32(20240520, 1, 200), Buffer.alloc(1012), u16(...ids)]);
  const lengths = [50, 100, 50];
  const index = Buffer.concat([
    ...[Buffer.from('MMIDIDX\0\0'), u64(1), Buffer.from([8]), u64(3, 4), i32(...lengths)],
    ...[u64(0, 100, 300), u64(0, 1, 2, 3)],
  ]);
  const parquet = new Uint8Array(parquetWriteBuffer({ columnData: [{ name: 'text', data: TEXTS }] }));
  const trainer = new BpeTrainer();
  trainer.add(TEXTS.join('\n').repeat(3));
  return [
    seed('JSON lines', 'documents', { 'a.jsonl': LINES }),
    seed('gzip JSON lines', 'documents', { 'a.jsonl.gz': gzipSync(LINES) }),
    seed('zstd JSON lines', 'documents', { 'a.jsonl.zst': storedFrame(Buffer.from(LINES)) }),
    seed('text', 'documents', { 'a.txt': TEXTS.join('\n\n') }),
    seed('Parquet documents', 'documents', { 'a.parquet': parquet }),
    seed('npy', 'documents', { 'a.npy': npy }),
    seed('nanoGPT', 'documents', { 'train.bin': u16(...ids) }),
    seed('llm.c', 'documents', { 'llm.bin': llmc }),
    seed('Megatron', 'documents', { 'web.idx': index, 'web.bin': u16(...ids) }),
    seed('tokenizer.json', 'tokenizer', { 'tokenizer.json': mergesFile(trainer.merges(400)) }),
  ];
}

/** What `bimix entropy` of the last build writes. */
function counted(): Seed[] {
  const folder = mkdtempSync(path.join(tmpdir(), 'bimix-fuzz-counts-'));
  try {
    for (const name of ['web.jsonl', 'code.jsonl']) writeFileSync(path.join(folder, name), LINES);
    writeFileSync(
      path.join(folder, 'corpus.yaml'),
      'tokenizer: bytes\ndomains: {web: {files: web.jsonl}, code: {files: code.jsonl}}\n',
    );
    const bimix = path.join(ROOT, 'dist/cli/main.js');
    for (const ends of [
      ['-o', 'entropy.json'],
      ['--shard', '0/1', '--work', 'parts'],
    ]) {
      execFileSync(process.execPath, [bimix, 'entropy', 'corpus.yaml', ...ends], { cwd: folder, stdio: 'ignore' });
    }
    const files = readdirSync(folder, { recursive: true }).map(String);
    const counts = files.find(file => file.endsWith('.counts')) as string;
    return [
      seed('counts', 'counts', { 'web.counts': readFileSync(path.join(folder, counts)) }),
      seed('entropy.json', 'entropy', { 'entropy.json': readFileSync(path.join(folder, 'entropy.json')) }),
    ];
  } finally {
    rmSync(folder, { recursive: true });
  }
}
