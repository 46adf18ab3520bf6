/**
 * Reads a table of any kind, recognized by its content: Parquet by its magic, a JSON document by a leading `[`, JSON lines by a
 * leading `{`, else CSV or TSV.
 */

import type { DataTable } from './data-table.ts';
import { delimitedColumns, readDelimited } from './delimited.ts';
import type { InputFile } from './input-file.ts';
import { jsonLinesColumns, readJsonLines } from './json-lines.ts';
import { isJsonTable, readJsonTable } from './json-table.ts';
import { isParquet, parquetColumns, readParquet } from './parquet/index.ts';

/**
 * @throws BimixError `invalid-table` with line and column: empty, header only, duplicate columns, a row of the wrong
 * length, an unclosed quote, a line that is not JSON
 */
export async function readDataTable(file: InputFile): Promise<DataTable> {
  if (isParquet(file)) return readParquet(file);
  if (isJsonTable(file)) return readJsonTable(file);
  const table = looksLikeJson(file) ? readJsonLines(file) : readDelimited(file);
  file.release();
  return table;
}

/** Every importer looks at the columns of every file. */
const known = new WeakMap<InputFile, Promise<readonly string[] | undefined>>();

/** The columns of a table, or undefined when the file does not begin like one; never throws. For recognizing formats. */
export function columnsOf(file: InputFile): Promise<readonly string[] | undefined> {
  let columns = known.get(file);
  if (columns === undefined) {
    columns = readColumns(file);
    known.set(file, columns);
  }
  return columns;
}

async function readColumns(file: InputFile): Promise<readonly string[] | undefined> {
  try {
    if (isParquet(file)) return await parquetColumns(file);
    if (isJsonTable(file)) return readJsonTable(file).columns;
    return looksLikeJson(file) ? jsonLinesColumns(file) : delimitedColumns(file);
  } catch {
    return undefined;
  }
}

/**
 * Says at once what is wrong with a damaged Parquet file: it is no other format.
 *
 * @throws BimixError `invalid-parquet`
 */
export async function checkParquet(file: InputFile): Promise<void> {
  if (isParquet(file)) await parquetColumns(file);
}

function looksLikeJson(file: InputFile): boolean {
  return /^\s*\{/.test(file.head() ?? '');
}
