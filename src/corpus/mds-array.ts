/**
 * NumPy arrays as MDS stores them (encodings.py, NDArray): `ndarray[:type[:shape]]`. A type or shape that the encoding does
 * not name stands before the values: a byte for the type; a byte `dimensions << 2 | log2(bytes of a size)` and the sizes.
 */

import type { TokenDtype } from './documents.ts';

const DTYPES = new Map<string, TokenDtype>([
  ['uint16', 'u16'],
  ['uint32', 'u32'],
  ['int32', 'i32'],
  ['int64', 'i64'],
  ['uint64', 'i64'],
]);
const TYPE_CODES = new Map([
  [16, 'uint16'],
  [32, 'uint32'],
  [33, 'int32'],
  [64, 'uint64'],
  [65, 'int64'],
]);

export interface MdsArray {
  readonly dtype: TokenDtype;
  /** Where the values begin, in bytes. */
  readonly start: number;
}

/** What is wrong with an array, as a string, or where its values are. */
export function mdsArray(encoding: string, bytes: Uint8Array): MdsArray | string {
  const [, type, shape] = encoding.split(':');
  let start = 0;
  if (bytes.length === 0) return 'it is cut off';
  const name = type ?? TYPE_CODES.get(bytes[start++]);
  const dtype = DTYPES.get(name ?? '');
  if (dtype === undefined) return `its type is ${name ?? `code ${bytes[0]}`}, expected integers of 16 to 64 bits`;
  if (shape === undefined) {
    const [dimensions, sizeBytes] = [bytes[start] >> 2, 1 << (bytes[start] & 3)];
    if (dimensions !== 1) return `it has ${dimensions} dimensions, expected 1`;
    start += 1 + sizeBytes;
  }
  return start <= bytes.length ? { dtype, start } : 'it is cut off';
}
