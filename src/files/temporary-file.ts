/**
 * Names for files and folders that are not finished. They lie beside what they become and say which process writes them, so
 * that whoever writes there next can remove those of processes that were killed.
 */

import { createHash, randomBytes } from 'node:crypto';
import { readdirSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { identify, thisMachine } from './process-identity.ts';

/** Machine, process id, start of the process, and a random part: process ids come round again, machines share folders. */
const NAME = /^\.bimix-([\da-f]{8})-(\d+)-([\da-f]{8})-[\da-f]{8}\.tmp$/;

/** Age, in milliseconds, past which a temporary file of another machine, or from before a restart, is left over: a week. */
const MAX_AGE = 7 * 24 * 3600 * 1000;

let owner: string | undefined;
const swept = new Set<string>();

/**
 * A path for a temporary file or folder in the folder of `path`, whatever the length of its name. The first call for a folder
 * removes from it what dead processes left.
 */
export function temporaryBeside(path: string): string {
  const folder = dirname(path);
  if (!swept.has(folder)) removeLeftovers(folder);
  swept.add(folder);
  owner ??= `.bimix-${digest(thisMachine())}-${process.pid}-${startOf(process.pid)}`;
  return join(folder, `${owner}-${randomBytes(4).toString('hex')}.tmp`);
}

/** Removes the temporary files and folders of dead processes. A folder that cannot be read is left alone. */
export function removeLeftovers(folder: string): void {
  try {
    for (const name of readdirSync(folder)) {
      const [, machine, pid, start] = NAME.exec(name) ?? [];
      if (machine !== undefined && isLeftOver(join(folder, name), machine, Number(pid), start)) {
        rmSync(join(folder, name), { recursive: true, force: true });
      }
    }
  } catch {
    // Missing, or not ours to clean: writing there says so.
  }
}

function isLeftOver(path: string, machine: string, pid: number, start: string): boolean {
  if (machine === digest(thisMachine())) return startOf(pid) !== start && !isHidden(pid);
  return Date.now() - statSync(path).mtimeMs > MAX_AGE;
}

/** Whether it is a process of another user that this system does not show. */
function isHidden(pid: number): boolean {
  if (identify(pid) !== null) return false;
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function startOf(pid: number): string {
  return digest(identify(pid)?.started ?? '');
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 8);
}
