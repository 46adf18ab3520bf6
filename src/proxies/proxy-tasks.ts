/** The runs of a plan as tasks for an executor, with the files they are handed. */

import { mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Resources, Task } from '../cluster/index.ts';
import { BimixError } from '../errors/index.ts';
import { findExporter, runPlan } from '../exporters/index.ts';
import { bimixVersion, compiledScript, writeWholeFile } from '../files/index.ts';
import { makeMixture } from '../mixture/index.ts';
import { evaluationGrid } from './default-training.ts';
import type { PlannedRun } from './plan.ts';
import { inputsFolder, joinFile, type TrainablePlan } from './plan-folder.ts';
import type { CommandTrainer, EmbeddedTrainer, Project } from './project.ts';
import { prepareText, type SplitDomain } from './project-split.ts';
import type { ProxyDomain, ProxyRun } from './proxy-run.ts';
import { checkProxyRun } from './read-proxy-run.ts';
import { METRICS_FILE, RESULT_FILE } from './run-metrics.ts';
import { commandOf, trainerEnvironment } from './user-trainer.ts';

const TRAIN_MAIN = compiledScript(import.meta.url, 'train-main');
/** More text than a run draws, so that what it draws is new. */
const TEXT_PER_TOKEN = 1.25;
/** Bytes of text for validation and for runs that draw little. */
const MIN_TEXT = 1_000_000;

/**
 * Writes what the runs are handed, text that is split by document included, and makes their tasks. Called again it makes the same.
 *
 * @param folder of the plan's runs
 * @throws BimixError as `prepareText`, `checkProxyRun` and the exporter of the mixture's format
 */
export async function proxyTasks(
  plan: TrainablePlan,
  folder: string,
  onDomain?: (domain: SplitDomain) => void,
): Promise<readonly Task[]> {
  const { project, runs } = plan;
  const { trainer } = project;
  await mkdir(inputsFolder(folder), { recursive: true });
  if (trainer.kind === 'command') return Promise.all(runs.map(run => commandTask(run, trainer, plan, folder)));
  const most = Math.max(...runs.map(({ tokens, tokensAvailable }) => largest(tokens ?? 0, tokensAvailable)));
  const domains = await prepareText(project, folder, Math.ceil(MIN_TEXT + TEXT_PER_TOKEN * most), onDomain);
  return Promise.all(runs.map(run => embeddedTask(run, trainer, domains, folder)));
}

/** What each of them needs. */
export function taskResources({ trainer, executor }: Project, threads = executor.threads ?? 1): Resources {
  if (trainer.kind === 'embedded') return { threads };
  const { gpus, minutes, megabytes } = trainer;
  return {
    threads,
    ...(gpus === 0 ? {} : { gpus }),
    ...(minutes === null ? {} : { minutes }),
    ...(megabytes === null ? {} : { megabytes }),
  };
}

function largest(tokens: number, available: Readonly<Record<string, number>> | null): number {
  return available === null ? tokens : Math.max(...Object.values(available));
}

async function embeddedTask(
  planned: PlannedRun,
  trainer: EmbeddedTrainer,
  domains: readonly ProxyDomain[],
  folder: string,
): Promise<Task> {
  const file = path.join(inputsFolder(folder), `${planned.id}.json`);
  const run = embeddedRun(planned, trainer, domains, path.dirname(file));
  await writeUnlessSame(file, `${JSON.stringify(run, null, 2)}\n`);
  return {
    id: planned.id,
    command: [
      ...([process.execPath, TRAIN_MAIN, path.resolve(file), '--out', '{out}', '--task', '{task}'] as const),
      ...['--threads', '{threads}'],
    ],
    outputs: [METRICS_FILE, RESULT_FILE],
  };
}

/** @param folder of the run's file, which paths are relative to */
function embeddedRun(
  { name, weights, tokens, seed, tokensAvailable }: PlannedRun,
  { model, optimizer, learningRate, sequences, evaluations, validationTokens }: EmbeddedTrainer,
  domains: readonly ProxyDomain[],
  folder: string,
): ProxyRun {
  const relative = (files: readonly string[]) => files.map(file => path.relative(folder, file).replaceAll('\\', '/'));
  const length = Math.round(tokens ?? 0);
  return checkProxyRun({
    ...{ name, weights, tokens: length, seed, model, optimizer, learningRate, sequences },
    domains: domains.map(domain => ({
      ...domain,
      train: relative(domain.train),
      validation: relative(domain.validation),
    })),
    ...(tokensAvailable === null ? {} : { tokensAvailable: mapped(tokensAvailable, Math.round) }),
    evaluation: { at: evaluationGrid(length, evaluations), tokens: validationTokens },
  });
}

async function commandTask(
  { name, id, weights, tokens, seed, tokensAvailable }: PlannedRun,
  trainer: CommandTrainer,
  { project, trainingDomains }: TrainablePlan,
  folder: string,
): Promise<Task> {
  const exporter = findExporter(trainer.mixtureFormat);
  const mixture = makeMixture(weights, { name });
  const drawn = mapped(weights, share => share * (tokens ?? 0));
  const exported = { mixture, about: { runs: `run ${name}`, bimix: bimixVersion() }, tokens: drawn };
  const mixtureFile = path.resolve(inputsFolder(folder), `${id}${exporter.extensions[0] ?? '.txt'}`);
  const text = written(() => exporter.write(exported, { paths: dataPaths(project) }), trainer.mixtureFormat);
  await writeUnlessSame(mixtureFile, text);
  const join = joinFile(folder, id);
  await writeUnlessSame(join, runPlan(join, [{ name: id, mixture }]));
  const availableFile = path.resolve(inputsFolder(folder), `${id}.available.json`);
  const available = tokensAvailable ?? knownTokens(project, trainingDomains);
  await writeUnlessSame(availableFile, `${JSON.stringify(available, null, 2)}\n`);
  const values = {
    mixture_file: mixtureFile,
    available_file: availableFile,
    tokens: String(tokens ?? 0),
    seed: String(seed),
    run: id,
  };
  return {
    id,
    command: commandOf(trainer.command, values),
    folder: project.folder,
    environment: { ...trainer.environment, ...trainerEnvironment(values) },
    // Losses that are looked for in the wrong place must not cost a run: where they are can be said afterwards.
    outputs: [],
  };
}

/** The path of each domain's data, for the trainer: only of domains that name one path. */
function dataPaths({ domains, folder }: Project): Record<string, string> {
  return Object.fromEntries(
    domains.flatMap(({ name, files }) => (files.length === 1 ? [[name, path.resolve(folder, files[0])]] : [])),
  );
}

/** Null for a domain whose tokens nobody counted. */
function knownTokens({ domains }: Project, names: readonly string[]): Record<string, number | null> {
  return Object.fromEntries(names.map(name => [name, domains.find(domain => domain.name === name)?.available ?? null]));
}

function written(write: () => string, format: string): string {
  try {
    return write();
  } catch (cause) {
    if (!(cause instanceof BimixError) || cause.code !== 'missing-path') throw cause;
    throw new BimixError(cause.code, `${cause.message}, which mixtures for ${format} name`, {
      hint: "Write each domain's data in bimix.yaml: web: /data/web_text_document.",
      cause,
    });
  }
}

function mapped(numbers: Readonly<Record<string, number>>, change: (value: number) => number): Record<string, number> {
  return Object.fromEntries(Object.entries(numbers).map(([name, value]) => [name, change(value)]));
}

/** A run under way may be reading it. */
async function writeUnlessSame(file: string, text: string): Promise<void> {
  const before = await readFile(file, 'utf8').catch(() => undefined);
  if (before !== text) await writeWholeFile(file, text);
}
