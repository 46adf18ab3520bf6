/** What an output path stands for: a file, or something that is there already and is written into. */

import type { Stats } from 'node:fs';
import { lstat, readlink, realpath } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';

export type OutputTarget =
  /** An open descriptor of this process: `-`, `/dev/stdout`, `/dev/fd/3`. */
  | { readonly kind: 'descriptor'; readonly descriptor: number }
  /** A device, FIFO or socket. */
  | { readonly kind: 'special'; readonly path: string; readonly isSocket: boolean }
  /** A regular file, its links followed; without `before` it is not there yet. */
  | { readonly kind: 'file'; readonly path: string; readonly before?: Stats }
  | { readonly kind: 'folder'; readonly path: string };

const MAX_LINKS = 40;

/** Whether a path given for output is standard output. */
export function isStandardOutput(path: string): boolean {
  return descriptorOf(path) === 1;
}

/**
 * Follows links to what a path stands for, whether the last of them leads somewhere or not.
 *
 * @throws the file system's error, `ELOOP` for links in a circle
 */
export async function outputTarget(path: string): Promise<OutputTarget> {
  let current = path;
  for (let links = 0; links < MAX_LINKS; links++) {
    const descriptor = descriptorOf(current);
    if (descriptor !== undefined) return { kind: 'descriptor', descriptor };
    const stats = await lstat(current).catch(absent);
    if (stats === undefined) {
      // Says ENOENT or ENOTDIR of the folder.
      const folder = await realpath(dirname(current));
      return { kind: 'file', path: resolve(folder, current.replace(/^.*\//s, '')) };
    }
    if (stats.isDirectory()) return { kind: 'folder', path: current };
    if (stats.isFile()) return { kind: 'file', path: current, before: stats };
    if (!stats.isSymbolicLink()) return { kind: 'special', path: current, isSocket: stats.isSocket() };
    current = resolve(await realpath(dirname(current)), await readlink(current));
  }
  throw Object.assign(new Error('too many symbolic links'), { code: 'ELOOP' });
}

function descriptorOf(path: string): number | undefined {
  if (path === '-') return 1;
  const [, name] = /^\/dev\/(stdin|stdout|stderr)$/.exec(resolve(path)) ?? [];
  if (name !== undefined) return ['stdin', 'stdout', 'stderr'].indexOf(name);
  const [, pid, number] = /^\/(?:dev|proc\/(self|\d+))\/fd\/(\d+)$/.exec(resolve(path)) ?? [];
  const isOwn = pid === undefined || pid === 'self' || Number(pid) === process.pid;
  return number === undefined || !isOwn ? undefined : Number(number);
}

function absent(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
}
