/**
 * Parquet's delta encodings, walked without decoding: hyparquet follows block sizes and bit widths in the bytes without
 * comparing them with the page (parquet-format, Encodings.md: DELTA_BINARY_PACKED and the byte arrays built on it).
 */

import { deltaBinaryUnpack } from 'hyparquet/src/delta.js';

/** Bytes that the values of one page may take when prefixes are written out. */
const MAX_PAGE_BYTES = 2 ** 30;
const MAX_BLOCK = 2 ** 20;

/**
 * Where `count` integers of DELTA_BINARY_PACKED end, or undefined when the bytes do not hold them.
 *
 * @param bits 32 or 64
 */
export function deltaEnd(bytes: Uint8Array, start: number, count: number, bits: number): number | undefined {
  let at = start;
  const varint = (): number => {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      if (at >= bytes.length || scale > 2 ** 63) return Number.NaN;
      const byte = bytes[at++];
      value += (byte & 127) * scale;
      if (byte < 128) return value;
    }
  };
  const [block, miniblocks, total, first] = [varint(), varint(), varint(), varint()];
  const size = block / miniblocks;
  if (Number.isNaN(first) || total !== count) return undefined;
  if (!(block <= MAX_BLOCK && Number.isInteger(size) && size > 0 && size % 8 === 0)) return undefined;
  for (let left = count - 1; left > 0; ) {
    if (Number.isNaN(varint())) return undefined;
    const widths = bytes.subarray(at, at + miniblocks);
    if (widths.length < miniblocks) return undefined;
    at += miniblocks;
    for (const width of widths) {
      if (left <= 0) break;
      if (width > bits) return undefined;
      at += (size * width) / 8;
      left -= size;
    }
    if (at > bytes.length) return undefined;
  }
  return at;
}

/** Whether the bytes are `count` byte arrays of DELTA_LENGTH_BYTE_ARRAY, and nothing else. */
export function holdsDeltaLengths(bytes: Uint8Array, count: number, longest: number): boolean {
  const lengths = deltaIntegers(bytes, 0, count);
  return lengths !== undefined && lengths.end + sumOf(lengths.values, longest) === bytes.length;
}

/** Whether the bytes are `count` byte arrays of DELTA_BYTE_ARRAY, and nothing else. */
export function holdsDeltaStrings(bytes: Uint8Array, count: number, longest: number): boolean {
  const prefixes = deltaIntegers(bytes, 0, count);
  const suffixes = prefixes && deltaIntegers(bytes, prefixes.end, count);
  if (prefixes === undefined || suffixes === undefined) return false;
  if (suffixes.end + sumOf(suffixes.values, longest) !== bytes.length) return false;
  let previous = 0;
  let total = 0;
  for (let i = 0; i < count; i++) {
    const prefix = prefixes.values[i];
    if (prefix < 0 || prefix > previous) return false;
    previous = prefix + suffixes.values[i];
    total += previous;
    if (previous > longest || total > MAX_PAGE_BYTES) return false;
  }
  return true;
}

function deltaIntegers(bytes: Uint8Array, start: number, count: number) {
  const end = deltaEnd(bytes, start, count, 32);
  if (end === undefined) return undefined;
  const values = new Int32Array(count);
  if (count > 0) deltaBinaryUnpack({ view: viewOf(bytes), offset: start }, count, values);
  return { values, end };
}

/** NaN when a length is negative or too long. */
function sumOf(lengths: Int32Array, longest: number): number {
  return lengths.reduce((sum, length) => (length >= 0 && length <= longest ? sum + length : Number.NaN), 0);
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
