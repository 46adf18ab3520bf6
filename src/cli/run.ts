/** `bimix run`: trains the runs of a plan. */

import { availableParallelism } from 'node:os';
import path from 'node:path';
import { type Command, Option } from '@commander-js/extra-typings';
import { type Executor, localExecutor, slurmExecutor, type Task } from '../cluster/index.ts';
import { BimixError } from '../errors/index.ts';
import {
  openPlanFolder,
  type Project,
  proxyTasks,
  type RunState,
  readPlan,
  readProject,
  readRunStates,
  type SplitDomain,
  type TrainablePlan,
  taskResources,
  trainablePlan,
} from '../proxies/index.ts';
import { wholeNumber } from './fit-settings.ts';
import { countOf, listOf } from './number-text.ts';
import { untilStopped } from './plan-progress.ts';
import { printText, sayWritten } from './print.ts';
import { startLine } from './progress-line.ts';
import { folderOf } from './runs-folder.ts';
import { showStates } from './status.ts';

/** Longer lists end in a count. */
const NAMED = 5;

export function addRun(program: Command): void {
  program
    .command('run')
    .summary('train the runs of a plan')
    .description(
      'Trains the runs of a plan by bimix itself or by the trainer that bimix.yaml names, here or on Slurm. Finished runs stay finished: the same command continues after Ctrl-C, a crash or a reboot, and tries failed runs again.',
    )
    .argument('<plan>', 'plan.jsonl, from bimix design')
    .addOption(
      new Option('--on <where>', 'where runs are trained (default: as bimix.yaml says)').choices([
        'local',
        'slurm',
      ] as const),
    )
    .option('--parallel <number>', 'runs at a time (default: as bimix.yaml says, else one per core)')
    .option('--threads <number>', 'threads of each run; changes only the time')
    .option('--attempts <number>', 'attempts before a run counts as failed')
    .option('--folder <folder>', 'folder of the runs (default: as bimix.yaml says, else runs beside it)')
    .option('--project <file>', 'bimix.yaml, for a plan that was made without one')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
Examples:
  $ bimix run plan.jsonl
  $ bimix run plan.jsonl --on slurm --parallel 16
  $ bimix run next.jsonl --project bimix.yaml --folder runs-2`,
    )
    .action(async (file, options) => {
      const project = options.project === undefined ? undefined : await readProject(options.project);
      const plan = trainablePlan(await readPlan(file), project);
      const { executor } = plan.project;
      const threads = wholeOption('--threads', options.threads) ?? executor.threads ?? 1;
      const on = options.on ?? executor.on;
      const parallel =
        wholeOption('--parallel', options.parallel) ?? executor.parallel ?? defaultParallel(plan, on, threads);
      const attempts = wholeOption('--attempts', options.attempts) ?? executor.attempts;
      const folder = options.folder ?? folderOf(plan.project);
      await openPlanFolder(plan, folder);
      const tasks = await preparedTasks(plan, folder);
      const before = await readRunStates(plan, folder);
      if (!before.every(({ isDone }) => isDone)) {
        const resources = taskResources(plan.project, threads);
        await untilStopped(sameCommand(file, options), plan, folder, (signal, onChange) =>
          executorFor(on, plan.project).run(folder, tasks, {
            resources,
            parallel,
            attempts,
            signal,
            onChange,
          }),
        );
      }
      const states = await readRunStates(plan, folder);
      await showStates(plan, folder, states, { json: options.json === true, watched: false });
      refuseFailures(states, folder);
      if (options.json === true) return;
      const count = states.filter(({ losses }) => losses?.diverged === null).length;
      printText(
        count > 0
          ? `Collect their losses: bimix collect ${folder} -o runs.jsonl`
          : 'Every run diverged, and there is nothing to fit: a lower learning rate may help.',
      );
    });
}

/** As it was given: with its folder and project. */
function sameCommand(file: string, options: Readonly<Record<string, string | true | undefined>>): string {
  const given = Object.entries(options).flatMap(([name, value]) =>
    value === undefined ? [] : [value === true ? `--${name}` : `--${name} ${value}`],
  );
  return ['bimix run', file, ...given].join(' ');
}

/** Says what became of text that was split now. */
async function preparedTasks(plan: TrainablePlan, folder: string): Promise<readonly Task[]> {
  const line = startLine('reading the text of each domain');
  const split: SplitDomain[] = [];
  const tasks = await proxyTasks(plan, folder, domain => {
    split.push(domain);
    line.show(`splitting text by document: ${split.length} of ${plan.trainingDomains.length} domains, ${domain.name}`);
  }).finally(() => line.end());
  if (split.length > 0) sayWritten(path.join(folder, 'text'), splitText(split));
  return tasks;
}

/** `text of 3 domains split by document: 3.4 MB for training, 360 kB for validation, 62 duplicates left out` */
function splitText(split: readonly SplitDomain[]): string {
  const sum = (of: (domain: SplitDomain) => number): number => split.reduce((total, domain) => total + of(domain), 0);
  const duplicates = sum(domain => domain.duplicates);
  const cut = split.filter(({ isCut }) => isCut).map(({ name }) => name);
  return [
    `text of ${countOf(split.length, 'domain')} split by document: ${bytesText(sum(({ train }) => train.bytes))} for training`,
    `${bytesText(sum(({ validation }) => validation.bytes))} for validation`,
    ...(duplicates === 0 ? [] : [`${countOf(duplicates, 'duplicate')} left out`]),
    ...(cut.length === 0 ? [] : [`of ${listOf(cut)} by parts of documents, as there are few`]),
  ].join(', ');
}

function bytesText(bytes: number): string {
  return bytes >= 1e6 ? `${(bytes / 1e6).toFixed(1)} MB` : `${Math.ceil(bytes / 1e3)} kB`;
}

function wholeOption(option: string, text: string | undefined): number | undefined {
  return text === undefined ? undefined : wholeNumber(option, text);
}

/** Slurm knows itself how many fit; runs that want GPUs are one at a time unless somebody says how many there are. */
function defaultParallel({ runs, project: { trainer } }: TrainablePlan, on: string, threads: number): number {
  if (on === 'slurm') return runs.length;
  if (trainer.kind === 'command' && trainer.gpus > 0) return 1;
  return Math.max(1, Math.floor(availableParallelism() / threads));
}

function executorFor(on: 'local' | 'slurm', { executor: { partition, account, qos, options } }: Project): Executor {
  if (on === 'local') return localExecutor();
  return slurmExecutor({
    ...(partition === null ? {} : { partition }),
    ...(account === null ? {} : { account }),
    ...(qos === null ? {} : { qos }),
    ...(options.length === 0 ? {} : { extra: options }),
  });
}

/** @throws BimixError `invalid-runs` when runs failed, or their losses cannot be read */
function refuseFailures(states: readonly RunState[], folder: string): void {
  const failed = states.filter(({ hasEnded, isDone, trouble }) => (hasEnded && !isDone) || trouble !== null);
  if (failed.length === 0) return;
  const names = failed.slice(0, NAMED).map(({ run }) => run.name);
  const listed = [...names, ...(failed.length > NAMED ? [`${failed.length - NAMED} more`] : [])].join(', ');
  const blind = failed.every(({ isDone }) => isDone);
  const what = blind ? 'have no losses that can be read' : 'failed';
  throw new BimixError(
    'invalid-runs',
    `invalid runs: ${failed.length} of ${countOf(states.length, 'run')} ${what}: ${listed}`,
    {
      hint: blind
        ? `Correct losses: in bimix.yaml, then bimix collect ${folder} --project bimix.yaml -o runs.jsonl.`
        : `Above are the ends of their logs. The same command tries them again; bimix collect ${folder} takes the others.`,
    },
  );
}
