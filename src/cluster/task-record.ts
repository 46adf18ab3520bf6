/** What the files of a task say: its attempts and, once it is done, its marker. */

import { readdir } from 'node:fs/promises';
import { isRunning, thisMachine } from '../files/index.ts';
import { type ExitRecord, type Marker, readExit, readMarker, readStart, type StartRecord } from './attempt-record.ts';
import { isSilent } from './heartbeat.ts';
import type { Attempt, TaskState, TaskStatus } from './task.ts';
import { attemptsIn, logFile, MARKER, resultsFolder, startFile, taskFolder } from './task-files.ts';

export interface AttemptRecord {
  readonly name: string;
  /** Null for one that was never seen to start. */
  readonly start: StartRecord | null;
  /** Null while it runs, when it was lost, and for the one that counts. */
  readonly exit: ExitRecord | null;
  /** Whether it still runs, as far as this machine can see. */
  readonly isAlive: boolean;
}

export interface TaskRecord {
  readonly id: string;
  readonly marker: Marker | null;
  /** Oldest first. */
  readonly attempts: readonly AttemptRecord[];
}

/** By one listing of the task's folder. */
export async function readTaskRecord(folder: string, id: string): Promise<TaskRecord> {
  const record = await readOnce(folder, id);
  // Its last record may have come between our reading and its end.
  return record.attempts.some(attempt => isMissing(record, attempt)) ? readOnce(folder, id) : record;
}

/** Whether an attempt started, runs no more, and left no word. */
export function isMissing({ marker }: TaskRecord, { name, start, exit, isAlive }: AttemptRecord): boolean {
  return start !== null && exit === null && !isAlive && marker?.attempt !== name;
}

async function readOnce(folder: string, id: string): Promise<TaskRecord> {
  const names = await readdir(taskFolder(folder, id)).catch(noFolder);
  const marker = names.includes(MARKER) ? await readMarker(folder, id) : null;
  const { started, ended } = attemptsIn(names);
  const attempts = await Promise.all(
    [...new Set([...started, ...ended])].map(async (name): Promise<AttemptRecord> => {
      const [start, exit] = await Promise.all([readStart(folder, id, name), readExit(folder, id, name)]);
      const isOver = exit !== null || marker?.attempt === name;
      return { name, start, exit, isAlive: !isOver && start !== null && lives(folder, id, start) };
    }),
  );
  return { id, marker, attempts: attempts.sort((a, b) => (timeOf(a) < timeOf(b) ? -1 : 1)) };
}

/** A task whose folder was removed runs again. */
function noFolder(error: NodeJS.ErrnoException): string[] {
  if (error.code === 'ENOENT') return [];
  throw error;
}

/** A process of this machine is looked at; one of another machine shows by its heartbeat. */
function lives(folder: string, id: string, { attempt, machine, wrapper }: StartRecord): boolean {
  return machine === thisMachine() ? isRunning(wrapper) : !isSilent(startFile(folder, id, attempt));
}

const timeOf = ({ start, exit }: AttemptRecord): string => start?.started ?? exit?.ended ?? '';

function newestAttempt({ attempts }: TaskRecord): AttemptRecord | undefined {
  return attempts.at(-1);
}

/** What the files say of a task that nobody is about to start. */
export function stateOf(record: TaskRecord): TaskState {
  if (record.marker !== null) return 'done';
  if (record.attempts.some(({ isAlive }) => isAlive)) return 'running';
  return newestAttempt(record)?.exit?.outcome === 'failed' ? 'failed' : 'waiting';
}

export function statusOf(folder: string, record: TaskRecord, state: TaskState, reason?: string): TaskStatus {
  const { id, marker, attempts } = record;
  const why = reason ?? (state === 'failed' ? newestAttempt(record)?.exit?.reason : undefined);
  return {
    id,
    state,
    attempts: attempts.map(attempt => describe(folder, record, attempt)),
    results: marker === null ? null : resultsFolder(folder, id, marker.attempt),
    ...(why === undefined ? {} : { reason: why }),
  };
}

function describe(folder: string, { id, marker }: TaskRecord, { name, start, exit }: AttemptRecord): Attempt {
  const end = marker?.attempt === name ? marker : exit;
  return {
    name,
    node: start?.node ?? null,
    started: start?.started ?? null,
    ended: end?.ended ?? null,
    exitCode: end?.exitCode ?? null,
    log: exit?.log ?? logFile(folder, id, name),
  };
}
