/** Counting as map and reduce: shards of a corpus counted by tasks of an executor, the counts of each domain merged by others. */

import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { copyFile, link, mkdir, rename, rm } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { type Executor, lastLines, type Task, type TaskStatus } from '../cluster/index.ts';
import { BimixError } from '../errors/index.ts';
import { compiledScript, temporaryBeside } from '../files/index.ts';
import { checkOptions, checkSpecs } from './check-settings.ts';
import type { DomainSpec } from './domain-spec.ts';
import { planCorpus } from './plan-corpus.ts';
import { type DomainPlan, mergedPath } from './plan-parts.ts';
import { writeShard } from './shard-file.ts';

export interface ShardedCounting {
  /** Where counts and what is under way are kept, so that a rerun resumes; made when missing. All machines must see it. */
  readonly workFolder: string;
  /** Tasks that count, at most; default one for every part, but no more than 64. */
  readonly shards?: number;
  /** Tasks at a time. */
  readonly parallel: number;
  /** Worker threads a task; default 1. */
  readonly workers?: number;
  /** For tables and buffers of one task, in bytes; default 1 GiB. */
  readonly memoryBytes?: number;
  readonly onChange?: (step: 'counting' | 'merging', statuses: readonly TaskStatus[]) => void;
  readonly signal?: AbortSignal;
}

const COUNT_MAIN = compiledScript(import.meta.url, 'count-main');
const MAX_SHARDS = 64;
const DEFAULT_MEMORY = 2 ** 30;
/** Beside tables and buffers: Node, code, tokenizers. */
const OTHER_MEGABYTES = 768;
const ATTEMPTS = 2;

/**
 * Counts what `countCorpus` counts, to the same files, bit for bit, in whatever number of shards.
 *
 * @returns path of the count file of each domain, in the work folder
 * @throws BimixError as `countCorpus`; `missing-counts` when a shard failed, with the last lines of its log; the signal's reason
 *   when it stops the count
 */
export async function countInShards(
  specs: readonly DomainSpec[],
  executor: Executor,
  options: ShardedCounting,
): Promise<ReadonlyMap<string, string>> {
  const { workFolder, shards = MAX_SHARDS, workers = 1, memoryBytes = DEFAULT_MEMORY } = options;
  checkOptions({ workFolder, workers, memoryBytes, shard: { index: 0, of: shards } });
  checkSpecs(specs);
  options.signal?.throwIfAborted();
  const plans = await planCorpus(specs, { workFolder });
  const files = new Map(plans.map(plan => [plan.domain, mergedPath(plan, workFolder)]));
  if ([...files.values()].every(path => existsSync(path))) return files;
  const dealt = dealPlans(plans, shards);
  const folder = resolve(workFolder, `shards-${nameOf(dealt)}`);
  const counted = await countShards(dealt, folder, executor, { ...options, workers, memoryBytes });
  const merged = await mergeDomains(counted, folder, executor, { ...options, workers, memoryBytes });
  for (const [domain, path] of files) await place(merged.get(domain) ?? '', path);
  await rm(folder, { recursive: true, force: true });
  return files;
}

/** Parts dealt one by one over the shards; each shard as plans of its own. */
function dealPlans(plans: readonly DomainPlan[], shards: number): DomainPlan[][] {
  const total = plans.reduce((sum, { tasks }) => sum + tasks.length, 0);
  const of = Math.min(shards, total);
  let part = 0;
  const shardOf = plans.map(({ tasks }) => tasks.map(() => part++ % of));
  return Array.from({ length: of }, (_, shard) =>
    plans.flatMap(({ domain, tasks }, n) => {
      const mine = tasks.filter((_, t) => shardOf[n][t] === shard);
      return mine.length === 0 ? [] : [{ domain, tasks: mine }];
    }),
  );
}

/** Parts are called after all that their counts depend on. */
function nameOf(shards: readonly (readonly DomainPlan[])[]): string {
  const parts = shards.map(plans => plans.flatMap(({ tasks }) => tasks.map(({ out }) => basename(out))));
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 12);
}

type Step = ShardedCounting & { readonly workers: number; readonly memoryBytes: number };

/** @returns count files of each domain */
async function countShards(
  shards: readonly (readonly DomainPlan[])[],
  folder: string,
  executor: Executor,
  step: Step,
): Promise<Map<string, string[]>> {
  await mkdir(folder, { recursive: true });
  const tasks: Task[] = [];
  for (const [n, plans] of shards.entries()) {
    const file = join(folder, `shard-${n}.json`);
    if (!existsSync(file)) await writeShard(file, plans);
    tasks.push({
      id: `shard-${n}`,
      command: [
        ...([process.execPath, COUNT_MAIN, 'count', file, '--out', '{out}'] as const),
        // One thread needs no worker.
        ...['--workers', String(step.workers === 1 ? 0 : step.workers), '--memory', String(step.memoryBytes)],
      ],
      outputs: plans.map(plan => basename(mergedPath(plan, ''))),
    });
  }
  const statuses = await runTasks('counting', tasks, join(folder, 'count'), executor, step);
  const counted = new Map<string, string[]>();
  for (const [n, plans] of shards.entries()) {
    for (const plan of plans) {
      const path = join(statuses[n].results ?? '', basename(mergedPath(plan, '')));
      counted.set(plan.domain, [...(counted.get(plan.domain) ?? []), path]);
    }
  }
  return counted;
}

/** @returns the count file of each domain */
async function mergeDomains(
  counted: ReadonlyMap<string, readonly string[]>,
  folder: string,
  executor: Executor,
  step: Step,
): Promise<Map<string, string>> {
  const several = [...counted].filter(([, paths]) => paths.length > 1);
  const tasks = several.map(
    ([, paths], n): Task => ({
      id: `domain-${n}`,
      command: [process.execPath, COUNT_MAIN, 'merge', ...paths, '--out', `{out}/merged.counts`],
      outputs: ['merged.counts'],
    }),
  );
  const statuses =
    tasks.length === 0
      ? []
      : await runTasks('merging', tasks, join(folder, 'merge'), executor, { ...step, workers: 1 });
  const merged = new Map(several.map(([domain], n) => [domain, join(statuses[n].results ?? '', 'merged.counts')]));
  return new Map([...counted].map(([domain, [only]]) => [domain, merged.get(domain) ?? only]));
}

async function runTasks(
  what: 'counting' | 'merging',
  tasks: readonly Task[],
  folder: string,
  executor: Executor,
  { parallel, workers, memoryBytes, signal, onChange }: Step,
): Promise<readonly TaskStatus[]> {
  const statuses = await executor.run(folder, tasks, {
    resources: { threads: Math.max(1, workers), megabytes: Math.ceil(memoryBytes / 2 ** 20) + OTHER_MEGABYTES },
    parallel,
    attempts: ATTEMPTS,
    ...(signal === undefined ? {} : { signal }),
    ...(onChange === undefined ? {} : { onChange: changed => onChange(what, changed) }),
  });
  if (statuses.every(({ state }) => state === 'done')) return statuses;
  signal?.throwIfAborted();
  const failed = statuses.filter(({ state }) => state !== 'done');
  const [{ id, reason, attempts }] = failed;
  const log = attempts.at(-1)?.log;
  const said = log === undefined ? [] : await lastLines(log, 5);
  const message = `missing counts: ${failed.length} of ${tasks.length} tasks failed; ${id}: ${reason ?? 'unknown'}`;
  throw new BimixError('missing-counts', [message, ...said].join('\n'), {
    hint: 'What is counted is kept; the same command resumes from there.',
    ...(log === undefined ? {} : { where: { file: log } }),
  });
}

/** Under its name at once and whole, without a copy where the file system can. */
async function place(from: string, to: string): Promise<void> {
  const temporary = temporaryBeside(to);
  await link(from, temporary).catch(() => copyFile(from, temporary));
  await rename(temporary, to);
  // Of two names for one file, a rename leaves both.
  await rm(temporary, { force: true });
}
