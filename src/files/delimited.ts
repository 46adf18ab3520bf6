/**
 * CSV and TSV (RFC 4180 quoting; LF, CRLF or CR), with commas, tabs or semicolons as the header line has them, or as Excel's
 * first line `sep=;` says.
 */

import { CsvError, parse } from 'csv-parse/sync';
import { BimixError, type Place } from '../errors/index.ts';
import type { DataTable } from './data-table.ts';
import type { InputFile } from './input-file.ts';
import { LinePlaces } from './line-places.ts';
import { PackedColumn } from './packed-column.ts';
import { CUT, LINE_END, MAX_LINE_LENGTH } from './text-lines.ts';
import { requireText } from './utf8.ts';

export interface DelimitedOptions {
  /** Whether lines that begin with `#` are comments; default false. */
  readonly comments?: boolean;
}

/**
 * Reads a table with a header line, in one pass into packed columns. Empty lines are skipped; of text marked for spreadsheets
 * (`'=1+1`) the apostrophe is taken off.
 *
 * @throws BimixError `invalid-table` with line and column: empty, header only, duplicate columns, a row of the
 * wrong length, an unclosed or stray quote, a line longer than `MAX_LINE_LENGTH`
 */
export function readDelimited(file: InputFile, options: DelimitedOptions = {}): DataTable {
  const { path } = file;
  requireText(path, file.content);
  const places = new LinePlaces(file);
  const long = places.firstLongLine();
  if (long !== undefined) throw invalidTable(path, TOO_LONG, { line: long, column: MAX_LINE_LENGTH + 1 });
  const delimiter = delimiterOf(file.head() ?? '');
  const placeAt = (line: number, cell: number): Place => {
    const source = places.line(line);
    const isWhole = (source.split('"').length - 1) % 2 === 0;
    return { file: path, line, ...(isWhole ? { column: cellStart(source, cell, delimiter) } : {}) };
  };
  let header: { readonly names: readonly string[]; readonly line: number } | undefined;
  const cells: PackedColumn[] = [];
  const lines = new PackedColumn();
  const take = (record: readonly string[], line: number): void => {
    if (record.length > 1 && record.every(isEmpty)) return;
    if (header === undefined) {
      if (lines.length === 0 && SEPARATOR_LINE.test(places.line(line))) return;
      header = { names: record.map(name => withoutMark(name.trim())), line };
      for (const _ of record) cells.push(new PackedColumn());
      return;
    }
    const { names } = header;
    const isPadded = record.length > names.length && record.slice(names.length).every(isEmpty);
    const isShort = record.length < names.length && names.slice(record.length).every(isEmpty);
    if (record.length !== names.length && !isPadded && !isShort) {
      const where = placeAt(line, Math.min(record.length, names.length));
      const message = `a row has ${record.length} columns, the header has ${names.length}`;
      throw invalidTable(path, places.isCutAt(line) ? `${message}; ${CUT}` : message, where);
    }
    for (let column = 0; column < names.length; column++) cells[column].push(withoutMark(record[column] ?? ''));
    lines.push(line);
  };
  readRecords(file, delimiter, options.comments ?? false, places, take);
  if (header === undefined) throw invalidTable(path, 'it is empty', { line: 1 });
  const { names, line: headerLine } = header as { names: readonly string[]; line: number };
  const columns = names.slice(0, widthOf(names, cells));
  checkColumns(path, columns, column => placeAt(headerLine, column));
  if (lines.length === 0) throw invalidTable(path, 'it has a header and no rows', { line: 1 });
  return {
    file: path,
    columns,
    rowCount: lines.length,
    separator: delimiter,
    cell: (row, column) => cells[column].at(row),
    number: (row, column) => cells[column].numberAt(row),
    place(row, column) {
      const line = lines.at(row) as number;
      return column === undefined ? { file: path, line } : placeAt(line, column);
    },
  };
}

/** Whether a file that may be YAML or JSON as well is a table: by its ending, else by its first line. */
export function isDelimited(file: InputFile): boolean {
  const ending = /\.(\w+)$/.exec(file.name)?.[1].toLowerCase() ?? '';
  if (/^(?:[ct]sv|ya?ml|json)$/.test(ending)) return ending.endsWith('sv');
  const [first = ''] = (file.head() ?? '').split(LINE_END).filter(line => line.trim() !== '' && !/^\s*#/.test(line));
  return /[,;\t]/.test(first) && !/^\s*[{[]|:(?:\s|$)/.test(first);
}

/** The header of the file's first line. */
export function delimitedColumns(file: InputFile): readonly string[] | undefined {
  const head = file.head() ?? '';
  const first = /^\s*(?:sep=[^\r\n]?[\r\n]+)?([^\r\n]+)/i.exec(head);
  if (first === null) return undefined;
  const [record] = parse(first[1], { delimiter: delimiterOf(head), relax_column_count: true });
  const names = record?.map(name => withoutMark(name.trim()));
  return names?.slice(0, names.findLastIndex(name => name !== '') + 1);
}

/** Columns up to the last that has a name or a cell: spreadsheets leave empty ones at the right. */
function widthOf(names: readonly string[], cells: readonly PackedColumn[]): number {
  return names.findLastIndex((name, column) => name !== '' || cells[column].hasText()) + 1 || 1;
}

/** Excel's way to say the separator. */
const SEPARATOR_LINE = /^\s*sep=(.)?\s*$/i;

function isEmpty(cell: string): boolean {
  return cell.trim() === '';
}

/** Hands on each record with its line; the whole content is never text at once. */
function readRecords(
  { path, content }: InputFile,
  delimiter: string,
  comments: boolean,
  places: LinePlaces,
  take: (record: readonly string[], line: number) => void,
): void {
  try {
    parse(content, {
      bom: true,
      delimiter,
      record_delimiter: ['\r\n', '\n', '\r'],
      relax_column_count: true,
      skip_empty_lines: true,
      max_record_size: MAX_LINE_LENGTH,
      ...(comments ? { comment: '#', comment_no_infix: true } : {}),
      on_record: (record: string[], { lines }: { lines: number }) => {
        take(record, lines);
        // Kept packed: not among what the parser returns.
        return null;
      },
    });
  } catch (cause) {
    if (!(cause instanceof CsvError)) throw cause;
    const line = Number(cause.lines);
    const where =
      cause.code === 'CSV_QUOTE_NOT_CLOSED'
        ? places.lastQuote()
        : { line, column: cellStart(places.line(line), Number(cause.column), delimiter) };
    throw invalidTable(path, CSV_TROUBLE[cause.code] ?? cause.message, where, cause);
  }
}

/** Without the apostrophe by which spreadsheets, and bimix for them, mark text that looks like a formula. */
function withoutMark(cell: string): string {
  return cell.startsWith("'") && /^'+[=+\-@\t\r]/.test(cell) ? cell.slice(1) : cell;
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
  const header = /^(?:(?:#[^\r\n]*)?[\r\n]+)*([^\r\n]*)/.exec(text)?.[1] ?? '';
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
