/**
 * The process around one attempt at a task.
 *
 *   node task-main.js FOLDER --task ID --name NAME [--slot N]    here
 *   node task-main.js FOLDER --array FILE                        as one job of a Slurm array
 */

import { hostname } from 'node:os';
import { basename } from 'node:path';
import { parseArgs } from 'node:util';
import { BimixError } from '../errors/index.ts';
import { type PlannedTask, readManifest } from './manifest.ts';
import { runAttempt } from './run-attempt.ts';
import { readSubmission } from './submission.ts';
import { visibleGpus } from './visible-gpus.ts';

const GRACE_SECONDS = 10;

async function main(): Promise<number> {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: {
      task: { type: 'string' },
      name: { type: 'string' },
      slot: { type: 'string', default: '0' },
      array: { type: 'string' },
    },
  });
  const [folder] = positionals;
  const { tasks, resources } = await readManifest(folder);
  const threads = resources.threads ?? 1;
  if (values.array !== undefined) {
    const { SLURM_JOB_ID, SLURM_RESTART_COUNT = '0', SLURM_ARRAY_TASK_ID, SLURMD_NODENAME } = process.env;
    const submission = await readSubmission(values.array);
    return runAttempt(folder, taskOf(tasks, submission.tasks[Number(SLURM_ARRAY_TASK_ID)]), {
      name: `${SLURM_JOB_ID}.${SLURM_RESTART_COUNT}`,
      node: SLURMD_NODENAME ?? hostname(),
      submission: basename(values.array, '.json'),
      slot: null,
      threads,
      environment: {},
      minutes: null,
      grace: null,
    });
  }
  const slot = Number(values.slot);
  return runAttempt(folder, taskOf(tasks, values.task), {
    name: values.name ?? 'local',
    node: hostname(),
    submission: null,
    slot,
    threads,
    environment: visibleGpus(slot, resources.gpus ?? 0, process.env.CUDA_VISIBLE_DEVICES),
    minutes: resources.minutes ?? null,
    grace: GRACE_SECONDS,
  });
}

function taskOf(tasks: readonly PlannedTask[], id: string | undefined): PlannedTask {
  const task = tasks.find(known => known.id === id);
  if (task === undefined) throw new BimixError('unknown-task', `unknown task "${id}"`);
  return task;
}

try {
  process.exitCode = await main();
} catch (error) {
  process.stderr.write(`${error instanceof BimixError ? error.describe() : (error as Error).stack}\n`);
  process.exitCode = 1;
}
