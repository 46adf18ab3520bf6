/** How the tasks of a folder stand, from its files alone. */

import { readManifest } from './manifest.ts';
import { readSubmissions } from './submission.ts';
import type { TaskStatus } from './task.ts';
import { readTaskRecord, stateOf, statusOf, type TaskRecord } from './task-record.ts';

/**
 * Asks no scheduler and needs no driver. A task that was handed to Slurm is `queued` until one of its attempts starts, also
 * when Slurm has dropped it since and no driver was there to see it.
 *
 * @returns in the order of the manifest
 * @throws BimixError `missing-tasks` when the folder has no manifest
 */
export async function taskStatuses(folder: string): Promise<TaskStatus[]> {
  const { tasks } = await readManifest(folder);
  const submissionOf = new Map<string, string>();
  for (const { name, tasks: submitted, job, over } of await readSubmissions(folder)) {
    for (const id of submitted) {
      if (over || job === null) submissionOf.delete(id);
      else submissionOf.set(id, name);
    }
  }
  const statuses: TaskStatus[] = [];
  for (const { id } of tasks) {
    const record = await readTaskRecord(folder, id);
    const state = stateOf(record);
    const isQueued = isWithSlurm(record, submissionOf.get(id)) && (state === 'waiting' || state === 'failed');
    statuses.push(statusOf(folder, record, isQueued ? 'queued' : state));
  }
  return statuses;
}

/** Whether the newest submission's job is still to start, or to start again after its node was lost. */
function isWithSlurm({ attempts }: TaskRecord, submission: string | undefined): boolean {
  if (submission === undefined) return false;
  const mine = attempts.filter(({ start }) => start?.submission === submission);
  return mine.every(({ exit }) => exit === null || exit.outcome !== 'failed');
}
