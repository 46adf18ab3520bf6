/** Valid inputs of every reader: the examples of docs/formats.md, logs of test/field-files, and small files made here. */

import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { formatLaws } from '../../src/laws/index.ts';
import { eventFile } from '../event-file.ts';
import { bimixFit, transferFit } from '../fitted-laws.ts';
import { corpusSeeds } from './corpus-seeds.ts';
import { runSeeds } from './run-seeds.ts';
import { makeSeed, type Seed } from './seed.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');
const SWEEP = 'run,weight_web,weight_code\nsmall-1,0.8,0.2\nsmall-2,0.5,0.5\n';

export async function allSeeds(): Promise<Seed[]> {
  return [...documented(), ...field(), ...tables(), ...settings(), ...laws(), ...corpusSeeds(), ...(await runSeeds())];
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
      const [, columns] = /--columns (\S+)/.exec(body) ?? [];
      const [, domains] = /--domains (\S+)/.exec(body) ?? [];
      const used = body.split(/\s+/).filter(word => files.has(word) && word !== columns);
      if (used.length === 0 || body.includes('--column ') || title === 'tensorboard') continue;
      const order = columns === undefined ? used : [columns, ...used];
      const inputs = Object.fromEntries(order.map(file => [file, files.get(file) as string]));
      const options = domains === undefined ? {} : { domains: domains.split(',') };
      seeds.push(makeSeed(title, columns === undefined ? 'import' : 'import-columns', inputs, { options }));
    }
  }
  const scalars = ['web', 'code'].map((domain, i) => ({ tag: `eval/${domain}_loss`, step: 10, value: 3 - i }));
  const events = { 'small-1/events.out.tfevents.1': eventFile(scalars), 'sweep.csv': SWEEP };
  const weighed = { '70M.txt': files.get('70M.txt') as string, 'valid_weight.json': '{"Github": 0.5, "FreeLaw": 0.5}' };
  return [...seeds, makeSeed('tensorboard', 'import', events), makeSeed('mixinglaws, weights', 'import', weighed)];
}

/** Logs that can be read. */
function field(): Seed[] {
  const folder = path.join(ROOT, 'test/field-files');
  const names = readdirSync(folder).filter(name => /^(?:composer|lm-eval|marin|megatron|tensorboard|wandb)/.test(name));
  return names.map(name => {
    const entries = readdirSync(path.join(folder, name), { recursive: true, withFileTypes: true });
    const files = entries.filter(entry => entry.isFile()).map(entry => path.join(entry.parentPath, entry.name));
    const pairs = files.sort().map(file => [path.relative(path.join(folder, name), file), readFileSync(file)]);
    return makeSeed(name, 'import', Object.fromEntries(pairs));
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
    .join('\n')
    .replace(/"rows":\d+/, '"rows":7');
  const plan = readFileSync(path.join(ROOT, 'examples/quickstart/plan.jsonl'));
  const rows = ['a', 'b'].map((_, i) =>
    JSON.stringify(Object.fromEntries(Object.entries(columns).map(([name, data]) => [name, data[i]]))),
  );
  const byColumn = Object.fromEntries(
    Object.entries(columns).map(([name, data]) => [name, Object.fromEntries(data.entries())]),
  );
  const split = {
    columns: Object.keys(columns),
    data: ['a', 'b'].map((_, i) => Object.values(columns).map(d => d[i])),
  };
  return [
    makeSeed('Parquet table', 'import', { 'runs.parquet': parquet }),
    makeSeed('gzip table', 'import', { 'runs.csv.gz': gzipSync(wide) }),
    makeSeed('semicolons', 'import', { 'runs.csv': wide.replaceAll(',', ';').replaceAll('.', ',') }),
    makeSeed('JSON array', 'import', { 'runs.json': `[${rows.join(',')}]` }),
    makeSeed('pandas columns', 'import', { 'runs.json': JSON.stringify(byColumn) }),
    makeSeed('pandas split', 'import', { 'runs.json': JSON.stringify(split) }),
    makeSeed('UTF-16 table', 'import', { 'runs.csv': Buffer.from(`\ufeff${wide}`, 'utf16le') }),
    makeSeed('mixtures of a pool', 'mixtures', { 'pool.csv': 'name,web,code\na,0.8,0.2\nb,50,50\n' }),
    makeSeed('run log', 'run-log', { 'log.csv': 'step,web_loss,code_loss\n10,3.5,nan\n20,3.25,1.5\n' }),
    makeSeed('run log, JSON lines', 'run-log', {
      'log.jsonl': '{"step":10,"web_loss":NaN}\n{"step":20,"web_loss":3.5}\n',
    }),
    makeSeed('runs', 'runs', { 'runs.jsonl': `${runs}\n` }, { sized: /\.jsonl$/ }),
    makeSeed('plan', 'plan', { 'plan.jsonl': plan }, { sized: /\.jsonl$/ }),
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
    'about.yaml': 'mixture:\n  web: 60%\n  code: 40%\nlaw: bimix\n',
    'm.tsv': 'Domain\tShare (%)\nweb\t60,0\ncode\t40,0\n',
    'launch.sh':
      'torchrun pretrain.py --data-path 0.6 /data/web_text_document \\\n 0.4 /data/code_text_document --split 99,1,0\n',
    'splits.json': '{"train": ["6", "/d/web_text_document", "4", "/d/code_text_document"], "valid": ["/d/v"]}',
    'olmo-core.yaml':
      'sources:\n  - {source_name: web, target_ratio: 0.6}\n  - {source_name: code, target_ratio: 0.4}\n',
    'regmix.yaml': 'train:\n  train_web: 0.6\n  train_code: 0.4\n',
  };
  const projects = ['huggingface', 'megatron-lm', 'nanogpt', 'olmo-core'];
  return [
    ...Object.entries(mixtures).map(([file, content]) => makeSeed(`mixture ${file}`, 'mixture', { [file]: content })),
    ...projects.map(name => {
      return makeSeed(`project ${name}`, 'project', {
        'bimix.yaml': readFileSync(path.join(ROOT, 'examples', name, 'bimix.yaml')),
      });
    }),
    makeSeed('bounds', 'bounds', { 'bounds.yaml': 'web: [0.1, 0.9]\ncode: {max: 0.5}\n' }),
    makeSeed('numbers by domain', 'numbers', { 'available.yaml': 'web: 12B\ncode: 1.5e11\n' }),
    makeSeed('numbers by domain, CSV', 'numbers', { 'available.csv': 'domain,tokens\nweb,12B\ncode,150000000000\n' }),
    makeSeed('paths by domain', 'paths', { 'paths.yaml': 'web: /data/web\ncode: /data/code\n' }),
    makeSeed('column map', 'columns', {
      'columns.yaml': 'run: name\nweights: w_*\nlosses: {web: web_ce, code: code_ce}\n',
    }),
    makeSeed('corpus.yaml', 'corpus', {
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
    return makeSeed(`law ${law.law}`, 'law', { 'law.json': formatLaws([law]) });
  });
}
