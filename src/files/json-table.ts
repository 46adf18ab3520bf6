/**
 * Tables as one JSON document, as pandas writes them: a list of records (`orient="records"`), `{"columns": [...], "data": [[...]]}`
 * (`orient="split"`), columns of cells by row (`orient="columns"`, its default), or records under a key such as `data`. Nested objects are flattened with dots. Python's NaN and Infinity
 * are accepted.
 */

import { BimixError, type Place } from '../errors/index.ts';
import { parseJsonLine } from '../observations/index.ts';
import type { DataTable } from './data-table.ts';
import type { InputFile } from './input-file.ts';
import { flatten } from './json-lines.ts';

type Fields = Readonly<Record<string, unknown>>;

/** Where exporters put the records of a table. */
const RECORDS_KEYS = ['data', 'records', 'rows', 'runs', 'results'];

/** A column whose first cell is that of row 0. */
const BY_COLUMN = /^\s*\{\s*"(?:[^"\\]|\\.)*"\s*:\s*\{\s*"0"\s*:/;

/** Whether a file is one JSON document with a table in it, and not a table of JSON lines. */
export function isJsonTable(file: InputFile): boolean {
  const head = file.head() ?? '';
  if (/^\s*\[\s*[{\]]/.test(head)) return true;
  if (BY_COLUMN.test(head)) return true;
  if (!/^\s*\{\s*"(?:columns|index|data|records|rows|runs|results)"\s*:\s*\[/.test(head)) return false;
  const [first] = head.trim().split(/[\r\n]/, 1);
  try {
    return recordsOf(JSON.parse(first)) !== undefined && head.trim() === first;
  } catch {
    return true;
  }
}

/**
 * Reads such a table; its columns are the keys of all records in order of first appearance. Places are lines of the document
 * where it has one record a line or more.
 *
 * @throws BimixError `invalid-json` with line and column, `invalid-table` when there are no rows or a row is no record
 */
export function readJsonTable(file: InputFile): DataTable {
  const { path } = file;
  const text = file.text();
  const document = parseDocument(text, path);
  if (isFields(document)) checkSplit(document, path);
  const records = recordsOf(document);
  if (records === undefined || records.length === 0) {
    throw new BimixError('invalid-table', `invalid table ${path}: it has no rows`, { where: { file: path, line: 1 } });
  }
  const index = new Map<string, number>();
  const rows = records.map((record, row) => {
    if (!isFields(record)) {
      throw new BimixError('invalid-table', `invalid table ${path}: row ${row + 1} is no object`, {
        hint: 'Write a list of objects, one a row: pandas does with orient="records".',
        where: { file: path },
      });
    }
    const cells: unknown[] = [];
    for (const [name, value] of flatten(record)) {
      let column = index.get(name);
      if (column === undefined) {
        column = index.size;
        index.set(name, column);
      }
      cells[column] = value;
    }
    return cells;
  });
  const lineOf = linesOfRecords(text, rows.length);
  return {
    file: path,
    columns: [...index.keys()],
    rowCount: rows.length,
    cell: (row, column) => rows[row][column],
    place: row => ({ file: path, line: lineOf[row] ?? row + 1 }),
  };
}

function parseDocument(text: string, path: string): unknown {
  try {
    return parseJsonLine(text, { file: path });
  } catch (cause) {
    if (!(cause instanceof BimixError) || cause.where.column === undefined) throw cause;
    const before = text.slice(0, cause.where.column - 1).split('\n');
    const where: Place = { file: path, line: before.length, column: (before.at(-1) as string).length + 1 };
    throw new BimixError('invalid-json', cause.message.replace('JSON line', `JSON file ${path}`), { where, cause });
  }
}

/** Columns that stand apart from their cells must have names of their own, and every row a cell of each. */
function checkSplit({ columns, data }: Fields, path: string): void {
  if (!Array.isArray(columns) || !Array.isArray(data)) return;
  const refuse = (trouble: string): never => {
    throw new BimixError('invalid-table', `invalid table ${path}: ${trouble}`, { where: { file: path } });
  };
  const names = columns.map(name => (typeof name === 'number' ? String(name) : name));
  const odd = names.find(name => typeof name !== 'string');
  if (odd !== undefined) refuse(`a column is called ${JSON.stringify(odd)}, expected text`);
  const twice = names.find((name, i) => names.indexOf(name) < i);
  if (twice !== undefined) refuse(`two columns are called "${twice}"`);
  const row = data.findIndex(cells => Array.isArray(cells) && cells.length !== columns.length);
  if (row >= 0) refuse(`row ${row + 1} has ${data[row].length} cells, there are ${columns.length} columns`);
}

/** The records of a document, or undefined where it holds no table. */
function recordsOf(document: unknown): readonly unknown[] | undefined {
  if (Array.isArray(document)) return document;
  if (!isFields(document)) return undefined;
  const { columns, data } = document;
  if (Array.isArray(columns) && Array.isArray(data)) {
    return data.map(row =>
      Array.isArray(row) ? Object.fromEntries(columns.map((name, i) => [String(name), row[i]])) : row,
    );
  }
  const byColumn = recordsOfColumns(document);
  if (byColumn !== undefined) return byColumn;
  const records = RECORDS_KEYS.map(key => document[key]).find(value => Array.isArray(value) && value.every(isFields));
  return records as readonly unknown[] | undefined;
}

/** Of `{"web": {"0": 0.6, "1": 0.5}, "code": {...}}`, where every column has a cell of the first row. */
function recordsOfColumns(document: Fields): readonly Fields[] | undefined {
  const columns = Object.entries(document);
  if (columns.length === 0 || !columns.every(([, cells]) => isFields(cells) && Object.hasOwn(cells, '0'))) {
    return undefined;
  }
  const rows = new Set(columns.flatMap(([, cells]) => Object.keys(cells as Fields)));
  return [...rows].map(row => Object.fromEntries(columns.map(([name, cells]) => [name, (cells as Fields)[row]])));
}

/** The lines on which the records begin, where they can be found: each at the same depth, after a bracket or a comma. */
function linesOfRecords(text: string, count: number): readonly number[] {
  const starts: number[] = [];
  let line = 1;
  let depth = 0;
  let outer = -1;
  for (let i = 0; i < text.length; i++) {
    const mark = text[i];
    if (mark === '\n') line++;
    else if (mark === '"') {
      for (i++; i < text.length && text[i] !== '"'; i++) if (text[i] === '\\') i++;
    } else if (mark === '[' || mark === '{') {
      depth++;
      if (mark === '{' && outer < 0 && depth > 1) outer = depth;
      if (mark === '{' && depth === outer) starts.push(line);
    } else if (mark === ']' || mark === '}') depth--;
  }
  return starts.length === count ? starts : [];
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
