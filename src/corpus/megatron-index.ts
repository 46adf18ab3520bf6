/**
 * Megatron-LM's `.idx` (megatron/core/datasets/indexed_dataset.py), little-endian:
 *
 * | byte | |
 * |---|---|
 * | 0 | magic `MMIDIDX\0\0` |
 * | 9 | u64 version 1 |
 * | 17 | u8 type of the ids |
 * | 18 | u64 sequences S |
 * | 26 | u64 entries of the document table D, documents plus one |
 * | 34 | S i32 lengths in ids, S i64 bytes into `.bin`, D i64 sequences that begin documents, the last S |
 *
 * With S i8 after it the dataset is multimodal; only its ids are read.
 */

import { BimixError } from '../errors/index.ts';
import type { TokenDtype } from './documents.ts';
import { emptyFile } from './empty-file.ts';
import { int32s, uint64s } from './integers.ts';
import { type SourceFile, withSource } from './source-file.ts';
import { ITEM_BYTES } from './token-dtype.ts';
import type { DocumentMarks } from './token-file.ts';

const MAGIC = Buffer.from('MMIDIDX\0\0', 'latin1');
const HEADER_BYTES = 34;
const DTYPES = new Map<number, TokenDtype>([
  [4, 'i32'],
  [5, 'i64'],
  [8, 'u16'],
]);
const OTHER_DTYPES = new Map([
  [1, 'u8'],
  [2, 'i8'],
  [3, 'i16'],
  [6, 'f64'],
  [7, 'f32'],
]);

/** Documents, and sequences, read at a time. */
const WINDOW = 65_536;

export interface MegatronHeader {
  readonly dtype: TokenDtype;
  readonly sequences: number;
  readonly documents: number;
  readonly tokens: number;
}

/**
 * Reads the header and checks what can be checked at once: sizes, the last pointer, both ends of the document table.
 *
 * @throws BimixError `invalid-megatron`
 */
export async function readMegatronHeader(index: string, data: string): Promise<MegatronHeader> {
  const dataBytes = await withSource(data, async ({ size }) => size);
  return withSource(index, async source => {
    if (source.size === 0) throw emptyFile(index);
    const { dtype, sequences, entries } = await readFixedHeader(source);
    const at = columns(sequences);
    const expected = at.documents + 8 * entries;
    if (source.size !== expected && source.size !== expected + sequences) {
      const trouble = `its header says ${sequences} sequences and ${entries} document entries, ${expected} bytes; it has ${source.size}`;
      throw invalidMegatron(index, trouble, Math.min(source.size, expected));
    }
    if (sequences === 0 || entries < 2) throw emptyFile(data);
    const [firstDocument] = uint64s(await source.read(at.documents, 8));
    const [lastDocument] = uint64s(await source.read(expected - 8, 8));
    if (firstDocument !== 0)
      throw invalidMegatron(index, `its first document begins at sequence ${firstDocument}`, at.documents);
    if (lastDocument !== sequences) {
      throw invalidMegatron(index, `its documents end at sequence ${lastDocument} of ${sequences}`, expected - 8);
    }
    const [lastLength] = int32s(await source.read(at.pointers - 4, 4));
    const [lastPointer] = uint64s(await source.read(at.documents - 8, 8));
    const item = ITEM_BYTES[dtype];
    if (lastPointer + lastLength * item !== dataBytes) {
      const trouble = `its sequences end at byte ${lastPointer + lastLength * item}, ${data} at ${dataBytes}`;
      throw invalidMegatron(index, trouble, at.documents - 8);
    }
    if (dataBytes === 0) throw emptyFile(data);
    return { dtype, sequences, documents: entries - 1, tokens: dataBytes / item };
  });
}

async function readFixedHeader(source: SourceFile) {
  const { path, size } = source;
  if (size < HEADER_BYTES) throw invalidMegatron(path, 'its header is cut off', size);
  const header = await source.read(0, HEADER_BYTES);
  if (!header.subarray(0, MAGIC.length).equals(MAGIC)) throw invalidMegatron(path, 'it does not begin with MMIDIDX', 0);
  const version = header.readBigUInt64LE(9);
  if (version !== 1n) throw invalidMegatron(path, `its version is ${version}, expected 1`, 9);
  const code = header[17];
  const dtype = DTYPES.get(code);
  if (dtype === undefined) {
    const name = OTHER_DTYPES.has(code) ? `${OTHER_DTYPES.get(code)} (code ${code})` : `code ${code}`;
    throw invalidMegatron(path, `its type is ${name}, expected u16 (8), i32 (4) or i64 (5)`, 17);
  }
  const sequences = Number(header.readBigUInt64LE(18));
  const entries = Number(header.readBigUInt64LE(26));
  return { dtype, sequences, entries };
}

function columns(sequences: number): { readonly pointers: number; readonly documents: number } {
  const pointers = HEADER_BYTES + 4 * sequences;
  return { pointers, documents: pointers + 8 * sequences };
}

/** Documents from the index; every length and pointer is checked as it is passed. */
export function megatronMarks(index: string, header: MegatronHeader): DocumentMarks {
  const { documents } = columns(header.sequences);
  return {
    documents: header.documents,
    beginOf: document =>
      withSource(index, async source => {
        const [sequence] = uint64s(await source.read(documents + 8 * document, 8));
        if (sequence === header.sequences) return header.tokens;
        if (sequence > header.sequences) throw notAscending(index, documents + 8 * document);
        return (await pointerOf(source, header, sequence)) / ITEM_BYTES[header.dtype];
      }),
    endsOf: (from, to) => documentEnds(index, header, from, to),
  };
}

/** Where a sequence begins, in bytes: where the one before it ends. */
async function pointerOf(source: SourceFile, header: MegatronHeader, sequence: number): Promise<number> {
  const at = columns(header.sequences).pointers + 8 * sequence;
  const [pointer] = uint64s(await source.read(at, 8));
  const end = sequence === 0 ? 0 : await endBefore(source, header, sequence);
  if (pointer === end) return pointer;
  const before = sequence === 0 ? 'expected 0' : `the one before it ends at ${end}`;
  throw invalidMegatron(source.path, `sequence ${sequence} begins at byte ${pointer}, ${before}`, at);
}

async function endBefore(source: SourceFile, header: MegatronHeader, sequence: number): Promise<number> {
  const at = columns(header.sequences).pointers;
  const [length] = int32s(await source.read(HEADER_BYTES + 4 * (sequence - 1), 4));
  const [pointer] = uint64s(await source.read(at + 8 * (sequence - 1), 8));
  return pointer + length * ITEM_BYTES[header.dtype];
}

async function* documentEnds(
  index: string,
  header: MegatronHeader,
  from: number,
  to: number,
): AsyncGenerator<Float64Array> {
  const { documents } = columns(header.sequences);
  const marks = megatronMarks(index, header);
  let position = await marks.beginOf(from);
  for (let at = from; at < to; at += WINDOW) {
    const count = Math.min(WINDOW, to - at);
    const bounds = await withSource(index, async source =>
      uint64s(await source.read(documents + 8 * at, 8 * count + 8)),
    );
    for (let i = 0; i < count; i++) {
      if (bounds[i + 1] < bounds[i] || bounds[i + 1] > header.sequences)
        throw notAscending(index, documents + 8 * (at + i + 1));
    }
    const ends = new Float64Array(count);
    let document = 0;
    let sequence = bounds[0];
    for await (const lengths of sequenceLengths(index, header, bounds[0], bounds[count], position)) {
      for (const length of lengths) {
        while (bounds[document + 1] === sequence) ends[document++] = position;
        position += length;
        sequence++;
      }
    }
    while (document < count) ends[document++] = position;
    yield ends;
  }
}

async function* sequenceLengths(
  index: string,
  header: MegatronHeader,
  from: number,
  to: number,
  begin: number,
): AsyncGenerator<Int32Array> {
  const at = columns(header.sequences);
  const item = ITEM_BYTES[header.dtype];
  let position = begin;
  for (let first = from; first < to; first += WINDOW) {
    const count = Math.min(WINDOW, to - first);
    const [lengths, pointers] = await withSource(index, async source => [
      int32s(await source.read(HEADER_BYTES + 4 * first, 4 * count)),
      uint64s(await source.read(at.pointers + 8 * first, 8 * count)),
    ]);
    for (let i = 0; i < count; i++) {
      if (lengths[i] < 0) {
        const trouble = `sequence ${first + i} has ${lengths[i]} ids`;
        throw invalidMegatron(index, trouble, HEADER_BYTES + 4 * (first + i));
      }
      if (pointers[i] !== position * item) {
        const trouble = `sequence ${first + i} begins at byte ${pointers[i]}, the one before it ends at ${position * item}`;
        throw invalidMegatron(index, trouble, at.pointers + 8 * (first + i));
      }
      position += lengths[i];
    }
    yield lengths as Int32Array;
  }
}

function notAscending(index: string, byte: number): BimixError {
  return invalidMegatron(index, 'a document begins before the one ahead of it, or beyond the last sequence', byte);
}

function invalidMegatron(path: string, trouble: string, byte: number): BimixError {
  return new BimixError('invalid-megatron', `invalid Megatron index ${path}: ${trouble}`, {
    hint: 'Are the .bin and the .idx of one run, and copied whole?',
    where: { file: path, byte },
  });
}
