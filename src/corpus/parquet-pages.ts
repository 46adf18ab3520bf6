/**
 * The pages of a Parquet column, checked before hyparquet decodes them, which trusts what they say: their sizes and counts
 * must add up, and their checksums agree where the writer made any (parquet.thrift, PageHeader, in Thrift's compact protocol).
 */

import zlib from 'node:zlib';

/** What the footer says of the column in a row group. */
export interface ColumnPages {
  /** Of its first page, in the file. */
  readonly byte: number;
  readonly bytes: number;
  /** Values in data pages, nulls and empty lists included. */
  readonly values: number;
}

/** What is wrong with pages, and where. */
export interface PageTrouble {
  readonly trouble: string;
  readonly byte: number;
}

/** Undefined when nothing is wrong. */
export function checkPages(chunk: Buffer, { byte, values }: ColumnPages): PageTrouble | undefined {
  let at = 0;
  let counted = 0;
  while (at < chunk.length) {
    const page = readPageHeader(chunk, at);
    if (page === undefined) return { trouble: 'it is damaged, a page has no readable header', byte: byte + at };
    const end = page.end + page.size;
    if (end > chunk.length) return { trouble: 'it is damaged, a page is longer than its column', byte: byte + at };
    if (page.crc !== undefined && !isIntact(chunk.subarray(page.end, end), page.crc)) {
      return { trouble: 'it is damaged, the checksum of a page differs', byte: byte + at };
    }
    counted += page.values;
    at = end;
  }
  if (counted === values) return undefined;
  return { trouble: `it is damaged, its pages hold ${counted} values, its footer says ${values}`, byte };
}

/** Node 20.15 and later can tell; older ones take the page as it is. */
function isIntact(page: Uint8Array, crc: number): boolean {
  return zlib.crc32 === undefined || zlib.crc32(page) === crc >>> 0;
}

interface PageHeader {
  /** Bytes of the page itself, as stored. */
  readonly size: number;
  readonly crc: number | undefined;
  /** None in a dictionary page. */
  readonly values: number;
  /** Where the header ends in the chunk. */
  readonly end: number;
}

const SIZE = 3;
const CRC = 4;
const DATA_PAGE = 5;
const DATA_PAGE_V2 = 8;
const VALUES = 1;

function readPageHeader(chunk: Buffer, start: number): PageHeader | undefined {
  try {
    const { fields, end } = readStruct(chunk, start, 0);
    const size = fields.get(SIZE);
    const crc = fields.get(CRC);
    const data = fields.get(DATA_PAGE) ?? fields.get(DATA_PAGE_V2);
    const values = data instanceof Map ? data.get(VALUES) : 0;
    if (typeof size !== 'number' || size < 0 || typeof values !== 'number' || values < 0) return undefined;
    return { size, crc: typeof crc === 'number' ? crc : undefined, values, end };
  } catch (error) {
    // Beyond the end of the chunk, or a type that no page header has.
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

type Fields = Map<number, number | Fields | undefined>;

const MAX_DEPTH = 8;

/** Thrift's compact protocol: integers and structures are kept, all else is passed over. */
function readStruct(chunk: Buffer, start: number, depth: number): { readonly fields: Fields; readonly end: number } {
  if (depth > MAX_DEPTH) throw new RangeError('structures too deep');
  const fields: Fields = new Map();
  let at = start;
  let field = 0;

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
  const value = (type: number): number | Fields | undefined => {
    switch (type) {
      case 1:
      case 2:
        return undefined;
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
      case 12: {
        const inner = readStruct(chunk, at, depth + 1);
        at = inner.end;
        return inner.fields;
      }
      default:
        throw new RangeError(`a value of type ${type}`);
    }
  };

  for (;;) {
    const head = chunk.readUInt8(at++);
    if (head === 0) return { fields, end: at };
    field = head >> 4 === 0 ? integer() : field + (head >> 4);
    fields.set(field, value(head & 15));
  }
}
