/** `checkpoint.bin`: the position of a run and everything needed to continue it, replaced whole. */

import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { BimixError } from '../errors/index.ts';
import { writeWholeFile } from '../files/index.ts';
import type { LossWatchState } from './loss-watch.ts';
import type { Evaluation } from './run-metrics.ts';

export const CHECKPOINT_FILE = 'checkpoint.bin';

const MAGIC = 'bimixrun';
/** Magic, length of the header, its sha256 with that of the engine's state. */
const PREFIX = 8 + 4 + 32;

/** A run between two steps, without the model. */
export interface RunPosition {
  readonly step: number;
  readonly evaluations: readonly Evaluation[];
  /** Training losses of the steps since the last evaluation, added in their order. */
  readonly lossSum: number;
  readonly lossSteps: number;
  readonly watch: LossWatchState;
  /** On the clock, over all attempts: of the record only. */
  readonly seconds: number;
}

export interface Checkpoint {
  readonly position: RunPosition;
  /** As the engine gave it. */
  readonly state: Uint8Array;
}

/** @param hash of the run: only this run continues from it */
export async function writeCheckpoint(folder: string, hash: string, checkpoint: Checkpoint): Promise<void> {
  const header = Buffer.from(JSON.stringify({ hash, position: checkpoint.position }));
  const prefix = Buffer.alloc(PREFIX);
  prefix.write(MAGIC, 'latin1');
  prefix.writeUInt32LE(header.length, 8);
  prefix.set(digestOf(header, checkpoint.state), 12);
  await writeWholeFile(path.join(folder, CHECKPOINT_FILE), Buffer.concat([prefix, header, checkpoint.state]));
}

/**
 * @returns null when there is none
 * @throws BimixError `invalid-checkpoint` when it is damaged or of another run
 */
export async function readCheckpoint(folder: string, hash: string): Promise<Checkpoint | null> {
  const file = path.join(folder, CHECKPOINT_FILE);
  const bytes = await readIfThere(file);
  if (bytes === null) return null;
  const refuse = (what: string) =>
    new BimixError('invalid-checkpoint', `invalid checkpoint ${file}: ${what}`, {
      hint: 'Delete it to train the run from its beginning.',
      where: { file },
    });
  if (bytes.length < PREFIX || bytes.toString('latin1', 0, 8) !== MAGIC) throw refuse('it is something else');
  const end = PREFIX + bytes.readUInt32LE(8);
  const header = bytes.subarray(PREFIX, end);
  const state = new Uint8Array(bytes.subarray(end));
  if (!digestOf(header, state).equals(bytes.subarray(12, PREFIX))) throw refuse('it is damaged');
  const { hash: ofRun, position } = JSON.parse(header.toString('utf8')) as { hash: string; position: RunPosition };
  if (ofRun !== hash) throw refuse('it is of another run, or the text or settings of this one have changed since');
  return { position, state };
}

function digestOf(header: Uint8Array, state: Uint8Array): Buffer {
  return createHash('sha256').update(header).update(state).digest();
}

async function readIfThere(file: string): Promise<Buffer | null> {
  try {
    return await readFile(file);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw cause;
  }
}
