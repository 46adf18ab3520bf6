/**
 * What is inside Parquet pages, checked before hyparquet decodes it: levels, indices into the dictionary and lengths of
 * values must fit the page exactly. Without this a changed byte makes hyparquet read beyond the page, fill memory, or run
 * for ever.
 */

import { decompress } from './decompress.ts';
import { deltaEnd, holdsDeltaLengths, holdsDeltaStrings } from './delta.ts';
import { type Page, type Refuse, RLE } from './page-headers.ts';
import { decodeRunLengths } from './run-length.ts';

/** A column of values, as the schema describes it. */
export interface LeafType {
  readonly type: string;
  /** Bytes of a FIXED_LEN_BYTE_ARRAY. */
  readonly fixedBytes: number;
  /** Whether values are decimals, which are short. */
  readonly isDecimal: boolean;
  readonly maxDefinition: number;
  readonly maxRepetition: number;
  readonly codec: string;
}

const BIT_PACKED = 4;
/** As numbered in parquet.thrift, where they are read. */
const ENCODINGS = new Map([
  [0, 'plain'],
  [2, 'dictionary'],
  [RLE, 'run lengths'],
  [5, 'delta'],
  [6, 'delta lengths'],
  [7, 'delta strings'],
  [8, 'dictionary'],
  [9, 'byte stream split'],
] as const);

const MAX_DECIMAL_BYTES = 32;

/**
 * Decompresses the pages of a column and checks what is in them.
 *
 * @returns what hyparquet asks for as decompressed, in its order
 * @throws what `refuse` makes
 */
export function openPages(pages: readonly Page[], leaf: LeafType, refuse: Refuse): Uint8Array[] {
  const opened: Uint8Array[] = [];
  let dictionary: number | undefined;
  for (const page of pages) {
    const damaged = (trouble: string) => refuse(`it is damaged, ${trouble}`, page.byte);
    const levels = page.kind === 'data-v2' ? page.repetitionBytes + page.definitionBytes : 0;
    if (levels > page.body.length || levels > page.uncompressed)
      throw damaged('the levels of a page are longer than it');
    const stored = page.body.subarray(levels);
    const content = page.isCompressed ? decompress(leaf.codec, stored, page.uncompressed - levels) : stored;
    if (content === undefined) throw damaged(`a page cannot be decompressed as ${leaf.codec}`);
    if (page.isCompressed) opened.push(content);
    if (page.kind === 'dictionary') {
      dictionary = page.values;
      if (!holdsPlain(content, page.values, leaf)) throw damaged('its dictionary does not hold what it says');
      continue;
    }
    const split = page.kind === 'data' ? levelsWithin(page, content, leaf) : levelsBefore(page, content, leaf);
    if (split === undefined) throw damaged('the levels of a page cannot be read');
    if (page.kind === 'data-v2' && page.rows !== split.rows) {
      throw damaged(`a page has ${split.rows} rows, its header says ${page.rows}`);
    }
    const encoding = ENCODINGS.get(page.encoding as 0);
    if (encoding === undefined) throw refuse(`encoding ${page.encoding} is not one that bimix reads`, page.byte);
    if (
      split.present > 0 &&
      !holdsValues(split.values, split.present, leaf, encoding, { dictionary, kind: page.kind })
    ) {
      throw damaged('the values of a page cannot be read');
    }
  }
  return opened;
}

interface SplitPage {
  readonly rows: number;
  /** Values that are not null. */
  readonly present: number;
  readonly values: Uint8Array;
}

/** Version 1: the levels stand before the values, each with its length in four bytes. */
function levelsWithin({ values, levelEncodings }: Page, content: Uint8Array, leaf: LeafType): SplitPage | undefined {
  let rest = content;
  const next = (max: number, encoding: number): Uint32Array | undefined => {
    if (encoding === BIT_PACKED || rest.length < 4) return undefined;
    const end = 4 + new DataView(rest.buffer, rest.byteOffset).getUint32(0, true);
    if (end > rest.length) return undefined;
    const levels = decodeLevels(rest.subarray(4, end), max, values);
    rest = rest.subarray(end);
    return levels;
  };
  const repetition = leaf.maxRepetition > 0 ? next(leaf.maxRepetition, levelEncodings[1]) : NONE;
  if (repetition === undefined) return undefined;
  const definition = leaf.maxDefinition > 0 ? next(leaf.maxDefinition, levelEncodings[0]) : NONE;
  if (definition === undefined) return undefined;
  return { ...tally(values, definition, repetition, leaf), values: rest };
}

/** Version 2: the levels stand before the values, uncompressed, their lengths in the header. */
function levelsBefore(page: Page, content: Uint8Array, leaf: LeafType): SplitPage | undefined {
  const { values, body, repetitionBytes, definitionBytes, nulls } = page;
  const between = repetitionBytes + definitionBytes;
  const repetition =
    leaf.maxRepetition > 0 ? decodeLevels(body.subarray(0, repetitionBytes), leaf.maxRepetition, values) : NONE;
  const definition =
    leaf.maxDefinition > 0 ? decodeLevels(body.subarray(repetitionBytes, between), leaf.maxDefinition, values) : NONE;
  if (repetition === undefined || definition === undefined) return undefined;
  const split = { ...tally(values, definition, repetition, leaf), values: content };
  return split.present === values - nulls ? split : undefined;
}

const NONE = new Uint32Array(0);

function decodeLevels(bytes: Uint8Array, max: number, count: number): Uint32Array | undefined {
  const levels = decodeRunLengths(bytes, 32 - Math.clz32(max), count);
  return levels?.every(level => level <= max) ? levels : undefined;
}

function tally(values: number, definition: Uint32Array, repetition: Uint32Array, leaf: LeafType) {
  let present = leaf.maxDefinition > 0 ? 0 : values;
  for (const level of definition) if (level === leaf.maxDefinition) present++;
  let rows = leaf.maxRepetition > 0 ? 0 : values;
  for (const level of repetition) if (level === 0) rows++;
  return { rows, present };
}

interface PageContext {
  /** Entries of the dictionary, where the column has one. */
  readonly dictionary: number | undefined;
  readonly kind: Page['kind'];
}

type Encoding = typeof ENCODINGS extends Map<number, infer Name> ? Name : never;

function holdsValues(
  bytes: Uint8Array,
  count: number,
  leaf: LeafType,
  encoding: Encoding,
  { dictionary, kind }: PageContext,
): boolean {
  const isBytes = leaf.type === 'BYTE_ARRAY';
  switch (encoding) {
    case 'plain':
      return holdsPlain(bytes, count, leaf);
    case 'dictionary':
      return dictionary !== undefined && leaf.type !== 'BOOLEAN' && holdsIndices(bytes, count, dictionary, kind);
    case 'run lengths': {
      if (leaf.type !== 'BOOLEAN' || bytes.length < 4) return false;
      const end = 4 + new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
      return end <= bytes.length && decodeRunLengths(bytes.subarray(4, end), 1, count) !== undefined;
    }
    case 'delta': {
      const bits = leaf.type === 'INT32' ? 32 : leaf.type === 'INT64' ? 64 : 0;
      return bits > 0 && deltaEnd(bytes, 0, count, bits) !== undefined;
    }
    case 'delta lengths':
      return isBytes && holdsDeltaLengths(bytes, count, longestOf(leaf));
    case 'delta strings':
      return (isBytes || leaf.type === 'FIXED_LEN_BYTE_ARRAY') && holdsDeltaStrings(bytes, count, longestOf(leaf));
    case 'byte stream split':
      return widthOf(leaf) > 0 && bytes.length === count * widthOf(leaf);
  }
}

function holdsPlain(bytes: Uint8Array, count: number, leaf: LeafType): boolean {
  if (leaf.type === 'BOOLEAN') return bytes.length >= Math.ceil(count / 8);
  if (leaf.type !== 'BYTE_ARRAY') return widthOf(leaf) > 0 && isFilled(bytes, count * widthOf(leaf));
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const longest = longestOf(leaf);
  let at = 0;
  for (let i = 0; i < count; i++) {
    if (at + 4 > bytes.length) return false;
    const length = view.getUint32(at, true);
    if (length > longest) return false;
    at += 4 + length;
  }
  return isFilled(bytes, at);
}

/** Whether values that end here fill a page: fastparquet adds zeros. */
function isFilled(bytes: Uint8Array, at: number): boolean {
  return at <= bytes.length && bytes.subarray(at).every(byte => byte === 0);
}

function holdsIndices(bytes: Uint8Array, count: number, dictionary: number, kind: Page['kind']): boolean {
  const [width] = bytes;
  if (bytes.length === 0 || dictionary === 0) return false;
  // hyparquet reads a width of 0 as zeros in version 1, and looks for runs in version 2.
  if (width === 0 && kind === 'data') return true;
  return decodeRunLengths(bytes.subarray(1), width, count)?.every(index => index < dictionary) ?? false;
}

function widthOf({ type, fixedBytes }: LeafType): number {
  const widths = { INT32: 4, INT64: 8, INT96: 12, FLOAT: 4, DOUBLE: 8, FIXED_LEN_BYTE_ARRAY: fixedBytes };
  return widths[type as keyof typeof widths] ?? 0;
}

function longestOf({ isDecimal }: LeafType): number {
  return isDecimal ? MAX_DECIMAL_BYTES : 2 ** 31;
}
