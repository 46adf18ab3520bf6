/**
 * A table as it lies in a file: CSV, TSV, JSON lines or Parquet behind one face. Cells are raw; `numberAt` and `textAt`
 * read them with errors that carry line and column.
 */

import { BimixError, didYouMean, type Place } from '../errors/index.ts';
import { EITHER_COMMA, EITHER_POINT, type NumberStyle, numberStyles } from './number-style.ts';

export interface DataTable {
  readonly file: string;
  /** Unique, in file order. */
  readonly columns: readonly string[];
  readonly rowCount: number;
  /** Between the cells of a text table. */
  readonly separator?: string;
  /** The raw cell: text in CSV and TSV, any JSON value in JSON lines, any value in Parquet; undefined where absent. */
  cell(row: number, column: number): unknown;
  /** The cell where it is a plain number; undefined where `cell` says more. For speed: `numberAt` reads every kind. */
  number?(row: number, column: number): number | undefined;
  /** Where a row, or one cell of it, stands. Parquet has no lines: its rows count from 1 as if they were. */
  place(row: number, column?: number): Place;
}

/** Cells that stand for a value that was not measured, in lower case. */
const MISSING = new Set([
  ...['', 'nan', '-nan', 'na', 'n/a', '#n/a', '#na', '#value!', '#div/0!', '#ref!', '#name?', '#num!', '#null!'],
  ...['<na>', 'null', 'none', 'nil', 'missing', '-', '--', '\u2013', '\u2014', '?', '.'],
]);

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
 * The cell as a number; NaN where it is empty or says NaN, NA, #N/A, null, none or -. `50%` is 0.5. `6,43` and `1,234,567` are
 * read by what they can only be; `1,234` as the other numbers of its column, else of the table, are written.
 *
 * @throws BimixError `invalid-number` for other text, `ambiguous-number` where nothing says what a comma means
 */
export function numberAt(table: DataTable, row: number, column: number): number {
  const plain = table.number?.(row, column);
  if (plain !== undefined) return plain;
  const cell = table.cell(row, column);
  if (typeof cell === 'number') return cell;
  if (cell === undefined || cell === null) return Number.NaN;
  if (typeof cell === 'bigint') return Number(cell);
  if (typeof cell === 'string') {
    const text = cell.trim();
    if (PLAIN.test(text) && !EITHER_POINT.test(text)) return Number(text);
    if (MISSING.has(text.toLowerCase())) return Number.NaN;
    const infinite = /^([+-]?)inf(?:inity)?$/i.exec(text);
    if (infinite !== null) return infinite[1] === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
    const value = writtenNumber(table, text, row, column);
    if (value !== undefined) return value;
  }
  const message = `invalid number ${shown(cell)} in column "${table.columns[column]}"`;
  throw new BimixError('invalid-number', message, {
    hint: 'Write a number, or leave the cell empty where the value is not known.',
    where: table.place(row, column),
  });
}

/** Whether a cell stands for a value that is not known. */
export function isMissing(cell: unknown): boolean {
  if (typeof cell === 'string') return MISSING.has(cell.trim().toLowerCase());
  return cell === undefined || cell === null || Number.isNaN(cell);
}

const PLAIN = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;

/** Between thousands in any table: spaces of any width, apostrophes, Python's underscore. */
const THOUSANDS_MARK = /(?<=\d)[ \u00a0\u2009\u202f'\u2019_](?=\d{3}(?!\d))/g;

const styles = new WeakMap<DataTable, (column: number) => NumberStyle>();

function styleOf(table: DataTable, column: number): NumberStyle {
  let ofTable = styles.get(table);
  if (ofTable === undefined) {
    ofTable = numberStyles(table, table.separator);
    styles.set(table, ofTable);
  }
  return ofTable(column);
}

/** A number with commas, thousands or a per cent sign; undefined for anything else. */
function writtenNumber(table: DataTable, text: string, row: number, column: number): number | undefined {
  const percent = /^(.*?)\s*%$/.exec(text);
  const digits = (percent?.[1] ?? text).replace(THOUSANDS_MARK, '').replace(/^\u2212/, '-');
  const plain = withPoint(table, digits, row, column);
  if (plain === undefined || !PLAIN.test(plain)) return undefined;
  return percent === null ? Number(plain) : Number(plain) / 100;
}

function withPoint(table: DataTable, text: string, row: number, column: number): string | undefined {
  if (!/[,.]/.test(text)) return text;
  if (EITHER_POINT.test(text)) {
    return styleOf(table, column).point === 'thousands' ? text.replace('.', '') : text;
  }
  if (EITHER_COMMA.test(text)) {
    const { comma } = styleOf(table, column);
    if (comma !== undefined) return text.replace(',', comma === 'decimal' ? '.' : '');
    throw new BimixError('ambiguous-number', `ambiguous number "${text}" in column "${table.columns[column]}"`, {
      hint: `It may be ${text.replace(',', '.')} or ${text.replace(',', '')}, and no other number in the table shows which. Write it without the comma.`,
      where: table.place(row, column),
    });
  }
  if (/^[+-]?\d{1,3}(?:\.\d{3})+,\d+$/.test(text)) return text.replaceAll('.', '').replace(',', '.');
  if (/^[+-]?\d{1,3}(?:\.\d{3}){2,}$/.test(text)) return text.replaceAll('.', '');
  if (/^[+-]?\d{1,3}(?:,\d{3})+(?:\.\d*)?$/.test(text) && (text.includes('.') || /,.*,/.test(text))) {
    return text.replaceAll(',', '');
  }
  return /^[+-]?\d*,\d+(?:e[+-]?\d+)?$/i.test(text) ? text.replace(',', '.') : text;
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
