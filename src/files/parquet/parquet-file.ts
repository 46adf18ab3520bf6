/**
 * The footer of a Parquet file: its columns and row groups. Nothing guards a footer by a checksum, so what it says must at
 * least fit together, and fit the file, before a page is read.
 */

import { type FileMetaData, parquetMetadata, parquetSchema, type SchemaTree } from 'hyparquet';
import { BimixError } from '../../errors/index.ts';
import { isReadableCodec } from './decompress.ts';
import type { ColumnChunk, Refuse } from './page-headers.ts';

/** A file that can be read by position. */
export interface ParquetBytes {
  readonly path: string;
  readonly size: number;
  /** Exactly these bytes, in an ArrayBuffer of their own. */
  read(position: number, length: number): Promise<Buffer>;
}

export interface ParquetFile {
  readonly path: string;
  readonly rows: number;
  /** Of the top level, in file order. */
  readonly columns: readonly ParquetColumn[];
  /** Without empty ones. */
  readonly groups: readonly ParquetGroup[];
}

export interface ParquetColumn {
  readonly name: string;
  readonly tree: SchemaTree;
  readonly leaves: readonly ParquetLeaf[];
}

/** A column of values: a column of the top level, or one inside a structure or list. */
export interface ParquetLeaf {
  /** Place among the leaves of the file. */
  readonly index: number;
  /** From the top level down to the leaf. */
  readonly nodes: readonly SchemaTree[];
}

export interface ParquetGroup {
  /** Of its first row, counted from 0. */
  readonly firstRow: number;
  readonly rows: number;
  /** By leaf. */
  readonly chunks: readonly ParquetChunk[];
}

export interface ParquetChunk extends ColumnChunk {
  readonly uncompressed: number;
  readonly codec: string;
}

/** Values of one column in one row group: more do not fit in memory as JavaScript holds them. */
const MAX_VALUES = 2 ** 28;
const MAGIC = 'PAR1';
const ENCRYPTED_MAGIC = 'PARE';
/** Footer length and magic at the end. */
const TAIL_BYTES = 8;

/** Whether four bytes, or the bytes they begin, are those that Parquet files begin and end with. */
export function hasParquetMagic(head: Uint8Array): boolean {
  return latin1(head.subarray(0, 4)) === MAGIC;
}

/** @throws BimixError `invalid-parquet` when the footer is missing, damaged, or does not fit the file */
export async function readParquetFile(bytes: ParquetBytes): Promise<ParquetFile> {
  const { path, size } = bytes;
  const refuse = refuseParquet(path);
  if (size < 4 + TAIL_BYTES) throw refuse(`it is cut short, ${size} bytes are too few`, size);
  const head = latin1(await bytes.read(0, 4));
  if (head !== MAGIC && head !== ENCRYPTED_MAGIC) throw refuse('it is damaged, it does not begin with "PAR1"', 0);
  const tail = await bytes.read(size - TAIL_BYTES, TAIL_BYTES);
  const magic = latin1(tail.subarray(4));
  if (magic === ENCRYPTED_MAGIC) throw refuse('it is encrypted', size - 4);
  if (magic !== MAGIC) throw refuse('it is cut short or damaged, it does not end with "PAR1"', size - 4);
  const length = tail.readUInt32LE(0);
  const start = size - TAIL_BYTES - length;
  if (start < 4) throw refuse(`its footer says it is ${length} bytes long, more than the file`, size - TAIL_BYTES);
  const footer = await bytes.read(start, length + TAIL_BYTES);
  try {
    const metadata = parquetMetadata(footer, { parsers: UNPARSED, geoparquet: false });
    return describeFile(path, metadata, start, refuse);
  } catch (cause) {
    if (cause instanceof BimixError) throw cause;
    throw refuse('its footer is damaged', start, cause);
  }
}

/** Statistics are not read; as they stand, their conversion could fail. */
const UNPARSED = {
  timestampFromMilliseconds: () => 0,
  timestampFromMicroseconds: () => 0,
  timestampFromNanoseconds: () => 0,
  dateFromDays: () => 0,
  stringFromBytes: () => '',
  uuidFromBytes: () => '',
} as never;

function describeFile(path: string, metadata: FileMetaData, end: number, refuse: Refuse): ParquetFile {
  const root = parquetSchema(metadata);
  if (root.count !== metadata.schema.length) throw refuse('its footer is damaged, its columns do not add up', end);
  const leaves: ParquetLeaf[] = [];
  const columns = root.children.map(tree => ({ name: tree.element.name, tree, leaves: leavesOf(tree, leaves) }));
  for (const { nodes } of leaves) checkLeaf(nodes, end, refuse);
  const groups: ParquetGroup[] = [];
  let rows = 0;
  for (const group of metadata.row_groups) {
    const count = wholeNumber(group.num_rows);
    if (count === undefined) throw refuse('its footer is damaged, a row group has no number of rows', end);
    if (count > 0) groups.push(describeGroup(group, { firstRow: rows, rows: count }, leaves, end, refuse));
    rows += count;
  }
  if (rows !== Number(metadata.num_rows)) {
    throw refuse(`its row groups hold ${rows} rows, its footer says ${metadata.num_rows}`, end);
  }
  checkOverlap(groups, end, refuse);
  return { path, rows, columns, groups };
}

/** Adds the leaves of a tree to those of the file. */
function leavesOf(tree: SchemaTree, all: ParquetLeaf[], above: readonly SchemaTree[] = []): ParquetLeaf[] {
  const nodes = [...above, tree];
  if (tree.children.length > 0) return tree.children.flatMap(child => leavesOf(child, all, nodes));
  const leaf = { index: all.length, nodes };
  all.push(leaf);
  return [leaf];
}

function checkLeaf(nodes: readonly SchemaTree[], end: number, refuse: Refuse): void {
  const { element } = nodes[nodes.length - 1];
  const isDamaged =
    nodes.some(node => typeof node.element.name !== 'string' || node.element.repetition_type === undefined) ||
    element.type === undefined ||
    (element.type === 'FIXED_LEN_BYTE_ARRAY' && !(Number(element.type_length) > 0));
  if (isDamaged) throw refuse('its footer is damaged, a column has no type', end);
  // hyparquet keeps the members of a structure in plain objects.
  if (nodes.slice(1).some(node => node.element.name === '__proto__')) {
    throw refuse('a field of a structure is called "__proto__"', end);
  }
}

function describeGroup(
  group: FileMetaData['row_groups'][number],
  { firstRow, rows }: { readonly firstRow: number; readonly rows: number },
  leaves: readonly ParquetLeaf[],
  end: number,
  refuse: Refuse,
): ParquetGroup {
  if (group.columns.length !== leaves.length) {
    throw refuse(`a row group has ${group.columns.length} columns, its footer says ${leaves.length}`, end);
  }
  const chunks = leaves.map(({ index, nodes }): ParquetChunk => {
    const { file_path, meta_data: chunk } = group.columns[index];
    const name = nodes.map(({ element }) => element.name).join('.');
    if (file_path) throw refuse(`column "${name}" lies in another file, ${file_path}`, end);
    if (chunk === undefined) throw refuse(`column "${name}" is encrypted or damaged`, end);
    const { element } = nodes[nodes.length - 1];
    if (chunk.path_in_schema.join('.') !== name || chunk.type !== element.type) {
      throw refuse(`its footer is damaged, a row group lacks column "${name}"`, end);
    }
    if (!isReadableCodec(chunk.codec)) {
      throw refuse(
        `column "${name}" is compressed with ${chunk.codec ?? 'an unknown codec'}, which bimix does not read`,
        end,
      );
    }
    const [first, bytes, values, uncompressed] = [
      chunk.data_page_offset,
      chunk.total_compressed_size,
      chunk.num_values,
      chunk.total_uncompressed_size,
    ].map(wholeNumber);
    const dictionary = wholeNumber(chunk.dictionary_page_offset ?? 0n);
    if (
      first === undefined ||
      bytes === undefined ||
      values === undefined ||
      uncompressed === undefined ||
      dictionary === undefined
    ) {
      throw refuse('its footer is damaged, a count of a row group is not a number', end);
    }
    const byte = dictionary > 0 ? Math.min(dictionary, first) : first;
    if (byte < 4 || byte + bytes > end) throw refuse(`a row group of "${name}" lies beyond the end of the file`, end);
    const isRepeated = nodes.some(node => node.element.repetition_type === 'REPEATED');
    if (isRepeated ? values < rows : values !== rows) {
      throw refuse(`a row group has ${rows} rows, and ${values} values in column "${name}"`, end);
    }
    if (values > MAX_VALUES) {
      throw refuse(`a row group has ${values} values in column "${name}", more than fit in memory`, end);
    }
    return { byte, bytes, values, uncompressed, codec: chunk.codec };
  });
  return { firstRow, rows, chunks };
}

/** Two columns cannot share bytes: one would be read in place of the other. */
function checkOverlap(groups: readonly ParquetGroup[], end: number, refuse: Refuse): void {
  const chunks = groups.flatMap(group => group.chunks).sort((a, b) => a.byte - b.byte);
  for (let i = 1; i < chunks.length; i++) {
    if (chunks[i].byte < chunks[i - 1].byte + chunks[i - 1].bytes) {
      throw refuse('its footer is damaged, two columns lie in the same bytes', end);
    }
  }
}

/** @returns undefined for anything but a whole number from 0 */
function wholeNumber(value: unknown): number | undefined {
  const number = typeof value === 'bigint' || typeof value === 'number' ? Number(value) : -1;
  return Number.isSafeInteger(number) && number >= 0 ? number : undefined;
}

/** Errors of one file. */
export function refuseParquet(path: string): (trouble: string, byte: number, cause?: unknown) => BimixError {
  return (trouble, byte, cause) =>
    new BimixError('invalid-parquet', `invalid Parquet file ${path}: ${trouble}`, {
      hint: 'Is the file complete? Copy it or write it again.',
      where: { file: path, byte },
      cause,
    });
}

function latin1(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes);
}
