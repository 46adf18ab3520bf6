/** Handing an array of jobs to Slurm so that it is never submitted twice, whenever the driver dies. */

import { randomUUID } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { BimixError } from '../errors/index.ts';
import { findJobs, noAnswer, runSlurm } from './slurm-commands.ts';
import { numberOf, type Submission, submissionFile, submissionsFolder, writeSubmission } from './submission.ts';
import type { Resources } from './task.ts';
import { TASK_MAIN } from './task-main-file.ts';

export interface SlurmSettings {
  readonly partition?: string;
  readonly account?: string;
  readonly qos?: string;
  /** Further options of `sbatch`, which come last, for example `--constraint=a100`. */
  readonly extra?: readonly string[];
}

export interface SubmissionPlan {
  readonly tasks: readonly string[];
  /** Jobs of the array at a time. */
  readonly parallel: number;
  readonly resources: Resources;
  /** Array whose end this one waits for. */
  readonly after: string | null;
}

/** Of users, accounts and partitions, on jobs submitted at once. */
const LIMIT = /MaxSubmit|job submit limit/;
/** Seconds between tries when Slurm is busy. */
const TRIES = [1, 2, 5, 10, 20];

/**
 * The submission's file is there before Slurm hears of it, with the job's unique name; the number is added afterwards.
 *
 * @param earlier submissions of the folder
 * @returns the error instead when Slurm refuses so many jobs, or so many beside those it has
 * @throws BimixError `invalid-submission` with Slurm's words when it refuses for another reason
 */
export async function submit(
  folder: string,
  plan: SubmissionPlan,
  settings: SlurmSettings,
  earlier: readonly Submission[],
): Promise<Submission | BimixError> {
  await mkdir(submissionsFolder(folder), { recursive: true });
  const number = 1 + Math.max(0, ...earlier.map(({ name }) => numberOf(name)));
  const name = `bimix-${randomUUID().slice(0, 8)}-${number}`;
  const planned = { name, tasks: [...plan.tasks], job: null, over: false };
  await writeSubmission(folder, planned);
  try {
    const submitted = { ...planned, job: await sbatch(folder, name, plan, settings) };
    await writeSubmission(folder, submitted);
    return submitted;
  } catch (error) {
    await writeSubmission(folder, { ...planned, over: true });
    if (error instanceof BimixError && LIMIT.test(error.message)) return error;
    throw error;
  }
}

/** The number of the array of that name; null when Slurm has none. */
export async function findSubmitted(name: string): Promise<string | null> {
  const jobs = await findJobs({ name });
  if (jobs === null) throw noAnswer('');
  return jobs[0]?.array ?? null;
}

async function sbatch(folder: string, name: string, plan: SubmissionPlan, settings: SlurmSettings): Promise<string> {
  const script = `#!/bin/sh\nexec ${[process.execPath, TASK_MAIN, folder, '--array', submissionFile(folder, name)].map(quote).join(' ')}\n`;
  for (let tries = 0; ; tries++) {
    const { exitCode, out, err } = await runSlurm('sbatch', optionsOf(folder, name, plan, settings), script);
    // With several clusters the number is followed by the cluster's name.
    if (exitCode === 0) return out.trim().split(';')[0];
    const isBusy = /timed out|temporarily|unable to contact|connection refused|try again/i.test(err);
    // The answer may be lost of a submission that went through.
    const job = isBusy ? await findSubmitted(name).catch(() => null) : null;
    if (job !== null) return job;
    if (!isBusy || tries >= TRIES.length) {
      throw new BimixError(
        'invalid-submission',
        `invalid submission: sbatch refused ${plan.tasks.length} tasks: ${err}`,
        {
          hint: 'Check that sbatch accepts this partition, account, quality of service, these resources and options here.',
        },
      );
    }
    await pause(TRIES[tries] * 1000);
  }
}

function optionsOf(folder: string, name: string, plan: SubmissionPlan, settings: SlurmSettings): string[] {
  const { threads = 1, gpus = 0, megabytes, minutes } = plan.resources;
  const { partition, account, qos, extra = [] } = settings;
  const log = join(submissionsFolder(folder), name).replaceAll('%', '%%');
  return [
    '--parsable',
    `--job-name=${name}`,
    `--array=0-${plan.tasks.length - 1}%${plan.parallel}`,
    '--nodes=1',
    '--ntasks=1',
    `--cpus-per-task=${threads}`,
    ...(gpus === 0 ? [] : [`--gres=gpu:${gpus}`]),
    ...(megabytes === undefined ? [] : [`--mem=${Math.ceil(megabytes)}M`]),
    ...(minutes === undefined ? [] : [`--time=${Math.ceil(minutes)}`]),
    ...(partition === undefined ? [] : [`--partition=${partition}`]),
    ...(account === undefined ? [] : [`--account=${account}`]),
    ...(qos === undefined ? [] : [`--qos=${qos}`]),
    '--requeue',
    '--open-mode=append',
    `--chdir=${folder}`,
    `--output=${log}-%a.log`,
    ...(plan.after === null ? [] : [`--dependency=afterany:${plan.after}`, '--kill-on-invalid-dep=yes']),
    ...extra,
  ];
}

const quote = (word: string): string => `'${word.replaceAll("'", "'\\''")}'`;
