/** `progress.json`: how far a run is, for whoever looks; unlike its metrics it differs from machine to machine. */

import { readFile } from 'node:fs/promises';
import path from 'node:path';
import * as z from 'zod';
import { writeWholeFile } from '../files/index.ts';

const PROGRESS_FILE = 'progress.json';

const amount = z.number().nonnegative();

const schema = z.object({
  tokens: amount,
  of: amount,
  trainingLoss: z.number().nullable(),
  tokensPerSecond: amount,
  gigaflopsPerSecond: amount,
  seconds: amount,
  secondsLeft: amount.nullable(),
  updated: z.string(),
});

export interface RunProgress {
  /** Trained on so far. */
  readonly tokens: number;
  /** Of the whole run. */
  readonly of: number;
  /** Of the last step, nats per token; null when it is not a finite number. */
  readonly trainingLoss: number | null;
  /** Of this attempt, while training: evaluations and checkpoints are not in it. */
  readonly tokensPerSecond: number;
  /** 6 operations for each token and parameter but the positions' (Kaplan et al. 2020, arXiv 2001.08361, Sec. 2.1). */
  readonly gigaflopsPerSecond: number;
  /** On the clock, over all attempts. */
  readonly seconds: number;
  /** Left at the pace so far; null in the first twentieth of the run, 0 at the end. */
  readonly secondsLeft: number | null;
  /** ISO 8601. */
  readonly updated: string;
}

/** @param folder of the task */
export async function writeRunProgress(folder: string, progress: RunProgress): Promise<void> {
  await writeWholeFile(path.join(folder, PROGRESS_FILE), `${JSON.stringify(progress)}\n`);
}

/**
 * @param folder of the task
 * @returns null while there is none that can be read
 */
export async function readRunProgress(folder: string): Promise<RunProgress | null> {
  try {
    return schema.safeParse(JSON.parse(await readFile(path.join(folder, PROGRESS_FILE), 'utf8'))).data ?? null;
  } catch (cause) {
    if (cause instanceof SyntaxError || (cause as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw cause;
  }
}
