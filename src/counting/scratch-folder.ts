/** A folder for what is not finished, gone with the process that made it. */

import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { BimixError } from '../errors/index.ts';

const PREFIX = '.scratch-';
let made = 0;

/**
 * Makes the work folder and a scratch folder in it, and removes those of processes that were killed on this machine.
 *
 * @throws BimixError invalid-output when the folder cannot be made
 */
export function makeScratchFolder(workFolder: string): string {
  const mine = `${PREFIX}${hostname()}-`;
  const folder = join(workFolder, `${mine}${process.pid}-${made++}`);
  try {
    mkdirSync(folder, { recursive: true });
    for (const name of readdirSync(workFolder)) {
      const pid = name.startsWith(mine) ? Number(/^\d+/.exec(name.slice(mine.length))?.[0]) : Number.NaN;
      if (pid > 0 && !isAlive(pid)) rmSync(join(workFolder, name), { recursive: true, force: true });
    }
  } catch (cause) {
    throw new BimixError('invalid-output', `invalid work folder ${workFolder}: it cannot be written to`, {
      where: { file: workFolder },
      cause,
    });
  }
  return folder;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
