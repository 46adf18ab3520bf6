/**
 * Whether ids without a header are of the type they are said to be. Read with a wrong type, a file gives numbers all the
 * same; but their halves betray it:
 *
 * - a u32 (or i32) id is below 2^20, so that its upper half is below 16; that of a pair of u16 ids is an id, and nearly never;
 * - every second u32 of a file of i64 is 0.
 */

import { BimixError } from '../errors/index.ts';
import type { TokenDtype } from './documents.ts';
import type { SourceFile } from './source-file.ts';
import { ITEM_BYTES, MAX_VOCABULARY } from './token-dtype.ts';

const SAMPLE_BYTES = 65_536;
const MIN_UPPER = MAX_VOCABULARY / 65_536;
/** Halves that are no upper halves, before their places mean anything. */
const ENOUGH = 16;
/** One id in this many may be anything: -1 where there is none, or damaged. The vocabulary finds it. */
const RARE = 16;

/**
 * The type that the ids look like, or undefined when they are too few or too small to show it. i32 looks like u32.
 *
 * @param bytes from an id that begins a multiple of eight bytes after the first one
 */
export function impliedDtype(bytes: Uint8Array): 'u16' | 'u32' | 'i64' | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const large = [0, 0, 0, 0];
  let firstWords = 0;
  let secondWords = 0;
  for (let at = 0; at + 8 <= bytes.byteLength; at += 8) {
    for (let half = 0; half < 4; half++) {
      if (view.getUint16(at + 2 * half, true) >= MIN_UPPER) large[half]++;
    }
    if (view.getUint32(at, true) !== 0) firstWords++;
    if (view.getUint32(at + 4, true) !== 0) secondWords++;
  }
  const lower = large[0] + large[2];
  const upper = large[1] + large[3];
  if (upper * RARE > lower) return upper >= ENOUGH ? 'u16' : undefined;
  if (lower < ENOUGH) return undefined;
  return secondWords * RARE > firstWords ? 'u32' : 'i64';
}

/** Bytes from the beginning and the middle of a file's ids, for `impliedDtype`. */
export async function sampleIds(source: SourceFile, start: number, bytes: number): Promise<Uint8Array> {
  const head = await source.read(start, Math.min(SAMPLE_BYTES, bytes));
  if (bytes < 4 * SAMPLE_BYTES) return head;
  const middle = start + Math.floor(bytes / 16) * 8;
  return Buffer.concat([head, await source.read(middle, SAMPLE_BYTES)]);
}

/** @throws BimixError `invalid-dtype` when the ids look like another type than was stated or is usual */
export function checkDtype(path: string, sample: Uint8Array, dtype: TokenDtype, byte: number): void {
  const implied = impliedDtype(sample);
  if (implied === undefined || ITEM_BYTES[implied] === ITEM_BYTES[dtype]) return;
  const why = {
    u16: 'nearly all ids would be beyond any vocabulary',
    u32: 'every second id would be below 16',
    i64: 'every second id would be 0',
  };
  const trouble = ITEM_BYTES[implied] > ITEM_BYTES[dtype] ? why[implied] : why.u16;
  throw new BimixError('invalid-dtype', `invalid dtype ${dtype} of ${path}: ${trouble}`, {
    hint: `Its ids look like ${implied}: state "dtype: ${implied}".`,
    where: { file: path, byte },
  });
}
