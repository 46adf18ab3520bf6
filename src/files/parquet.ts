/** Parquet tables of flat columns, read by hyparquet. */

import { parquetMetadataAsync, parquetReadObjects, parquetSchema } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import { BimixError } from '../errors/index.ts';
import type { DataTable } from './data-table.ts';
import type { InputFile } from './input-file.ts';

/** Whether the file begins with the magic `PAR1`. */
export function isParquet(file: InputFile): boolean {
  return String.fromCharCode(...file.content.subarray(0, 4)) === 'PAR1';
}

/**
 * Reads all columns. Places count rows from 1.
 *
 * @throws BimixError `invalid-parquet` when the file is truncated, damaged or has no rows
 */
export async function readParquet(file: InputFile): Promise<DataTable> {
  const { path } = file;
  const columns = await parquetColumns(file);
  const rows = await orInvalid(path, () => parquetReadObjects({ file: buffer(file), compressors }));
  if (rows.length === 0) throw invalidParquet(path, 'it has no rows');
  const twice = columns.find((name, column) => columns.indexOf(name) !== column);
  if (twice !== undefined) throw invalidParquet(path, `two columns are called "${twice}"`);
  return {
    file: path,
    columns,
    rowCount: rows.length,
    cell: (row, column) => rows[row][columns[column]],
    place: row => ({ file: path, line: row + 1 }),
  };
}

/** Names of the columns, from the footer. */
export function parquetColumns(file: InputFile): Promise<readonly string[]> {
  return orInvalid(file.path, async () => {
    const metadata = await parquetMetadataAsync(buffer(file));
    return parquetSchema(metadata).children.map(child => child.element.name);
  });
}

function buffer(file: InputFile): ArrayBuffer {
  const { buffer: whole, byteOffset, byteLength } = file.content;
  return whole.slice(byteOffset, byteOffset + byteLength) as ArrayBuffer;
}

async function orInvalid<T>(path: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (cause) {
    throw invalidParquet(path, cause instanceof Error ? cause.message : String(cause), cause);
  }
}

function invalidParquet(path: string, trouble: string, cause?: unknown): BimixError {
  return new BimixError('invalid-parquet', `invalid Parquet file ${path}: ${trouble}`, {
    hint: 'Is the file complete? Write it again, or export the table as CSV.',
    where: { file: path },
    cause,
  });
}
