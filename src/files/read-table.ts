/** Reads a table of any kind, told from its content: Parquet by its magic, JSON lines by a leading `{`, else CSV or TSV. */

import type { DataTable } from './data-table.ts';
import { delimitedColumns, readDelimited } from './delimited.ts';
import type { InputFile } from './input-file.ts';
import { jsonLinesColumns, readJsonLines } from './json-lines.ts';
import { isParquet, parquetColumns, readParquet } from './parquet.ts';

/**
 * @throws BimixError `invalid-table` with line and column: empty, header only, duplicate columns, a row of the wrong
 * length, an unclosed quote, a line that is not JSON
 */
export async function readDataTable(file: InputFile): Promise<DataTable> {
  if (isParquet(file)) return readParquet(file);
  return looksLikeJson(file) ? readJsonLines(file) : readDelimited(file);
}

/** The columns of a table, or undefined when the file does not begin like one; never throws. For recognizing formats. */
export async function columnsOf(file: InputFile): Promise<readonly string[] | undefined> {
  try {
    if (isParquet(file)) return await parquetColumns(file);
    return looksLikeJson(file) ? jsonLinesColumns(file) : delimitedColumns(file);
  } catch {
    return undefined;
  }
}

function looksLikeJson(file: InputFile): boolean {
  return /^\s*\{/.test(file.head() ?? '');
}
