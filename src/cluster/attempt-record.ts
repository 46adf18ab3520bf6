/** What an attempt leaves in files: that it started, how it ended, or that the task is done. */

import { readFile } from 'node:fs/promises';
import * as z from 'zod';
import { BimixError } from '../errors/index.ts';
import { processIdentity } from '../files/index.ts';
import { replaceFile, writeOnce } from './shared-file.ts';
import { exitFile, markerFile, startFile } from './task-files.ts';

const startRecord = z.object({
  attempt: z.string(),
  node: z.string(),
  started: z.string(),
  /** Where the process ids below mean something. */
  machine: z.string(),
  /** What writes these records. */
  wrapper: processIdentity,
  /** The command itself, which leads a process group; null until it runs. */
  command: processIdentity.nullable(),
  /** The array of Slurm jobs that it belongs to. */
  submission: z.string().nullable(),
  /** Place among those that run side by side on one machine. */
  slot: z.int().nonnegative().nullable(),
});

const exitRecord = z.object({
  attempt: z.string(),
  ended: z.string(),
  /** 128 + the signal's number when a signal ended it. */
  exitCode: z.int().nullable(),
  /**
   * `stopped`: ended by the user or the scheduler; `lost`: ended with its node or its driver; `second`: another attempt
   * was first. Only `failed` counts against the task.
   */
  outcome: z.enum(['failed', 'stopped', 'lost', 'second']),
  reason: z.string(),
  /** Of what was never seen to start. */
  log: z.string().nullable(),
});

const marker = z.object({
  attempt: z.string(),
  node: z.string(),
  started: z.string(),
  ended: z.string(),
  exitCode: z.literal(0),
  outputs: z.array(z.object({ name: z.string(), bytes: z.int().nonnegative(), sha256: z.string() })),
});

export type StartRecord = z.infer<typeof startRecord>;
export type ExitRecord = z.infer<typeof exitRecord>;
export type Marker = z.infer<typeof marker>;

/** Claims the first free name of `name`, `name-2`, ...: a scheduler that lost its memory starts a job by a used name. */
export async function claimAttempt(
  folder: string,
  id: string,
  name: string,
  record: Omit<StartRecord, 'attempt'>,
): Promise<StartRecord> {
  for (let n = 1; ; n++) {
    const claimed = { attempt: n === 1 ? name : `${name}-${n}`, ...record };
    if (await writeOnce(startFile(folder, id, claimed.attempt), text(claimed))) return claimed;
  }
}

export async function updateStart(folder: string, id: string, record: StartRecord): Promise<void> {
  await replaceFile(startFile(folder, id, record.attempt), text(record));
}

export async function writeExit(folder: string, id: string, record: ExitRecord): Promise<void> {
  await replaceFile(exitFile(folder, id, record.attempt), text(record));
}

/** @returns whether this attempt is the one that counts */
export async function placeMarker(folder: string, id: string, record: Marker): Promise<boolean> {
  if (await writeOnce(markerFile(folder, id), text(record))) return true;
  // A network file system may carry out a request whose answer is lost, and then refuse the second one.
  return (await readMarker(folder, id))?.attempt === record.attempt;
}

export const readStart = (folder: string, id: string, attempt: string) =>
  readRecord(startFile(folder, id, attempt), startRecord);

export const readExit = (folder: string, id: string, attempt: string) =>
  readRecord(exitFile(folder, id, attempt), exitRecord);

export const readMarker = (folder: string, id: string) => readRecord(markerFile(folder, id), marker);

async function readRecord<T>(path: string, schema: z.ZodType<T>): Promise<T | null> {
  let content: string;
  try {
    content = await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
  try {
    return schema.parse(JSON.parse(content));
  } catch (cause) {
    throw new BimixError('invalid-record', `invalid record ${path}: it is damaged`, {
      hint: 'Remove the file; bimix then treats the task as if what it recorded had not happened.',
      where: { file: path },
      cause,
    });
  }
}

const text = (record: unknown): string => `${JSON.stringify(record, null, 2)}\n`;
