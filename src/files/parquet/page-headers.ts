/**
 * The pages of a Parquet column, checked before hyparquet decodes them, which trusts what they say: their sizes and counts
 * must add up, and their checksums agree where the writer made any (parquet.thrift, PageHeader, in Thrift's compact protocol).
 */

import zlib from 'node:zlib';
import type { BimixError } from '../../errors/index.ts';

/** What the footer says of a column in a row group. */
export interface ColumnChunk {
  /** Of its first page, in the file. */
  readonly byte: number;
  readonly bytes: number;
  /** Values in data pages, nulls and empty lists included. */
  readonly values: number;
}

/** Makes the error of a damaged file, at a byte of it. */
export type Refuse = (trouble: string, byte: number) => BimixError;

export interface Page {
  readonly kind: 'dictionary' | 'data' | 'data-v2';
  /** Where the header begins, in the file. */
  readonly byte: number;
  /** As stored. */
  readonly body: Buffer;
  /** Bytes of the body once decompressed. */
  readonly uncompressed: number;
  readonly values: number;
  /** As numbered in parquet.thrift. */
  readonly encoding: number;
  /** Of version 1: how definition and repetition levels are encoded. */
  readonly levelEncodings: readonly [definition: number, repetition: number];
  /** Of version 2. */
  readonly nulls: number;
  readonly rows: number;
  readonly definitionBytes: number;
  readonly repetitionBytes: number;
  /** Whether the values are compressed, where the column is. */
  readonly isCompressed: boolean;
}

/** @throws what `refuse` makes, when the pages do not fill the chunk or do not hold its values */
export function readPages(chunk: Buffer, { byte, values }: Omit<ColumnChunk, 'bytes'>, refuse: Refuse): Page[] {
  const pages: Page[] = [];
  let at = 0;
  let counted = 0;
  while (at < chunk.length) {
    const here = byte + at;
    const header = readStruct(chunk, at);
    if (header === undefined) throw refuse('it is damaged, a page has no readable header', here);
    const { fields, end } = header;
    const stored = count(fields, STORED);
    const uncompressed = count(fields, UNCOMPRESSED);
    if (stored === undefined || uncompressed === undefined) {
      throw refuse('it is damaged, a page has no readable header', here);
    }
    if (end + stored > chunk.length) throw refuse('it is damaged, a page is longer than its column', here);
    const body = chunk.subarray(end, end + stored);
    const crc = fields.get(CRC);
    if (typeof crc === 'number' && !isIntact(body, crc)) {
      throw refuse('it is damaged, the checksum of a page differs', here);
    }
    const page = describePage(fields, { byte: here, body, uncompressed });
    if (page === undefined) throw refuse('it is damaged, a page has no readable header', here);
    if (page.kind === 'dictionary' && pages.length > 0) {
      throw refuse('it is damaged, a dictionary follows other pages', here);
    }
    if (page.kind !== 'dictionary') counted += page.values;
    pages.push(page);
    at = end + stored;
  }
  if (counted === values) return pages;
  throw refuse(`it is damaged, its pages hold ${counted} values, its footer says ${values}`, byte);
}

/** Node 20.15 and later can tell; older ones take the page as it is. */
function isIntact(page: Uint8Array, crc: number): boolean {
  return zlib.crc32 === undefined || zlib.crc32(page) === crc >>> 0;
}

const TYPE = 1;
const UNCOMPRESSED = 2;
const STORED = 3;
const CRC = 4;
const DATA_PAGE = 5;
const DICTIONARY_PAGE = 7;
const DATA_PAGE_V2 = 8;

/** By the number of their type: the kind, the field of its own header, and where that has the encoding. */
const KINDS = new Map([
  [0, { kind: 'data', field: DATA_PAGE, encoding: 2 }],
  [2, { kind: 'dictionary', field: DICTIONARY_PAGE, encoding: 2 }],
  [3, { kind: 'data-v2', field: DATA_PAGE_V2, encoding: 4 }],
] as const);

function describePage(fields: Fields, stored: Pick<Page, 'byte' | 'body' | 'uncompressed'>): Page | undefined {
  const type = KINDS.get((fields.get(TYPE) ?? -1) as 0 | 2 | 3);
  const own = type && fields.get(type.field);
  if (type === undefined || !(own instanceof Map)) return undefined;
  const values = count(own, 1);
  const encoding = count(own, type.encoding);
  if (values === undefined || encoding === undefined) return undefined;
  const page = { ...stored, kind: type.kind, values, encoding };
  if (type.kind !== 'data-v2') {
    const levelEncodings = [count(own, 3) ?? -1, count(own, 4) ?? -1] as const;
    return { ...page, levelEncodings, nulls: 0, rows: 0, definitionBytes: 0, repetitionBytes: 0, isCompressed: true };
  }
  const [nulls, rows, definitionBytes, repetitionBytes] = [2, 3, 5, 6].map(field => count(own, field));
  if (nulls === undefined || rows === undefined) return undefined;
  if (definitionBytes === undefined || repetitionBytes === undefined) return undefined;
  const isCompressed = own.get(7) !== false;
  return { ...page, levelEncodings: [RLE, RLE], nulls, rows, definitionBytes, repetitionBytes, isCompressed };
}

/** Number of the run-length encoding in parquet.thrift. */
export const RLE = 3;

/** A field that counts something, or undefined when it is absent or below zero. */
function count(fields: Fields, field: number): number | undefined {
  const value = fields.get(field);
  return typeof value === 'number' && value >= 0 ? value : undefined;
}

type Value = number | boolean | Fields | undefined;
type Fields = Map<number, Value>;

const MAX_DEPTH = 8;

/** Thrift's compact protocol: numbers, booleans and structures are kept, all else is passed over. */
function readStruct(chunk: Buffer, start: number): { readonly fields: Fields; readonly end: number } | undefined {
  let at = start;

  const varint = (): number => {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = chunk.readUInt8(at++);
      value += (byte & 127) * scale;
      if (byte < 128) return value;
      if (scale > 2 ** 56) throw new RangeError('integer too long');
    }
  };
  const integer = (): number => {
    const value = varint();
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  };
  const fieldOf = (type: number, depth: number): Value => {
    switch (type) {
      case 1:
        return true;
      case 2:
        return false;
      case 3:
        return chunk.readInt8(at++);
      case 4:
      case 5:
      case 6:
        return integer();
      case 8: {
        const length = varint();
        at += length;
        return undefined;
      }
      case 12:
        return struct(depth + 1);
      default:
        throw new RangeError(`a value of type ${type}`);
    }
  };
  const struct = (depth: number): Fields => {
    if (depth > MAX_DEPTH) throw new RangeError('structures too deep');
    const fields: Fields = new Map();
    for (let field = 0; ; ) {
      const head = chunk.readUInt8(at++);
      if (head === 0) return fields;
      field = head >> 4 === 0 ? integer() : field + (head >> 4);
      fields.set(field, fieldOf(head & 15, depth));
    }
  };

  try {
    return { fields: struct(0), end: at };
  } catch (error) {
    // Beyond the end of the chunk, or a type that no page header has.
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}
