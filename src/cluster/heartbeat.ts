/** A file that is touched for as long as its process lives, for those on other machines, who cannot see the process. */

import { statSync } from 'node:fs';
import { utimes } from 'node:fs/promises';

const EVERY_MS = 20_000;
/** After so long without a touch the process counts as dead; file attributes may be a minute old on a network file system. */
const SILENT_MS = 180_000;

/** @returns stops it */
export function startHeartbeat(path: string): () => void {
  const timer = setInterval(() => {
    const now = new Date();
    utimes(path, now, now).catch(() => {});
  }, EVERY_MS);
  timer.unref();
  return () => clearInterval(timer);
}

export function isSilent(path: string): boolean {
  const { mtimeMs } = statSync(path, { throwIfNoEntry: false }) ?? { mtimeMs: 0 };
  return Date.now() - mtimeMs > SILENT_MS;
}
