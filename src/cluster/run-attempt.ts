/** One attempt at a task, on the machine where it runs: the command, its log, its records. */

import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream, existsSync } from 'node:fs';
import { mkdir, open, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { identify, thisMachine } from '../files/index.ts';
import {
  claimAttempt,
  type ExitRecord,
  type Marker,
  placeMarker,
  type StartRecord,
  updateStart,
  writeExit,
} from './attempt-record.ts';
import { type CommandEnd, type CommandLimits, endOf } from './command-end.ts';
import { startHeartbeat } from './heartbeat.ts';
import type { PlannedTask } from './manifest.ts';
import { flush } from './shared-file.ts';
import { logFile, markerFile, resultsFolder, startFile, taskFolder } from './task-files.ts';

export interface AttemptSettings extends CommandLimits {
  /** Wanted; a number is added when it is taken. */
  readonly name: string;
  readonly node: string;
  readonly submission: string | null;
  readonly slot: number | null;
  /** That the command may use. */
  readonly threads: number;
  /** Beside those of this process and of the task. */
  readonly environment: Readonly<Record<string, string>>;
}

/**
 * Runs the command unless the task is done, and leaves the completion marker or a record of how it ended. SIGTERM, SIGINT and
 * SIGHUP go on to the command and all that it started.
 *
 * @returns the exit code for this process: 0 when the task is done, else the command's
 */
export async function runAttempt(folder: string, task: PlannedTask, settings: AttemptSettings): Promise<number> {
  const { id } = task;
  if (existsSync(markerFile(folder, id))) return 0;
  const self = identify(process.pid);
  if (self === null) throw new Error(`process ${process.pid} does not find itself`);
  const { node, submission, slot } = settings;
  const start = { node, started: now(), machine: thisMachine(), wrapper: self, command: null, submission, slot };
  const record = await claimAttempt(folder, id, settings.name, start);
  const stopHeartbeat = startHeartbeat(startFile(folder, id, record.attempt));
  try {
    const end = await runCommand(folder, task, record, settings);
    return await recordEnd(folder, task, record, end);
  } finally {
    stopHeartbeat();
  }
}

async function runCommand(
  folder: string,
  task: PlannedTask,
  record: StartRecord,
  settings: AttemptSettings,
): Promise<CommandEnd> {
  const { id } = task;
  const { attempt } = record;
  const out = resultsFolder(folder, id, attempt);
  const own = taskFolder(folder, id);
  await mkdir(out, { recursive: true });
  const [program, ...args] = task.command.map(word =>
    word.replace(
      /\{(out|task|attempt|threads)\}/g,
      (_, name) => ({ out, task: own, attempt, threads: String(settings.threads) })[name as string] ?? '',
    ),
  );
  const log = await open(logFile(folder, id, attempt), 'a');
  try {
    const child = spawn(program, args, {
      cwd: task.folder,
      env: {
        ...process.env,
        ...settings.environment,
        ...task.environment,
        BIMIX_OUT: out,
        BIMIX_TASK: own,
        BIMIX_ATTEMPT: attempt,
        BIMIX_THREADS: String(settings.threads),
      },
      stdio: ['ignore', log.fd, log.fd],
      // Leads a group of its own, so that a signal reaches all that it starts.
      detached: true,
    });
    const ended = endOf(child, settings, () => existsSync(markerFile(folder, id)));
    const command = child.pid === undefined ? null : identify(child.pid);
    if (command !== null) await updateStart(folder, id, { ...record, command });
    return await ended;
  } finally {
    await log.close();
  }
}

async function recordEnd(folder: string, task: PlannedTask, record: StartRecord, end: CommandEnd): Promise<number> {
  const { id } = task;
  const { attempt, node, started } = record;
  const { exitCode, stopped } = end;
  const ended = now();
  const leave = (outcome: ExitRecord['outcome'], reason: string): Promise<void> =>
    writeExit(folder, id, { attempt, ended, exitCode, outcome, reason, log: null });
  let reason = end.reason ?? `exit code ${exitCode}`;
  if (exitCode === 0) {
    const outputs = await describeOutputs(resultsFolder(folder, id, attempt), task.outputs);
    if (typeof outputs !== 'string') {
      if (await placeMarker(folder, id, { attempt, node, started, ended, exitCode, outputs })) return 0;
    }
    reason = `it ended well, but without its output ${outputs}`;
  }
  if (existsSync(markerFile(folder, id))) {
    await leave('second', 'another attempt was first');
    return 0;
  }
  await (stopped === null ? leave('failed', reason) : leave('stopped', `stopped by ${stopped}`));
  return exitCode === 0 ? 1 : exitCode;
}

/** Flushed to the disk before anything says that they are whole. The name of the first missing one instead of all. */
async function describeOutputs(out: string, names: readonly string[]): Promise<Marker['outputs'] | string> {
  const outputs: Marker['outputs'] = [];
  for (const name of names) {
    const path = join(out, name);
    const file = await stat(path).catch(() => null);
    if (!file?.isFile()) return name;
    const hash = createHash('sha256');
    await pipeline(createReadStream(path, { highWaterMark: 1 << 20 }), hash);
    await flush(path);
    outputs.push({ name, bytes: file.size, sha256: hash.digest('hex') });
  }
  await flush(out);
  return outputs;
}

const now = (): string => new Date().toISOString();
