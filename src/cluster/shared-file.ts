/** Files on a file system that several machines may share: each is there whole or not at all, whoever else writes it. */

import { link, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { outputError, temporaryBeside } from '../files/index.ts';

/**
 * Writes a file unless it is there already. A link fails when somebody was first, where a rename would silently replace the file.
 *
 * @returns whether this call wrote it
 * @throws BimixError `invalid-output`
 */
export async function writeOnce(path: string, content: string): Promise<boolean> {
  return viaTemporary(path, content, async temporary => {
    try {
      await link(temporary, path);
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
      throw error;
    }
  });
}

/**
 * Writes a file, over one that was there.
 *
 * @throws BimixError `invalid-output`
 */
export async function replaceFile(path: string, content: string): Promise<void> {
  await viaTemporary(path, content, temporary => rename(temporary, path));
}

/** Flushed to the disk before it gets its name. */
async function viaTemporary<T>(path: string, content: string, name: (temporary: string) => Promise<T>): Promise<T> {
  const temporary = temporaryBeside(path);
  try {
    const file = await open(temporary, 'wx');
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    const named = await name(temporary);
    await flush(dirname(path));
    return named;
  } catch (cause) {
    throw outputError(path, cause);
  } finally {
    await rm(temporary, { force: true }).catch(() => {});
  }
}

/** Flushes a file, or the names in a folder, to the disk. */
export async function flush(path: string): Promise<void> {
  const file = await open(path, 'r');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}
