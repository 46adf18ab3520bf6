/**
 * A table as it lies in a file: CSV, TSV, JSON lines or Parquet behind one face. Cells are raw; `numberAt` and `textAt`
 * read them with errors that carry line and column.
 */

import { BimixError, didYouMean, type Place } from '../errors/index.ts';

export interface DataTable {
  readonly file: string;
  /** Unique, in file order. */
  readonly columns: readonly string[];
  readonly rowCount: number;
  /** The raw cell: text in CSV and TSV, any JSON value in JSON lines, any value in Parquet; undefined where absent. */
  cell(row: number, column: number): unknown;
  /** Where a row, or one cell of it, stands. Parquet has no lines: its rows count from 1 as if they were. */
  place(row: number, column?: number): Place;
}

/** Cells that stand for a value that was not measured, in lower case. */
const MISSING = new Set(['', 'nan', 'na', 'n/a', '<na>', 'null', 'none', '-']);

/**
 * The index of a column.
 *
 * @throws BimixError `missing-column`
 */
export function columnIndex(table: DataTable, name: string): number {
  const index = table.columns.indexOf(name);
  if (index < 0) {
    throw new BimixError('missing-column', `missing column "${name}"`, {
      hint: didYouMean(name, table.columns),
      where: { file: table.file, line: 1 },
    });
  }
  return index;
}

/**
 * The cell as a number; NaN where it is empty or says NaN, NA, null or none.
 *
 * @throws BimixError `invalid-number` for other text
 */
export function numberAt(table: DataTable, row: number, column: number): number {
  const cell = table.cell(row, column);
  if (typeof cell === 'number') return cell;
  if (cell === undefined || cell === null) return Number.NaN;
  if (typeof cell === 'bigint') return Number(cell);
  if (typeof cell === 'string') {
    const text = cell.trim();
    if (MISSING.has(text.toLowerCase())) return Number.NaN;
    if (/^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i.test(text)) return Number(text);
    const infinite = /^([+-]?)inf(?:inity)?$/i.exec(text);
    if (infinite !== null) return infinite[1] === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  }
  const message = `invalid number ${shown(cell)} in column "${table.columns[column]}"`;
  throw new BimixError('invalid-number', message, { where: table.place(row, column) });
}

/**
 * The cell as text, trimmed; numbers are written out.
 *
 * @throws BimixError `missing-value` where it is empty
 */
export function textAt(table: DataTable, row: number, column: number): string {
  const cell = table.cell(row, column);
  const text = cell === undefined || typeof cell === 'object' ? '' : String(cell).trim();
  if (text === '') {
    throw new BimixError('missing-value', `missing value in column "${table.columns[column]}"`, {
      where: table.place(row, column),
    });
  }
  return text;
}

function shown(cell: unknown): string {
  if (typeof cell === 'object') return Array.isArray(cell) ? '(a list)' : '(an object)';
  const text = String(cell);
  return text.length > 40 ? `"${text.slice(0, 40)}..."` : `"${text}"`;
}
