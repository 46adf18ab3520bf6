import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { BimixError } from '../errors/index.ts';
import type { CommandTrainer, Project } from './project.ts';
import { readProject } from './project-yaml.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bimix-project-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function read(text: string): Promise<Project> {
  const path = join(folder, 'bimix.yaml');
  await writeFile(path, text);
  return readProject(path);
}

async function refusal(text: string): Promise<string> {
  const error = await read(text).then(
    () => undefined,
    (cause: BimixError) => cause,
  );
  return error?.describe().replaceAll(folder, '') ?? 'nothing was refused';
}

const DOMAINS = 'domains:\n  web: web/*.jsonl\n  code: [code/a.txt, code/b.txt]\n';
const COMMAND = `${DOMAINS}trainer:\n  command: train {mixture_file}\n`;

describe('a project', () => {
  test('needs no more than domains', async () => {
    const project = await read(DOMAINS);
    expect(project.domains.map(({ name, files }) => [name, files])).toEqual([
      ['web', ['web/*.jsonl']],
      ['code', ['code/a.txt', 'code/b.txt']],
    ]);
    expect(project.folder).toBe(folder);
    expect(project).toMatchObject({ budget: null, objective: null, runs: 'runs', trainer: { kind: 'embedded' } });
    expect(project.design).toEqual({ method: 'spread', runs: null, seed: 0, repetitionMatched: false });
  });

  test('has tokens, bounds, budget, objective, design and executor', async () => {
    const project = await read(`
domains:
  web: {train: web-train.jsonl, validation: web-valid.jsonl, available: 1T, share: [0.1, 0.9], text: content}
  code: {files: code/*, format: text, available: 12B}
budget: 100B
max_epochs: 4
objective: {web: 1, code: 2}
design: {method: optimal, runs: 9, seed: 3, repetition_matched: true}
trainer: {model: 1M, tokens: 2M, learning_rate: 0.001, schedule: cosine}
executor: {on: slurm, parallel: 8, threads: 4, partition: cpu, options: --constraint=fast}
runs: proxies
`);
    expect(project.domains[0]).toMatchObject({ available: 1e12, share: [0.1, 0.9], text: 'content', files: [] });
    expect(project.domains[1]).toMatchObject({ available: 12e9, share: [0, 1], format: 'text', train: [] });
    expect(project).toMatchObject({ budget: 100e9, maxEpochs: 4, objective: { web: 1, code: 2 }, runs: 'proxies' });
    expect(project.design).toEqual({ method: 'optimal', runs: 9, seed: 3, repetitionMatched: true });
    expect(project.trainer).toMatchObject({
      ...{ kind: 'embedded', tokens: 2e6, model: { width: 128, vocabulary: 256 } },
      learningRate: { peak: 0.001, schedule: 'cosine', final: 0.1 },
    });
    expect(project.executor).toMatchObject({
      on: 'slurm',
      parallel: 8,
      partition: 'cpu',
      options: ['--constraint=fast'],
    });
  });

  test("takes a command for somebody's own trainer, without text", async () => {
    const { trainer } = await read(`
domains: [web, code]
trainer:
  command: [python, train.py, '{mixture_file}', --seed, '{seed}']
  mixture_format: csv
  environment: {OMP_NUM_THREADS: 1}
  losses: {format: wandb, files: history.csv, columns: {losses: val/*/ce}, tokens_per_step: 4K, map: {web_val: web, law: null}}
  tokens: 1B
  gpus: 1
  minutes: 90
`);
    expect(trainer).toMatchObject({
      kind: 'command',
      mixtureFormat: 'csv',
      environment: { OMP_NUM_THREADS: '1' },
      ...{ tokens: 1e9, gpus: 1, minutes: 90 },
    });
    expect((trainer as CommandTrainer).losses).toMatchObject({
      ...{ format: 'wandb', files: ['history.csv'], unit: null, tokensPerStep: 4000 },
      ...{ columns: { losses: 'val/*/ce' }, map: { web_val: 'web', law: null } },
    });
  });

  test.each([
    ['domain:\n  web: a\n', 'unknown key "domain" in bimix.yaml (/bimix.yaml:2:3)\nDid you mean "domains"?'],
    ['budget: 1B\n', 'missing domains in bimix.yaml: there are none'],
    ['domains: {web: web/*}\n', 'there is only one, and a mixture needs two'],
    ['domains: [web, web]\n', 'ambiguous domain "web": it is named twice'],
    [`${DOMAINS}budget: lots\n`, 'invalid budget in tokens "lots": expected a positive count (/bimix.yaml:4:9)'],
    [
      `${DOMAINS}max_epochs: 0\nbudget: 1B\n`,
      'invalid max_epochs of bimix.yaml: 0, expected a number above 0 (/bimix.yaml:4:13)',
    ],
    [`${DOMAINS}max_epochs: 2\n`, 'missing budget: a limit on epochs needs it (/bimix.yaml:4:13)'],
    [`${DOMAINS}  law: {share: [0.5, 0.2], files: x}\n`, 'invalid share of domain "law": [0.5,0.2]'],
    [`${DOMAINS}  law: {file: x}\n`, 'unknown key "file" in domain "law" (/bimix.yaml:4:15)\nDid you mean "files"?'],
    [`${DOMAINS}  law:\n`, 'missing files of domain "law": the embedded trainer reads its text'],
    [`${DOMAINS}  law: {train: x}\n`, 'missing validation of domain "law"'],
    [`${DOMAINS}  law: {files: x, validation: y}\n`, 'expected no such key beside files'],
    [`${DOMAINS}objective: low\n`, 'invalid objective of bimix.yaml: "low", expected mean, or weights by domain'],
    [
      `${DOMAINS}objective: {web: 1, cod: 2}\n`,
      'unknown domain "cod" in the objective of bimix.yaml (/bimix.yaml:4:26)\nDid you mean "code"?',
    ],
    [`${DOMAINS}objective: {web: 0}\n`, 'expected a weight above 0'],
    [`${DOMAINS}design: {method: spred}\n`, 'Did you mean "spread"?'],
    [`${DOMAINS}design: {repetition_matched: true}\n`, 'missing budget: without it bimix cannot know'],
    [`${DOMAINS}trainer: mine\n`, 'invalid trainer of bimix.yaml: "mine" (/bimix.yaml:4:10)'],
    [`${DOMAINS}trainer: {model: 7B}\n`, 'invalid model of trainer: "7B"'],
    [`${DOMAINS}trainer: {model: {width: 65, heads: 4, layers: 2}}\n`, 'expected a multiple of its 4 heads'],
    [`${DOMAINS}trainer: {model: {width: 64, heads: 4, layers: 2}}\n`, 'missing learning_rate of trainer'],
    [`${DOMAINS}trainer: {tokenz: 3}\n`, 'Did you mean "tokens"?'],
    [`${DOMAINS}executor: {partition: gpu}\n`, 'invalid partition of executor: "gpu", expected on: slurm beside it'],
    [COMMAND, 'missing losses of trainer (/bimix.yaml:5:3)\nSay where a run writes its losses'],
    [`${COMMAND}  losses: {files: x, format: wanb}\n`, 'Did you mean "wandb"?'],
    [
      `${COMMAND}  losses: {files: x, columns: {accuracy: a}}\n`,
      'invalid accuracy of columns: "a", expected losses alone',
    ],
    [`${COMMAND}  losses: {files: /logs/losses.jsonl}\n`, '"/logs/losses.jsonl" is the same for all runs'],
    [`${COMMAND}  losses: {files: "{out}/../losses.jsonl"}\n`, '"{out}/../losses.jsonl" is the same for all runs'],
    [`${COMMAND}  losses: {files: x, columns: {loses: a}}\n`, 'invalid column map: loses'],
    [`${COMMAND}  losses: {files: x}\n  mixture_format: yam\n`, 'unknown export format "yam" (/bimix.yaml:7:19)'],
    [`${DOMAINS}trainer: {command: train {mixture_fil}}\n`, 'invalid YAML'],
    [
      `${DOMAINS}trainer: {command: "train {mixture_fil}"}\n`,
      'unknown placeholder {mixture_fil} in the command (/bimix.yaml:4:20)',
    ],
    [
      `${DOMAINS}trainer: {command: train}\n`,
      'missing {mixture_file} in the command: all runs would train on the same mixture',
    ],
  ])('refuses %j', async (text, message) => {
    expect(await refusal(text)).toContain(message);
  });
});
