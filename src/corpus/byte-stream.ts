/** The bytes of a file, decompressed when it is gzip or zstd (recognized by its first bytes, whatever its name). */

import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { BimixError } from '../errors/index.ts';
import { COMPRESSION_HEAD_BYTES, checkCompression } from '../files/index.ts';
import { type Meter, PIECE_BYTES, readPieces, withSource } from './source-file.ts';
import { isZstd, zstdContent } from './zstd-frames.ts';

export type Compression = 'none' | 'gzip' | 'zstd';

function compressionOf(head: Uint8Array): Compression {
  if (head[0] === 0x1f && head[1] === 0x8b) return 'gzip';
  return isZstd(head) ? 'zstd' : 'none';
}

/**
 * Whether and how a file is compressed, and its size on disk.
 *
 * @throws BimixError `unknown-compression`, naming one that is not read
 */
export async function inspectFile(path: string): Promise<{ readonly compression: Compression; readonly size: number }> {
  return withSource(path, async source => {
    const head = await source.read(0, Math.min(COMPRESSION_HEAD_BYTES, source.size));
    checkCompression(path, head, 'zst');
    return { compression: compressionOf(head), size: source.size };
  });
}

/**
 * Decompressed bytes in chunks. Gzip may have several members, zstd several frames; checksums are verified.
 *
 * @param meter counts compressed bytes
 * @throws BimixError `invalid-gzip`, `invalid-zstd` with the byte in the compressed file
 */
export function fileContent(
  path: string,
  { compression, size }: { readonly compression: Compression; readonly size: number },
  meter: Meter,
): AsyncIterable<Uint8Array> {
  switch (compression) {
    case 'gzip':
      return gzipContent(path, size, meter);
    case 'zstd':
      return zstdContent(readPieces(path, { from: 0, to: size }, meter), path);
    case 'none':
      return readPieces(path, { from: 0, to: size }, meter);
  }
}

async function* gzipContent(path: string, size: number, meter: Meter): AsyncGenerator<Uint8Array> {
  const file = createReadStream(path, { highWaterMark: 65_536 });
  const gunzip = createGunzip({ chunkSize: PIECE_BYTES });
  // The callback keeps an error of the file from being uncaught; the loop below meets it too.
  pipeline(file, gunzip, () => {});
  try {
    for await (const chunk of gunzip) {
      meter.bytes = file.bytesRead;
      yield chunk;
    }
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    if (!code?.startsWith('Z_')) throw cause;
    const isCut = code === 'Z_BUF_ERROR';
    throw invalidGzip(path, isCut ? 'it is truncated' : message, isCut ? size : gunzip.bytesWritten, cause);
  }
  await checkPadding(path, gunzip.bytesWritten, size);
}

/** zlib ends at the first zero byte after a member: what follows may only be padding. */
async function checkPadding(path: string, from: number, to: number): Promise<void> {
  let at = from;
  for await (const piece of readPieces(path, { from, to }, { bytes: 0 })) {
    const found = piece.findIndex(byte => byte !== 0);
    if (found >= 0) throw invalidGzip(path, 'something that is not gzip follows its last member', at + found);
    at += piece.length;
  }
}

/** @param byte where the trouble is, or where the search for it begins: zlib gives it by the piece it was handed. */
function invalidGzip(path: string, trouble: string, byte: number, cause?: unknown): BimixError {
  return new BimixError('invalid-gzip', `invalid gzip file ${path}: ${trouble}`, {
    hint: 'Copy or download the file again, or check it with `gzip -t`.',
    where: { file: path, byte },
    cause,
  });
}
