/** A run table in Parquet. */

import type { DataTable } from '../data-table.ts';
import type { InputFile } from '../input-file.ts';
import {
  hasParquetMagic,
  type ParquetBytes,
  type ParquetColumn,
  readParquetFile,
  refuseParquet,
} from './parquet-file.ts';
import { readParquetColumn } from './read-column.ts';

/** Whether the file begins or ends with the magic `PAR1`: one of them may be damaged or cut off. */
export function isParquet({ content }: InputFile): boolean {
  return hasParquetMagic(content) || hasParquetMagic(content.subarray(-4));
}

/**
 * Reads all columns. Places count rows from 1.
 *
 * @throws BimixError `invalid-parquet` when the file is truncated, damaged, has no rows, or two columns of one name
 */
export async function readParquet(input: InputFile): Promise<DataTable> {
  const bytes = bytesOf(input);
  const file = await readParquetFile(bytes);
  const { path } = file;
  const refuse = refuseParquet(path);
  if (file.rows === 0) throw refuse('it has no rows', 0);
  const columns = file.columns.map(({ name }) => name);
  const twice = columns.find((name, column) => columns.indexOf(name) !== column);
  if (twice !== undefined) throw refuse(`two columns are called "${twice}"`, 0);
  const cells: unknown[][] = [];
  for (const column of file.columns) {
    const textOf = isText(column) ? strictText : looseText;
    const values: unknown[] = new Array(file.rows);
    for (const group of file.groups) {
      const part = await readParquetColumn(bytes, file, group, column, { textOf });
      for (let row = 0; row < group.rows; row++) values[group.firstRow + row] = part[row];
    }
    cells.push(values);
  }
  return {
    file: path,
    columns,
    rowCount: file.rows,
    cell: (row, column) => cells[column][row],
    place: row => ({ file: path, line: row + 1 }),
  };

  function strictText(bytes: Uint8Array): string {
    try {
      return UTF8.decode(bytes);
    } catch (cause) {
      throw refuse('a text in it is not UTF-8', 0, cause);
    }
  }
}

/** Names of the columns, from the footer. */
export async function parquetColumns(input: InputFile): Promise<readonly string[]> {
  return (await readParquetFile(bytesOf(input))).columns.map(({ name }) => name);
}

const UTF8 = new TextDecoder('utf-8', { fatal: true });

/** Bytes that no type calls text may be anything. */
function looseText(bytes: Uint8Array): unknown {
  try {
    return UTF8.decode(bytes);
  } catch {
    return bytes;
  }
}

function isText({ leaves }: ParquetColumn): boolean {
  return leaves.some(({ nodes }) => nodes[nodes.length - 1].element.converted_type === 'UTF8');
}

function bytesOf({ path, content }: InputFile): ParquetBytes {
  return {
    path,
    size: content.length,
    async read(position, length) {
      const copy = Buffer.allocUnsafeSlow(length);
      copy.set(content.subarray(position, position + length));
      return copy;
    },
  };
}
