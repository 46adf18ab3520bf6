/** Writing a file whole or not at all. */

import { constants, createWriteStream } from 'node:fs';
import { access, copyFile, type FileHandle, mkdir, open, rename, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { dirname } from 'node:path';
import type { Writable } from 'node:stream';
import { BimixError } from '../errors/index.ts';
import { type OutputTarget, outputTarget } from './output-target.ts';
import { temporaryBeside } from './temporary-file.ts';

/** Text, bytes, or pieces of text one after the other. */
export type FileContent = string | Uint8Array | Iterable<string>;

/**
 * Writes a file: a temporary one beside it, renamed over it when it is whole. On any error nothing is left behind and a file
 * that was there stays as it was. Symbolic links are followed; mode and owner of a file that was there are kept. What is no
 * file (`-` and `/dev/stdout`, `/dev/fd/3`, a device, FIFO or socket) is written into.
 *
 * @throws BimixError `invalid-output` when the folder is missing or cannot be written to; what `content` throws while it is read
 */
export async function writeWholeFile(path: string, content: FileContent): Promise<void> {
  try {
    const target = await outputTarget(path);
    if (target.kind === 'file') await replaceWhole(target, content);
    else if (target.kind === 'folder') throw Object.assign(new Error(), { code: 'EISDIR' });
    else if (target.kind === 'descriptor') await writeToDescriptor(target.descriptor, content);
    else if (target.isSocket) await writeToStream(connect(target.path), content, true);
    else await writeInto(target.path, content);
  } catch (cause) {
    throw outputError(path, cause);
  }
}

/**
 * Checks, as far as possible in advance, that a file can be written there: for use before a long computation.
 *
 * @throws BimixError `invalid-output`
 */
export async function checkOutputFile(path: string): Promise<void> {
  try {
    const target = await outputTarget(path);
    if (target.kind === 'folder') throw Object.assign(new Error(), { code: 'EISDIR' });
    if (target.kind === 'special') await access(target.path, constants.W_OK);
    if (target.kind === 'file') {
      await access(dirname(target.path), constants.W_OK);
      if (target.before !== undefined) await access(target.path, constants.W_OK);
    }
  } catch (cause) {
    throw outputError(path, cause);
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
    throw outputError(path, cause, 'folder');
  }
}

async function replaceWhole({ path, before }: OutputTarget & { kind: 'file' }, content: FileContent): Promise<void> {
  if (before !== undefined) await access(path, constants.W_OK);
  const temporary = temporaryBeside(path);
  try {
    const file = await open(temporary, 'wx', before === undefined ? 0o666 : 0o600);
    try {
      for (const piece of pieces(content)) await file.appendFile(piece);
      if (before !== undefined) {
        // Only root may give a file to its old owner.
        await file.chown(before.uid, before.gid).catch(() => {});
        await file.chmod(before.mode & 0o7777);
      }
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path).catch(async error => {
      // A file that is mounted by itself, as into a container, cannot be replaced.
      if ((error as NodeJS.ErrnoException).code !== 'EBUSY') throw error;
      await copyFile(temporary, path);
    });
  } finally {
    await rm(temporary, { force: true });
  }
}

async function writeInto(path: string, content: FileContent): Promise<void> {
  const file: FileHandle = await open(path, constants.O_WRONLY);
  try {
    for (const piece of pieces(content)) await file.appendFile(piece);
  } finally {
    await file.close();
  }
}

async function writeToDescriptor(descriptor: number, content: FileContent): Promise<void> {
  if (descriptor === 1) return writeToStream(process.stdout, content, false);
  if (descriptor === 2) return writeToStream(process.stderr, content, false);
  await writeToStream(createWriteStream('', { fd: descriptor, autoClose: false }), content, true);
}

/** @param end whether the stream is closed behind the content */
async function writeToStream(stream: Writable, content: FileContent, end: boolean): Promise<void> {
  await new Promise<void>((done, fail) => {
    stream.once('error', fail);
    const rest = pieces(content);
    const next = (): void => {
      try {
        const { value, done: isOver } = rest.next();
        if (!isOver) stream.write(value, error => (error ? fail(error) : next()));
        else if (end) stream.end(done);
        else done();
      } catch (error) {
        fail(error);
      }
    };
    next();
  });
}

/** Of about a megabyte: one system call a line would be slow. */
function* pieces(content: FileContent): Generator<string | Uint8Array> {
  if (typeof content === 'string' || content instanceof Uint8Array) {
    yield content;
    return;
  }
  let batch: string[] = [];
  let length = 0;
  for (const piece of content) {
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
  EDQUOT: 'the disk quota is used up',
  EFBIG: 'it is too large for the file system',
  EIO: 'the disk reports an error',
  ENAMETOOLONG: 'its name is too long',
  ELOOP: 'its symbolic links lead in a circle',
  EPIPE: 'its reader closed it',
  ECONNREFUSED: 'nobody listens on the socket',
  EBADF: 'it is not open for writing',
  ENXIO: 'there is no such device',
  EMFILE: 'too many files are open',
};

/** The file system's error as a BimixError `invalid-output`; other errors as they are. */
export function outputError(path: string, cause: unknown, what: 'file' | 'folder' = 'file'): unknown {
  const { code } = cause as NodeJS.ErrnoException;
  if (code === undefined || !Object.hasOwn(TROUBLE, code)) return cause;
  const name = path === '-' ? 'invalid standard output' : `invalid output ${what} ${path}`;
  return new BimixError('invalid-output', `${name}: ${TROUBLE[code]}`, {
    ...(path === '-' ? {} : { where: { file: path } }),
    cause,
  });
}
