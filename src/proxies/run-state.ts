/** How the runs of a folder stand, from its files alone. */

import path from 'node:path';
import {
  lastLines,
  resultsFolder,
  type TaskState,
  type TaskStatus,
  taskFolder,
  taskStatuses,
} from '../cluster/index.ts';
import { BimixError } from '../errors/index.ts';
import { type RunPlaces, readLosses } from './losses-source.ts';
import type { PlannedRun } from './plan.ts';
import type { TrainablePlan } from './plan-folder.ts';
import { readProxyLosses } from './proxy-losses.ts';
import type { RunLosses } from './run-losses.ts';
import { readRunProgress } from './run-progress.ts';

/** `diverged`: ended or under way with losses that show it; the others as of tasks. */
export type RunStateName = TaskState | 'diverged';

export interface RunState {
  readonly run: PlannedRun;
  readonly state: RunStateName;
  /** Whether it has ended well, diverged or not. */
  readonly isDone: boolean;
  /** Whether it is done or has failed, diverged or not. */
  readonly hasEnded: boolean;
  readonly node: string | null;
  /** Trained on so far; null where nobody says. */
  readonly tokens: number | null;
  readonly tokensPerSecond: number | null;
  readonly secondsLeft: number | null;
  /** Null while there are none that can be read. */
  readonly losses: RunLosses | null;
  /** Why losses that should be there cannot be read. */
  readonly trouble: BimixError | null;
  /** Why it failed, waits or diverged, where that is known. */
  readonly reason: string | null;
  /** Of its newest attempt; null before the first. */
  readonly log: string | null;
  readonly attempts: number;
}

/** Lines of a failed run's log that are shown. */
const LOG_LINES = 5;

/**
 * @param statuses as an executor reports them; from the folder's files by default
 * @throws BimixError `missing-tasks`
 */
export async function readRunStates(
  plan: TrainablePlan,
  folder: string,
  statuses?: readonly TaskStatus[],
): Promise<readonly RunState[]> {
  const known = statuses ?? (await statusesOf(folder));
  const byId = new Map(known.map(status => [status.id, status]));
  return Promise.all(plan.runs.map(run => readRunState(plan, folder, run, byId.get(run.id))));
}

/** Nothing was started yet where there is no manifest. */
async function statusesOf(folder: string): Promise<readonly TaskStatus[]> {
  try {
    return await taskStatuses(folder);
  } catch (cause) {
    if (cause instanceof BimixError && cause.code === 'missing-tasks') return [];
    throw cause;
  }
}

async function readRunState(
  { project: { trainer } }: TrainablePlan,
  folder: string,
  run: PlannedRun,
  status: TaskStatus | undefined,
): Promise<RunState> {
  const attempt = status?.attempts.at(-1);
  const state = status?.state ?? 'waiting';
  const isDone = state === 'done';
  const base = {
    run,
    isDone,
    hasEnded: isDone || state === 'failed',
    node: attempt?.node ?? null,
    log: attempt?.log ?? null,
    attempts: status?.attempts.length ?? 0,
  };
  if (status === undefined || attempt === undefined) {
    const reason = status?.reason ?? null;
    return {
      ...base,
      state,
      reason,
      tokens: null,
      tokensPerSecond: null,
      secondsLeft: null,
      losses: null,
      trouble: null,
    };
  }
  const task = taskFolder(folder, run.id);
  const out = status.results ?? resultsFolder(folder, run.id, attempt.name);
  const { losses, trouble } = await lossesOf(trainer, run, { folder, out, task, log: attempt.log }, isDone);
  const diverged = losses?.diverged ?? null;
  const progress = trainer.kind === 'embedded' ? await readRunProgress(task) : null;
  const seen = tokensOf(losses);
  const tokens = isDone && diverged === null ? run.tokens : (progress?.tokens ?? seen);
  return {
    ...base,
    state: diverged === null ? state : 'diverged',
    tokens,
    ...(state === 'running'
      ? paceOf(run, attempt.started, seen, progress)
      : { tokensPerSecond: null, secondsLeft: null }),
    losses,
    trouble: isDone ? trouble : null,
    reason: diverged ?? status.reason ?? null,
  };
}

/** Those of a run under way may be half written, or not there yet. */
async function lossesOf(
  trainer: TrainablePlan['project']['trainer'],
  run: PlannedRun,
  places: RunPlaces,
  isDone: boolean,
): Promise<{ losses: RunLosses | null; trouble: BimixError | null }> {
  try {
    const losses =
      trainer.kind === 'embedded'
        ? await readProxyLosses(trainer, run, places.out, isDone)
        : await readLosses(trainer.losses, run, places);
    return { losses, trouble: null };
  } catch (cause) {
    if (!(cause instanceof BimixError)) throw cause;
    return { losses: null, trouble: cause };
  }
}

/** Of the newest checkpoint, where volume is tokens or can be turned into them. */
function tokensOf(losses: RunLosses | null): number | null {
  const volume = losses?.checkpoints.at(-1)?.volume;
  if (losses === null || volume === undefined) return null;
  if (losses.volumeUnit === 'tokens') return volume;
  return losses.tokensPerStep === null ? null : volume * losses.tokensPerStep;
}

function paceOf(
  { tokens: of }: PlannedRun,
  started: string | null,
  seen: number | null,
  progress: { readonly tokensPerSecond: number; readonly secondsLeft: number | null } | null,
): Pick<RunState, 'tokensPerSecond' | 'secondsLeft'> {
  if (progress !== null) return { tokensPerSecond: progress.tokensPerSecond, secondsLeft: progress.secondsLeft };
  if (started === null || seen === null || seen === 0) return { tokensPerSecond: null, secondsLeft: null };
  const seconds = (Date.now() - Date.parse(started)) / 1000;
  const tokensPerSecond = seen / Math.max(seconds, 1e-3);
  return { tokensPerSecond, secondsLeft: of === null ? null : Math.max(0, of - seen) / tokensPerSecond };
}

/** The end of a run's log; empty when it wrote nothing. */
export async function logEnd({ log }: RunState): Promise<readonly string[]> {
  return log === null ? [] : lastLines(path.resolve(log), LOG_LINES);
}
