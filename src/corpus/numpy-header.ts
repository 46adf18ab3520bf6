/** The header of NumPy's `.npy` (NEP 1): type, shape and where the numbers begin. */

import { BimixError } from '../errors/index.ts';
import { emptyFile } from './empty-file.ts';
import type { SourceFile } from './source-file.ts';

const MAGIC = Buffer.from('\x93NUMPY', 'latin1');
const MAX_HEADER_BYTES = 65_536;

export interface NumpyHeader {
  /** For example `<u2`. */
  readonly descr: string;
  readonly isFortran: boolean;
  readonly shape: readonly number[];
  /** First byte of the numbers. */
  readonly start: number;
  /** First byte of the header's text, for errors. */
  readonly textAt: number;
}

/** OLMo's files are called `.npy` too and have none. */
export function hasNumpyHeader(head: Uint8Array): boolean {
  return MAGIC.equals(head.subarray(0, MAGIC.length));
}

/** @throws BimixError `invalid-npy` with the byte */
export async function readNumpyHeader(source: SourceFile, hintWithout = ''): Promise<NumpyHeader> {
  const { path, size } = source;
  if (size === 0) throw emptyFile(path);
  const prefix = await source.read(0, Math.min(12, size));
  if (!hasNumpyHeader(prefix)) throw invalidNpy(path, 'it has no NumPy header', 0, hintWithout);
  const isFirst = prefix[6] === 1;
  if (prefix[6] > 3) throw invalidNpy(path, `its header is of version ${prefix[6]}, expected 1 to 3`, 6);
  const textAt = isFirst ? 10 : 12;
  if (size < textAt) throw invalidNpy(path, 'its header is cut off', size);
  const headerBytes = isFirst ? prefix.readUInt16LE(8) : prefix.readUInt32LE(8);
  const start = textAt + headerBytes;
  if (headerBytes > MAX_HEADER_BYTES || start > size) throw invalidNpy(path, 'its header is cut off', size);
  const header = (await source.read(textAt, headerBytes)).toString('latin1');
  const descr = /'descr':\s*'([^']*)'/.exec(header)?.[1];
  const shape = /'shape':\s*\(([^)]*)\)/.exec(header)?.[1];
  if (descr === undefined || shape === undefined || !/^[\s\d,]*$/.test(shape)) {
    throw invalidNpy(path, 'its header names no type or shape', textAt);
  }
  const lengths = shape.split(',').flatMap(text => (text.trim() === '' ? [] : [Number(text)]));
  return { descr, isFortran: /'fortran_order':\s*True/.test(header), shape: lengths, start, textAt };
}

export function invalidNpy(path: string, trouble: string, byte: number, hint = ''): BimixError {
  return new BimixError('invalid-npy', `invalid NumPy file ${path}: ${trouble}`, { hint, where: { file: path, byte } });
}
