/** The rows of one column of a Parquet file, a row group at a time. */

import { type FileMetaData, parquetMetadataAsync, parquetScan, parquetSchema, type SchemaTree } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import { BimixError, type Place } from '../errors/index.ts';
import { documentColumn } from './document-column.ts';
import { emptyFile } from './empty-file.ts';
import { type ColumnPages, checkPages } from './parquet-pages.ts';
import { type Meter, type SourceFile, withSource } from './source-file.ts';

export interface RowGroup extends ColumnPages {
  readonly firstRow: number;
  readonly rows: number;
  readonly uncompressed: number;
}

export interface ParquetTable {
  readonly path: string;
  readonly metadata: FileMetaData;
  readonly column: string;
  readonly kind: 'text' | 'tokens';
  /** Without empty ones. */
  readonly groups: readonly RowGroup[];
}

/**
 * Reads the footer.
 *
 * @param wanted name of the column
 * @throws BimixError `invalid-parquet`, `missing-column`, `invalid-column`, `invalid-file` (empty)
 */
export async function readParquetTable(path: string, wanted: string | undefined): Promise<ParquetTable> {
  return withSource(path, async source => {
    const { size } = source;
    if (size === 0) throw emptyFile(path);
    const metadata = await orInvalid(path, size, () => parquetMetadataAsync(asyncBuffer(source)));
    const fields = parquetSchema(metadata).children;
    const names = fields.map(({ element }) => element.name);
    const column = documentColumn(path, names, wanted);
    const kind = kindOf(path, fields[names.indexOf(column)]);
    const groups = rowGroups(path, size, metadata, column);
    if (groups.length === 0) throw emptyFile(path);
    return { path, metadata, column, kind, groups };
  });
}

/** Nothing guards a footer by a checksum: what it says must at least fit together, or a row group could go unseen. */
function rowGroups(path: string, size: number, metadata: FileMetaData, column: string): RowGroup[] {
  const groups: RowGroup[] = [];
  let firstRow = 0;
  for (const group of metadata.row_groups) {
    const rows = Number(group.num_rows);
    const chunk = group.columns.find(({ meta_data }) => meta_data?.path_in_schema[0] === column)?.meta_data;
    if (chunk === undefined) throw invalidParquet(path, `a row group lacks column "${column}"`, size);
    const first = Number(chunk.data_page_offset);
    const byte = Math.min(Number(chunk.dictionary_page_offset || first), first);
    const bytes = Number(chunk.total_compressed_size);
    const [values, uncompressed] = [Number(chunk.num_values), Number(chunk.total_uncompressed_size)];
    if (![rows, byte, bytes, values].every(count => Number.isSafeInteger(count) && count >= 0)) {
      throw invalidParquet(path, 'its footer is damaged, a count of a row group is not a number', size);
    }
    if (byte < 4 || byte + bytes > size) {
      throw invalidParquet(path, `a row group of "${column}" lies beyond its end`, size);
    }
    if (rows > 0) groups.push({ firstRow, rows, byte, bytes, values, uncompressed });
    firstRow += rows;
  }
  if (firstRow === Number(metadata.num_rows)) return groups;
  throw invalidParquet(path, `its row groups hold ${firstRow} rows, its footer says ${metadata.num_rows}`, size);
}

function kindOf(path: string, field: SchemaTree): 'text' | 'tokens' {
  let leaf = field;
  let isList = leaf.element.repetition_type === 'REPEATED';
  while (leaf.children.length === 1) {
    [leaf] = leaf.children;
    isList ||= leaf.element.repetition_type === 'REPEATED';
  }
  const { type } = leaf.element;
  if (leaf.children.length === 0 && !isList && type === 'BYTE_ARRAY') return 'text';
  if (leaf.children.length === 0 && isList && (type === 'INT32' || type === 'INT64')) return 'tokens';
  const found = leaf.children.length > 0 ? 'a structure' : `${isList ? 'lists of ' : ''}${type}`;
  throw new BimixError('invalid-column', `invalid column "${field.element.name}" in ${path}: ${found}`, {
    hint: 'It must be text, or lists of integers. State another one as "text: NAME".',
    where: { file: path },
  });
}

export interface Cell {
  /** Bytes of a text, a list of numbers, or null. */
  readonly value: unknown;
  /** Counted from 1. */
  readonly row: number;
  /** With the byte of the row group's column: rows have none of their own. */
  where(): Place;
}

/** @throws BimixError `invalid-parquet` with the byte of the page or column that is damaged */
export async function* parquetCells(
  { path, metadata, column }: ParquetTable,
  groups: readonly RowGroup[],
  meter: Meter,
): AsyncGenerator<Cell> {
  for (const group of groups) {
    const { firstRow, rows, bytes, byte } = group;
    const cells = await withSource(path, async source => {
      const chunk = await source.read(byte, bytes);
      const trouble = checkPages(chunk, group);
      if (trouble !== undefined) throw invalidParquet(path, trouble.trouble, trouble.byte);
      const file = asyncBuffer(source, { byte, bytes: chunk });
      return orInvalid(path, byte, async () => {
        const scan = await parquetScan({ file, metadata, columns: [column], compressors, parsers: UNDECODED });
        return scan.readColumn({ column, rowStart: firstRow, rowEnd: firstRow + rows });
      });
    });
    if (cells.length !== rows)
      throw invalidParquet(path, `a row group has ${cells.length} rows, expected ${rows}`, byte);
    meter.bytes += bytes;
    for (let i = 0; i < rows; i++) {
      const row = firstRow + i + 1;
      yield { value: cells[i], row, where: () => ({ file: path, line: row, byte }) };
    }
  }
}

/** Text is decoded by the reader, which refuses bytes that are not UTF-8. */
const UNDECODED = { stringFromBytes: (cell: Uint8Array) => cell, jsonFromBytes: (cell: Uint8Array) => cell };

/** The file as hyparquet wants it, part of it in memory already. */
function asyncBuffer(source: SourceFile, held?: { readonly byte: number; readonly bytes: Buffer }) {
  return {
    byteLength: source.size,
    async slice(start: number, end = source.size): Promise<ArrayBuffer> {
      if (held !== undefined && start === held.byte && end === held.byte + held.bytes.length) {
        return held.bytes.buffer as ArrayBuffer;
      }
      return (await source.read(start, end - start)).buffer as ArrayBuffer;
    },
  };
}

async function orInvalid<T>(path: string, byte: number, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (cause) {
    if (cause instanceof BimixError) throw cause;
    throw invalidParquet(path, cause instanceof Error ? cause.message : String(cause), byte, cause);
  }
}

function invalidParquet(path: string, trouble: string, byte: number, cause?: unknown): BimixError {
  return new BimixError('invalid-parquet', `invalid Parquet file ${path}: ${trouble}`, {
    hint: 'Is the file complete? Copy or write it again.',
    where: { file: path, byte },
    cause,
  });
}
