/** A file on disk, read by position and in pieces, never whole. */

import { type FileHandle, open } from 'node:fs/promises';
import { BimixError } from '../errors/index.ts';

export interface SourceFile {
  readonly path: string;
  readonly size: number;
  /**
   * Exactly these bytes, in an ArrayBuffer of their own.
   *
   * @throws BimixError `invalid-file` when the file has become shorter
   */
  read(position: number, length: number): Promise<Buffer>;
}

/** Bytes that were read, counted by whoever reads and shown as progress. */
export interface Meter {
  bytes: number;
}

/**
 * Opens a file for as long as `use` takes.
 *
 * @throws BimixError `missing-file`, `invalid-file` (a folder, unreadable)
 */
export async function withSource<T>(path: string, use: (source: SourceFile) => Promise<T>): Promise<T> {
  const { source, close } = await openSource(path);
  try {
    return await use(source);
  } finally {
    await close();
  }
}

/** Bytes read at a time where nothing asks for more. */
export const PIECE_BYTES = 262_144;

/** Consecutive pieces of `pieceBytes`, the last shorter, from byte `from` to `to` exclusive. Closes the file at the end. */
export async function* readPieces(
  path: string,
  range: { readonly from: number; readonly to: number },
  meter: Meter,
  pieceBytes: number = PIECE_BYTES,
): AsyncGenerator<Buffer> {
  const { source, close } = await openSource(path);
  try {
    for (let at = range.from; at < range.to; at += pieceBytes) {
      const length = Math.min(pieceBytes, range.to - at);
      const piece = await source.read(at, length);
      meter.bytes += length;
      yield piece;
    }
  } finally {
    await close();
  }
}

async function openSource(path: string): Promise<{ source: SourceFile; close: () => Promise<void> }> {
  let handle: FileHandle;
  try {
    handle = await open(path);
  } catch (cause) {
    throw unreadable(path, cause);
  }
  const close = () => handle.close();
  const stats = await handle.stat();
  if (!stats.isFile()) {
    await close();
    throw unreadable(path, { code: stats.isDirectory() ? 'EISDIR' : 'not a regular file' });
  }
  return {
    source: { path, size: stats.size, read: (position, length) => readExactly(handle, path, position, length) },
    close,
  };
}

async function readExactly(handle: FileHandle, path: string, position: number, length: number): Promise<Buffer> {
  const buffer = Buffer.allocUnsafeSlow(length);
  let filled = 0;
  while (filled < length) {
    const { bytesRead } = await handle.read(buffer, filled, length - filled, position + filled);
    if (bytesRead === 0) {
      throw new BimixError('invalid-file', `invalid file ${path}: it became shorter while it was read`, {
        where: { file: path, byte: position + filled },
      });
    }
    filled += bytesRead;
  }
  return buffer;
}

/** An error of the file system in the words of `readInputFile`. */
export function unreadable(path: string, cause: unknown): BimixError {
  const { code } = cause as NodeJS.ErrnoException;
  if (code === 'ENOENT' || code === 'ENOTDIR') {
    return new BimixError('missing-file', `missing file ${path}`, { where: { file: path }, cause });
  }
  const why = code === 'EISDIR' ? 'it is a folder' : code === 'EACCES' ? 'no permission to read it' : String(code);
  return new BimixError('invalid-file', `invalid file ${path}: ${why}`, { where: { file: path }, cause });
}
