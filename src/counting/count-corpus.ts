/** Counts the domains of a corpus: parts by workers, what is finished kept, the parts of a domain merged. */

import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { checkOptions, checkSpecs } from './check-settings.ts';
import { type Crew, makeCrew } from './crew.ts';
import type { CountingOptions, DomainSpec } from './domain-spec.ts';
import type { PartTask } from './part-task.ts';
import { planCorpus } from './plan-corpus.ts';
import { type DomainPlan, mergedPath } from './plan-parts.ts';
import { ProgressMeter } from './progress-meter.ts';
import { makeScratchFolder } from './scratch-folder.ts';

const DEFAULT_MEMORY = 2 ** 30;

/**
 * Counts tokens and pairs of each domain. The counts depend on the files, their order and the settings in the specs, not on
 * workers, memory or interruptions. Each finished part stays in the work folder until all parts of its domain are merged; a
 * rerun counts what is missing.
 *
 * @returns path of the count file of each domain, in the work folder; of a shard, of the domains it has part of
 * @throws BimixError on files and settings that cannot be counted; the signal's reason when it stops the count
 */
export async function countCorpus(
  specs: readonly DomainSpec[],
  options: CountingOptions,
): Promise<ReadonlyMap<string, string>> {
  checkOptions(options);
  checkSpecs(specs);
  options.signal?.throwIfAborted();
  return countPlans(await planCorpus(specs, options), options);
}

/** @returns path of the count file of each plan's domain */
export async function countPlans(
  plans: readonly DomainPlan[],
  options: CountingOptions,
): Promise<ReadonlyMap<string, string>> {
  const { workFolder } = options;
  const scratch = makeScratchFolder(workFolder);
  const stop = new AbortController();
  const stopAll = () => stop.abort(options.signal?.reason);
  options.signal?.addEventListener('abort', stopAll);
  const crew = assemble(plans, options, scratch, stop.signal);
  try {
    await Promise.all(plans.map(plan => crew.countDomain(plan)));
  } catch (error) {
    stop.abort();
    options.signal?.throwIfAborted();
    throw error;
  } finally {
    options.signal?.removeEventListener('abort', stopAll);
    await crew.close();
    await rm(scratch, { recursive: true, force: true });
  }
  return new Map(plans.map(plan => [plan.domain, mergedPath(plan, workFolder)]));
}

function assemble(
  plans: readonly DomainPlan[],
  { workFolder, workers = availableParallelism(), memoryBytes = DEFAULT_MEMORY, onProgress }: CountingOptions,
  scratch: string,
  signal: AbortSignal,
): { countDomain(plan: DomainPlan): Promise<void>; close(): Promise<void> } {
  const all = plans.flatMap(({ tasks }) => tasks);
  const left = plans
    .filter(plan => !existsSync(mergedPath(plan, workFolder)))
    .flatMap(({ tasks }) => tasks.filter(({ out }) => !existsSync(out)));
  const meter = new ProgressMeter(left, all.length - left.length, onProgress ?? (() => {}));
  const crew = makeCrew({
    workers,
    parts: left.length,
    memoryBytes,
    scratch,
    onProgress: (task, progress) => meter.update(task, progress),
    signal,
  });
  return { countDomain: plan => countDomain(plan, workFolder, crew, meter), close: () => crew.close() };
}

/** Leaves one file a domain: parts are gone once they are merged, so that no token is in two files of the folder. */
async function countDomain(plan: DomainPlan, workFolder: string, crew: Crew, meter: ProgressMeter): Promise<void> {
  const merged = mergedPath(plan, workFolder);
  const parts = plan.tasks.map(({ out }) => out).filter(out => out !== merged);
  if (!existsSync(merged)) {
    await Promise.all(plan.tasks.map(task => countPart(task, crew, meter)));
    if (parts.length > 0) await crew.merge(parts, merged);
  }
  await Promise.all(parts.map(part => rm(part, { force: true })));
}

async function countPart(task: PartTask, crew: Crew, meter: ProgressMeter): Promise<void> {
  if (existsSync(task.out)) return;
  await crew.count(task);
  meter.finish(task);
}
