/** Writing a file whole or not at all. */

import { access, constants, mkdir, open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { BimixError } from '../errors/index.ts';

/**
 * Writes a file: into a temporary one beside it, then renamed over it. On any error nothing is left behind and a file that
 * was there stays as it was.
 *
 * @param content text, bytes, or pieces of text one after the other
 * @throws BimixError `invalid-output` when the folder is missing or cannot be written to; what `content` throws while it is read
 */
export async function writeWholeFile(path: string, content: string | Uint8Array | Iterable<string>): Promise<void> {
  const temporary = join(dirname(path), `.${basename(path)}.${process.pid}.tmp`);
  try {
    const file = await open(temporary, 'w');
    try {
      if (typeof content === 'string' || content instanceof Uint8Array) await file.writeFile(content);
      else for (const piece of batches(content)) await file.appendFile(piece);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (cause) {
    await rm(temporary, { force: true });
    throw asBimixError(path, cause);
  }
}

/**
 * Whether a file can be written there as far as its folder goes: for asking before a long computation.
 *
 * @throws BimixError `invalid-output`
 */
export async function checkOutputFolder(path: string): Promise<void> {
  try {
    await access(dirname(path), constants.W_OK);
  } catch (cause) {
    throw asBimixError(path, cause);
  }
}

/**
 * Makes a folder and those above it, where they are not there yet.
 *
 * @throws BimixError `invalid-output`
 */
export async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true });
  } catch (cause) {
    throw asBimixError(path, cause, 'folder');
  }
}

/** Pieces joined to about a megabyte: one system call a line would be slow. */
function* batches(pieces: Iterable<string>): Generator<string> {
  let batch: string[] = [];
  let length = 0;
  for (const piece of pieces) {
    batch.push(piece);
    length += piece.length;
    if (length < 1_000_000) continue;
    yield batch.join('');
    batch = [];
    length = 0;
  }
  yield batch.join('');
}

const TROUBLE: Record<string, string> = {
  ENOENT: 'its folder does not exist',
  ENOTDIR: 'its folder is a file',
  EEXIST: 'it is a file',
  EISDIR: 'it is a folder',
  EACCES: 'no permission to write there',
  EPERM: 'no permission to write there',
  EROFS: 'the disk is read-only',
  ENOSPC: 'the disk is full',
};

function asBimixError(path: string, cause: unknown, what: 'file' | 'folder' = 'file'): unknown {
  const { code } = cause as NodeJS.ErrnoException;
  if (code === undefined || !Object.hasOwn(TROUBLE, code)) return cause;
  return new BimixError('invalid-output', `invalid output ${what} ${path}: ${TROUBLE[code]}`, {
    where: { file: path },
    cause,
  });
}
