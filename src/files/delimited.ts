/**
 * CSV and TSV (RFC 4180 quoting; LF, CRLF or CR), with commas, tabs or semicolons as the header line has them, or as Excel's
 * first line `sep=;` says.
 */

import { CsvError, type Info, parse } from 'csv-parse/sync';
import { BimixError, type Place } from '../errors/index.ts';
import type { DataTable } from './data-table.ts';
import type { InputFile } from './input-file.ts';
import { LINE_END, MAX_LINE_LENGTH } from './text-lines.ts';

interface ParsedRecord {
  readonly record: readonly string[];
  readonly info: Info;
}

export interface DelimitedOptions {
  /** Whether lines that begin with `#` are comments; default false. */
  readonly comments?: boolean;
}

/**
 * Reads a table with a header line. Empty lines are skipped.
 *
 * @throws BimixError `invalid-table` with line and column: empty, header only, duplicate columns, a row of the
 * wrong length, an unclosed or stray quote, a line longer than `MAX_LINE_LENGTH`
 */
export function readDelimited(file: InputFile, options: DelimitedOptions = {}): DataTable {
  const { path } = file;
  const text = file.text();
  const sourceLines = text.split(LINE_END);
  const long = sourceLines.findIndex(({ length }) => length > MAX_LINE_LENGTH);
  if (long >= 0) throw invalidTable(path, TOO_LONG, { line: long + 1, column: MAX_LINE_LENGTH + 1 });
  const delimiter = delimiterOf(text);
  const all = parseRecords(path, text, delimiter, options.comments ?? false);
  if (all[0] !== undefined && SEPARATOR_LINE.test(sourceLines[all[0].info.lines - 1])) all.shift();
  const records = withoutEmptyEnds(all);
  if (records.length === 0) throw invalidTable(path, 'it is empty', { line: 1 });
  const columns = records[0].record.map(name => name.trim());
  const placeAt = (line: number, cell: number): Place => {
    const source = sourceLines[line - 1] ?? '';
    const isWhole = (source.split('"').length - 1) % 2 === 0;
    return { file: path, line, ...(isWhole ? { column: cellStart(source, cell, delimiter) } : {}) };
  };
  checkColumns(path, columns, column => placeAt(records[0].info.lines, column));
  if (records.length === 1) throw invalidTable(path, 'it has a header and no rows', { line: 1 });
  const lines = Int32Array.from(records, ({ info }) => info.lines);
  const rows = records.slice(1).map(({ record }) => record);
  rows.forEach((row, index) => {
    if (row.length === columns.length) return;
    const where = placeAt(lines[index + 1], Math.min(row.length, columns.length));
    throw invalidTable(path, `a row has ${row.length} columns, the header has ${columns.length}`, where);
  });
  return {
    file: path,
    columns,
    rowCount: rows.length,
    separator: delimiter,
    cell: (row, column) => rows[row][column],
    place(row, column) {
      const line = lines[row + 1];
      return column === undefined ? { file: path, line } : placeAt(line, column);
    },
  };
}

/** The header of the file's first line. */
export function delimitedColumns(file: InputFile): readonly string[] | undefined {
  const head = file.head() ?? '';
  const first = /^\s*(?:sep=[^\r\n]?[\r\n]+)?([^\r\n]+)/i.exec(head);
  if (first === null) return undefined;
  const records = parseRecords(file.path, first[1], delimiterOf(head), false);
  return withoutEmptyEnds(records)[0]?.record.map(name => name.trim());
}

/** Excel's way to say the separator. */
const SEPARATOR_LINE = /^\s*sep=(.)?\s*$/i;

/** Without the rows that hold nothing, and the columns at the right that have neither a name nor a cell. */
function withoutEmptyEnds(records: readonly ParsedRecord[]): readonly ParsedRecord[] {
  const isEmpty = (cell: string) => cell.trim() === '';
  const kept = records.filter(({ record }) => record.length === 1 || !record.every(isEmpty));
  const [header] = kept;
  if (header === undefined) return kept;
  const names = header.record.length;
  const isPadded = ({ record }: ParsedRecord) => record.length > names && record.slice(names).every(isEmpty);
  if (kept.some(isPadded)) {
    return kept.map(row => (isPadded(row) ? { record: row.record.slice(0, names), info: row.info } : row));
  }
  if (!isEmpty(header.record[header.record.length - 1])) return kept;
  const width = kept.reduce((most, { record }) => Math.max(most, record.findLastIndex(cell => !isEmpty(cell)) + 1), 1);
  if (width >= header.record.length) return kept;
  return kept.map(({ record, info }) => ({ record: record.slice(0, width), info }));
}

function parseRecords(path: string, text: string, delimiter: string, comments: boolean): ParsedRecord[] {
  try {
    return parse(text, {
      delimiter,
      record_delimiter: ['\r\n', '\n', '\r'],
      relax_column_count: true,
      skip_empty_lines: true,
      info: true,
      max_record_size: MAX_LINE_LENGTH,
      ...(comments ? { comment: '#', comment_no_infix: true } : {}),
    }) as unknown as ParsedRecord[];
  } catch (cause) {
    if (!(cause instanceof CsvError)) throw cause;
    const lines = text.split(LINE_END);
    const line = Number(cause.lines);
    const where =
      cause.code === 'CSV_QUOTE_NOT_CLOSED'
        ? lastQuote(text)
        : { line, column: cellStart(lines[line - 1] ?? '', Number(cause.column), delimiter) };
    throw invalidTable(path, CSV_TROUBLE[cause.code] ?? cause.message, where, cause);
  }
}

const TOO_LONG = `a row is longer than ${MAX_LINE_LENGTH} characters`;

const CSV_TROUBLE: Record<string, string> = {
  CSV_QUOTE_NOT_CLOSED: 'a quote is opened and never closed',
  CSV_INVALID_CLOSING_QUOTE: 'text follows a closing quote',
  INVALID_OPENING_QUOTE: 'a quote stands in the middle of a cell',
  CSV_MAX_RECORD_SIZE: `${TOO_LONG}, or a quote is never closed`,
};

/** Tab, semicolon or comma, by the first line. */
function delimiterOf(text: string): string {
  const said = /^\s*sep=([^\r\n])[ \t]*(?:[\r\n]|$)/i.exec(text)?.[1];
  if (said !== undefined) return said;
  const header = /^(?:(?:#[^\r\n]*)?[\r\n]+)*([^\r\n]*)/.exec(text.slice(0, MAX_LINE_LENGTH))?.[1] ?? '';
  if (header.includes('\t')) return '\t';
  const count = (mark: string) => header.split(mark).length - 1;
  return count(';') > count(',') ? ';' : ',';
}

function checkColumns(path: string, columns: readonly string[], placeOf: (column: number) => Place): void {
  columns.forEach((name, column) => {
    const first = columns.indexOf(name);
    if (first === column) return;
    const which = `columns ${first + 1} and ${column + 1} are both called "${name}"`;
    throw invalidTable(path, which, placeOf(column));
  });
}

function lastQuote(text: string): Place {
  const before = text.slice(0, text.lastIndexOf('"')).split(LINE_END);
  return { line: before.length, column: before[before.length - 1].length + 1 };
}

/** The character, from 1, at which cell `cell` of a line begins. */
function cellStart(line: string, cell: number, delimiter: string): number {
  let quoted = false;
  let seen = 0;
  for (let i = 0; i < line.length; i++) {
    if (seen === cell) return i + 1;
    if (line[i] === '"') quoted = !quoted;
    else if (line[i] === delimiter && !quoted) seen++;
  }
  return line.length + 1;
}

function invalidTable(path: string, trouble: string, where: Place, cause?: unknown): BimixError {
  return new BimixError('invalid-table', `invalid table ${path}: ${trouble}`, {
    where: { file: path, ...where },
    cause,
  });
}
