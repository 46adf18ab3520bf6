/** One driver a folder at a time: two would start every task twice. */

import { randomUUID } from 'node:crypto';
import { readdir, readFile, rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import * as z from 'zod';
import { BimixError, parseCheckedJson } from '../errors/index.ts';
import { identify, isRunning, processIdentity, thisMachine } from '../files/index.ts';
import { isSilent, startHeartbeat } from './heartbeat.ts';
import { replaceFile } from './shared-file.ts';

const claim = z.object({ node: z.string(), machine: z.string(), process: processIdentity });

/**
 * Everyone writes a claim first and then looks at those of others, so that of two at the same time at least one gives way.
 * Claims of drivers that died are removed.
 *
 * @returns gives the folder up
 * @throws BimixError `invalid-driver` when another driver has the folder
 */
export async function claimFolder(folder: string): Promise<() => Promise<void>> {
  const self = identify(process.pid);
  if (self === null) throw new Error(`process ${process.pid} does not find itself`);
  const name = `driver-${randomUUID()}.json`;
  const path = join(folder, name);
  const text = JSON.stringify({ node: hostname(), machine: thisMachine(), process: self });
  await replaceFile(path, `${text}\n`);
  const stopHeartbeat = startHeartbeat(path);
  const release = async (): Promise<void> => {
    stopHeartbeat();
    await rm(path, { force: true });
  };
  try {
    for (const other of await readdir(folder)) {
      if (/^driver-.*\.json$/.test(other) && other !== name) await pass(join(folder, other), folder);
    }
  } catch (error) {
    await release();
    throw error;
  }
  return release;
}

/** Goes past the claim of a driver that is dead. */
async function pass(path: string, folder: string): Promise<void> {
  const content = await readFile(path, 'utf8').catch(() => null);
  if (content === null) return;
  const { node, machine, process } = parseCheckedJson(content, claim, {
    ...{ code: 'invalid-driver', what: `claim of a driver ${path}`, file: path },
    hint: 'If no other bimix drives this folder, remove the file; then run the command again.',
  });
  const isHere = machine === thisMachine();
  if (isHere ? isRunning(process) : !isSilent(path)) {
    throw new BimixError(
      'invalid-driver',
      `invalid second driver of ${folder}: process ${process.pid} on ${node} drives it`,
      {
        hint: isHere
          ? 'Wait for it, or end it and run the command again: finished tasks stay finished.'
          : 'If that process is dead, wait three minutes, or remove the file; then run the command again.',
        where: { file: path },
      },
    );
  }
  await rm(path, { force: true });
}
