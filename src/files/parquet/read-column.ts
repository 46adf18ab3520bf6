/** One column of a Parquet file in one row group. Pages are checked here, then decoded by hyparquet. */

import {
  type ColumnMetaData,
  type Compressors,
  type FileMetaData,
  type ParquetParsers,
  parquetScan,
  type SchemaElement,
  type SchemaTree,
} from 'hyparquet';
import { BimixError } from '../../errors/index.ts';
import { openPages } from './page-content.ts';
import { readPages } from './page-headers.ts';
import {
  type ParquetBytes,
  type ParquetColumn,
  type ParquetFile,
  type ParquetGroup,
  type ParquetLeaf,
  refuseParquet,
} from './parquet-file.ts';

/** What a column is read as. */
export interface ColumnOptions {
  /** The only leaves to read; all of the column when left out. */
  readonly leaves?: readonly ParquetLeaf[];
  /** Makes texts of bytes; by default they stay bytes. */
  readonly textOf?: (bytes: Uint8Array) => unknown;
}

/**
 * Reads a row group of a column: a value a row, with structures as objects and lists as arrays.
 *
 * @throws BimixError `invalid-parquet` with the byte of the page or column that is damaged
 */
export async function readParquetColumn(
  bytes: ParquetBytes,
  file: ParquetFile,
  group: ParquetGroup,
  column: ParquetColumn,
  { leaves = column.leaves, textOf = cell => cell }: ColumnOptions = {},
): Promise<ArrayLike<unknown>> {
  const chunks: Awaited<ReturnType<typeof checkedChunk>>[] = [];
  for (const leaf of leaves) chunks.push(await checkedChunk(bytes, group, leaf));
  const compressors: Record<string, () => Uint8Array> = {};
  const columns = chunks.map(({ leaf, chunk, opened }, i) => {
    let next = 0;
    compressors[`checked ${i}`] = () => opened[next++];
    const meta_data = {
      type: leaf.nodes[leaf.nodes.length - 1].element.type,
      path_in_schema: leaf.nodes.map(({ element }) => element.name),
      codec: `checked ${i}`,
      num_values: BigInt(group.chunks[leaf.index].values),
      data_page_offset: BigInt(i * SPACING),
      total_compressed_size: BigInt(chunk.length),
    };
    return { meta_data: meta_data as unknown as ColumnMetaData };
  });
  const num_rows = BigInt(group.rows);
  const metadata = {
    schema: [
      { name: 'root', num_children: 1 },
      ...elementsOf(column.tree, new Set(leaves.map(({ nodes }) => nodes[nodes.length - 1]))),
    ],
    num_rows,
    row_groups: [{ columns, num_rows }],
  } as unknown as FileMetaData;
  const { byte } = group.chunks[leaves[0].index];
  const refuse = refuseParquet(file.path);
  let values: ArrayLike<unknown>;
  try {
    const scan = await parquetScan({
      file: {
        byteLength: leaves.length * SPACING,
        slice: start => chunks[start / SPACING].chunk.buffer as ArrayBuffer,
      },
      metadata,
      compressors: compressors as Compressors,
      parsers: parsersWith(textOf),
    });
    values = await scan.readColumn({ column: column.name, rowStart: 0, rowEnd: group.rows });
  } catch (cause) {
    if (cause instanceof BimixError) throw cause;
    throw refuse(`column "${column.name}" cannot be decoded`, byte, cause);
  }
  if (values.length !== group.rows) {
    throw refuse(`column "${column.name}" has ${values.length} rows in a row group, expected ${group.rows}`, byte);
  }
  return values;
}

/** Places the columns apart in the file that hyparquet sees, so that it asks for each by itself. */
const SPACING = 2 ** 40;

async function checkedChunk(bytes: ParquetBytes, group: ParquetGroup, leaf: ParquetLeaf) {
  const { byte, bytes: length, values, codec, uncompressed } = group.chunks[leaf.index];
  const refuse = refuseParquet(bytes.path);
  const chunk = await bytes.read(byte, length);
  const pages = readPages(chunk, { byte, values }, refuse);
  const oversized = pages.find(page => page.uncompressed > uncompressed);
  if (oversized !== undefined) throw refuse('it is damaged, a page is larger than its column', oversized.byte);
  const { element } = leaf.nodes[leaf.nodes.length - 1];
  const count = (isCounted: (element: SchemaElement) => boolean) =>
    leaf.nodes.filter(node => isCounted(node.element)).length;
  const opened = openPages(
    pages,
    {
      type: element.type as string,
      fixedBytes: element.type_length ?? 0,
      isDecimal: element.converted_type === 'DECIMAL',
      maxDefinition: count(({ repetition_type }) => repetition_type !== 'REQUIRED'),
      maxRepetition: count(({ repetition_type }) => repetition_type === 'REPEATED'),
      codec,
    },
    refuse,
  );
  return { leaf, chunk, opened };
}

/** The part of a schema that leads to some leaves, as the footer lists it. */
function elementsOf(tree: SchemaTree, leaves: ReadonlySet<SchemaTree>): SchemaElement[] {
  if (tree.children.length === 0) return leaves.has(tree) ? [plainElement(tree.element)] : [];
  const children = tree.children.map(child => elementsOf(child, leaves)).filter(elements => elements.length > 0);
  if (children.length === 0) return [];
  return [{ ...plainElement(tree.element), num_children: children.length }, ...children.flat()];
}

/** Without the logical types that hyparquet parses further: variants and geometries. */
function plainElement(element: SchemaElement): SchemaElement {
  const { logical_type, ...plain } = element;
  return ['VARIANT', 'GEOMETRY', 'GEOGRAPHY'].includes(logical_type?.type ?? '') ? plain : element;
}

function parsersWith(textOf: (bytes: Uint8Array) => unknown): Partial<ParquetParsers> {
  const read = (bytes: Uint8Array) => bytes && textOf(bytes);
  return { stringFromBytes: read, jsonFromBytes: read } as Partial<ParquetParsers>;
}
