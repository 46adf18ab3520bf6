/**
 * Parquet: a row is a document, in a column of text or of lists of ids. One row group is held at a time, of one column.
 * Page checksums are not verified (hyparquet does not); row counts, UTF-8 and ids are.
 */

import { type FileMetaData, parquetMetadataAsync, parquetScan, parquetSchema, type SchemaTree } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import { BimixError } from '../errors/index.ts';
import { decodeUtf8 } from '../files/index.ts';
import { documentColumn } from './document-column.ts';
import {
  DEFAULT_BATCH_BYTES,
  type DocumentFile,
  type DocumentReader,
  type FilePart,
  type ReadOptions,
} from './documents.ts';
import { emptyFile } from './empty-file.ts';
import { gatherTexts, gatherTokens } from './gather-documents.ts';
import { cutParts } from './parts.ts';
import { type Meter, withSource } from './source-file.ts';
import { splitAtEos } from './split-documents.ts';
import { checkIds, type IdRule, idRule } from './token-dtype.ts';

const MAGIC = 'PAR1';
/** Uncompressed bytes of a row group's column beyond which the user is told what it costs. */
const LARGE_GROUP = 536_870_912;

export const parquet: DocumentReader = {
  name: 'parquet',
  description: 'Parquet with a column of text or of lists of ids',

  detect: (_path, head) => Buffer.from(head.subarray(0, 4)).toString('latin1') === MAGIC,

  /**
   * @throws BimixError `invalid-parquet`, `missing-column`, `invalid-column` (neither text nor lists of integers),
   * `invalid-value` (null) with row and byte of its column chunk, `invalid-tokens`, `invalid-eos`, `invalid-file` (empty)
   */
  async open(path, options): Promise<DocumentFile> {
    const table = await readTable(path, options.text);
    const part = options.part ?? { from: 0, to: table.groups.length };
    const groups = table.groups.slice(part.from, part.to);
    const meter: Meter = { bytes: 0 };
    const { batchBytes = DEFAULT_BATCH_BYTES, eos } = options;
    const source = {
      format: 'parquet',
      path,
      bytes: groups.reduce((sum, { bytes }) => sum + bytes, 0),
      notes: notesOf(table),
      bytesRead: () => meter.bytes,
      parts: (count: number): Promise<FilePart[]> =>
        cutParts(count, table.groups.length, fraction => Math.ceil(fraction * table.groups.length)),
    };
    if (table.kind === 'text') {
      return { ...source, kind: 'text', batches: () => gatherTexts(texts(table, groups, meter), batchBytes) };
    }
    const rule = idRule(path, 'i64', options, 'Was it made with another tokenizer?');
    return {
      ...source,
      kind: 'tokens',
      idLimit: rule.limit,
      tokens: null,
      batches() {
        const batches = gatherTokens(tokenLists(table, groups, rule, meter), batchBytes);
        return eos === undefined ? batches : splitAtEos(batches, eos);
      },
    };
  },
};

interface RowGroup {
  readonly firstRow: number;
  readonly rows: number;
  /** Of the column's pages, in the file. */
  readonly bytes: number;
  readonly byte: number;
  readonly uncompressed: number;
}

interface ParquetTable {
  readonly path: string;
  readonly metadata: FileMetaData;
  readonly column: string;
  readonly kind: 'text' | 'tokens';
  readonly groups: readonly RowGroup[];
}

async function readTable(path: string, wanted: ReadOptions['text']): Promise<ParquetTable> {
  const size = await withSource(path, async source => source.size);
  if (size === 0) throw emptyFile(path);
  const metadata = await orInvalid(path, size - 8, () => parquetMetadataAsync(asyncBuffer(path, size)));
  const fields = parquetSchema(metadata).children;
  const column = documentColumn(
    path,
    fields.map(field => field.element.name),
    wanted,
  );
  const kind = kindOf(path, fields.find(field => field.element.name === column) as SchemaTree);
  const groups: RowGroup[] = [];
  let firstRow = 0;
  for (const group of metadata.row_groups) {
    const rows = Number(group.num_rows);
    const chunk = group.columns.find(({ meta_data }) => meta_data?.path_in_schema[0] === column)?.meta_data;
    if (chunk === undefined) throw invalidParquet(path, `a row group lacks column "${column}"`, size);
    const byte = Number(chunk.dictionary_page_offset ?? chunk.data_page_offset);
    const bytes = Number(chunk.total_compressed_size);
    if (!(byte >= 4 && bytes >= 0 && byte + bytes <= size)) {
      throw invalidParquet(path, `a row group of "${column}" lies beyond its end`, byte);
    }
    if (rows > 0) groups.push({ firstRow, rows, bytes, byte, uncompressed: Number(chunk.total_uncompressed_size) });
    firstRow += rows;
  }
  if (groups.length === 0) throw emptyFile(path);
  return { path, metadata, column, kind, groups };
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

function notesOf({ groups }: ParquetTable): string[] {
  const largest = Math.max(...groups.map(({ uncompressed }) => uncompressed));
  if (largest < LARGE_GROUP) return [];
  return [`a row group holds ${Math.round(largest / 1e6)} MB of it, which are in memory at once`];
}

async function* texts(table: ParquetTable, groups: readonly RowGroup[], meter: Meter): AsyncGenerator<string> {
  for await (const { value, where } of values(table, groups, meter)) {
    if (!(value instanceof Uint8Array)) throw invalidValue(table.column, value, where());
    yield decodeUtf8(table.path, value, where().byte);
  }
}

async function* tokenLists(table: ParquetTable, groups: readonly RowGroup[], rule: IdRule, meter: Meter) {
  for await (const { value, where } of values(table, groups, meter)) {
    if (!Array.isArray(value) && !ArrayBuffer.isView(value)) throw invalidValue(table.column, value, where());
    const list = value as ArrayLike<unknown>;
    const ids = new Uint32Array(list.length);
    for (let i = 0; i < list.length; i++) {
      const id = Number(list[i] ?? Number.NaN);
      if (Number.isNaN(id)) throw invalidValue(table.column, null, where());
      ids[i] = id >= 0 && id <= 0xffffffff ? id : 0xffffffff;
    }
    checkIds(ids, rule, where().byte, 0);
    yield ids;
  }
}

interface Value {
  readonly value: unknown;
  where(): { readonly file: string; readonly line: number; readonly byte: number };
}

async function* values(table: ParquetTable, groups: readonly RowGroup[], meter: Meter): AsyncGenerator<Value> {
  const { path, metadata, column } = table;
  meter.bytes = 0;
  const size = await withSource(path, async source => source.size);
  // Decoded here, where bytes that are not UTF-8 are refused.
  const parsers = { stringFromBytes: (cell: Uint8Array) => cell, jsonFromBytes: (cell: Uint8Array) => cell };
  const file = asyncBuffer(path, size);
  const scan = await orInvalid(path, size, () =>
    parquetScan({ file, metadata, columns: [column], compressors, parsers }),
  );
  for (const { firstRow, rows, bytes, byte } of groups) {
    const range = { column, rowStart: firstRow, rowEnd: firstRow + rows };
    const cells = await orInvalid(path, byte, () => scan.readColumn(range));
    if (cells.length !== rows)
      throw invalidParquet(path, `a row group has ${cells.length} rows, expected ${rows}`, byte);
    meter.bytes += bytes;
    for (let row = 0; row < rows; row++) {
      yield { value: cells[row], where: () => ({ file: path, line: firstRow + row + 1, byte }) };
    }
  }
}

function asyncBuffer(path: string, byteLength: number) {
  return {
    byteLength,
    slice: (start: number, end = byteLength) =>
      withSource(path, async source => (await source.read(start, end - start)).buffer as ArrayBuffer),
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
    where: { file: path, byte: Math.max(0, byte) },
    cause,
  });
}

function invalidValue(column: string, value: unknown, where: ReturnType<Value['where']>): BimixError {
  const found = value === null || value === undefined ? 'null' : typeof value;
  return new BimixError('invalid-value', `invalid value in column "${column}", row ${where.line}: ${found}`, {
    hint: 'Each row must be a document: leave out rows without one.',
    where,
  });
}
