/** One dataset of the experiment, from text to final runs: a folder of files, each made by one command. */

import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { readRunsFile } from '../../src/importers/index.ts';
import type { RunTable } from '../../src/observations/index.ts';
import { writeSampleCorpora } from '../../src/proxies/index.ts';
import { CHOICES, chooseMixtures, verifyLaws } from './choices.ts';
import { bimix, bimixOnce } from './command-line.ts';
import type { Scale } from './scales.ts';

export interface DatasetResult {
  readonly group: string;
  /** Bytes of training text, by domain. */
  readonly available: Readonly<Record<string, number>>;
  readonly proxies: RunTable;
  readonly finals: RunTable;
  /** Shares of tokens by choice, as trained. */
  readonly mixtures: Readonly<Record<string, Readonly<Record<string, number>>>>;
  /** `bimix verify --json` of each law at the chosen mixtures, trained at the size of the proxies. */
  readonly verified: Readonly<Record<string, unknown>>;
}

/** A domain is read at most so often. */
export const MAX_EPOCHS = 4;

/** Of each domain; a checkpoint costs a few hundredths of a run. */
const VALIDATION_TOKENS = 8192;

/** Goes on where an earlier call stopped. */
export async function runDataset(work: string, group: string, scale: Scale, parallel: number): Promise<DatasetResult> {
  const folder = path.join(work, scale.name, group);
  await mkdir(folder, { recursive: true });
  const available = await sampleText(folder, group);
  const domains = Object.keys(available);
  const { proxies, finals } = scale;
  await writeSettings(folder, available, scale);
  await bimixOnce(folder, 'entropy.json', ['entropy', 'corpora/corpus.yaml']);
  await train(folder, 'proxies', ['--method', 'dirichlet', '--runs', String(proxies.runs)], parallel);
  const mixtures = await chooseMixtures({ folder, domains, available, tokens: proxies.tokens });
  await train(folder, 'trials', ['--mixtures', mixtures], parallel);
  const runs = String(CHOICES.length * finals.seeds);
  await train(folder, 'finals', ['--mixtures', mixtures, '--runs', runs], parallel);
  const table = await readTable(folder, 'finals');
  return {
    ...{ group, available },
    proxies: await readTable(folder, 'proxies'),
    finals: table,
    mixtures: Object.fromEntries(
      CHOICES.map(({ name }) => {
        const run = table.runs.findIndex(other => other.name === name);
        const m = table.trainingDomains.length;
        return [
          name,
          Object.fromEntries(table.trainingDomains.map((domain, j) => [domain, table.mixtures[run * m + j]])),
        ];
      }),
    ),
    verified: await verifyLaws(folder),
  };
}

async function sampleText(folder: string, group: string): Promise<Record<string, number>> {
  const file = path.join(folder, 'available.json');
  if (!existsSync(file)) {
    const report = await writeSampleCorpora(path.join(folder, 'corpora'), group);
    const bytes = Object.fromEntries(report.domains.map(({ name, bytes: { train } }) => [name, train]));
    await writeFile(file, JSON.stringify(bytes));
  }
  return JSON.parse(await readFile(file, 'utf8'));
}

async function writeSettings(folder: string, available: Readonly<Record<string, number>>, scale: Scale): Promise<void> {
  const { proxies, finals } = scale;
  const text = (domain: string, part: string): string => `corpora/${domain}/${part}.jsonl`;
  const domains = Object.entries(available).map(
    ([domain, bytes]) =>
      `  ${domain}: {train: ${text(domain, 'train')}, validation: ${text(domain, 'validation')}, available: ${bytes}}`,
  );
  for (const [name, { model, tokens, evaluations }] of Object.entries({ proxies, trials: proxies, finals })) {
    const trainer = `trainer: {model: ${model}, tokens: ${tokens}, evaluations: ${evaluations}, validation_tokens: ${VALIDATION_TOKENS}}`;
    const lines = ['domains:', ...domains, `budget: ${finals.tokens}`, `max_epochs: ${MAX_EPOCHS}`];
    await writeFile(path.join(folder, `${name}.yaml`), [...lines, trainer, `runs: runs-${name}`, ''].join('\n'));
  }
  const bounds = Object.entries(available).map(
    ([domain, bytes]) => `${domain}: [0, ${Math.min(1, (MAX_EPOCHS * bytes) / finals.tokens)}]`,
  );
  await writeFile(path.join(folder, 'bounds.yaml'), `${bounds.join('\n')}\n`);
}

/** Plans, trains and collects the runs of `NAME.yaml` into `NAME.runs.jsonl`. */
async function train(folder: string, name: string, design: readonly string[], parallel: number): Promise<void> {
  await bimixOnce(folder, `${name}.plan.jsonl`, ['design', `${name}.yaml`, ...design]);
  if (existsSync(path.join(folder, `${name}.runs.jsonl`))) return;
  await bimix(folder, ['run', `${name}.plan.jsonl`, '--parallel', String(parallel)]);
  await bimixOnce(folder, `${name}.runs.jsonl`, ['collect', `runs-${name}`]);
}

async function readTable(folder: string, name: string): Promise<RunTable> {
  return (await readRunsFile(path.join(folder, `${name}.runs.jsonl`))).table;
}
