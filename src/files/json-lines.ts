/**
 * Tables as JSON lines: one object a line, nested objects flattened with dots (`weights.web`). Python's NaN and Infinity
 * are accepted.
 */

import { BimixError, type Place } from '../errors/index.ts';
import { parseJsonLine } from '../observations/index.ts';
import type { DataTable } from './data-table.ts';
import type { InputFile } from './input-file.ts';
import { splitLines } from './text-lines.ts';

/**
 * Reads a table; its columns are the keys of all rows in order of first appearance. Blank lines are skipped.
 *
 * @throws BimixError `invalid-json` with line and column, `invalid-table` when there are no rows
 */
export function readJsonLines(file: InputFile): DataTable {
  const { path } = file;
  const index = new Map<string, number>();
  const rows: unknown[][] = [];
  const lineOf: number[] = [];
  const lines = splitLines(file.text(), path);
  lines.forEach((line, n) => {
    if (line.trim() === '') return;
    const cells: unknown[] = [];
    for (const [name, value] of flatten(parseObject(line, { file: path, line: n + 1 }))) {
      let column = index.get(name);
      if (column === undefined) {
        column = index.size;
        index.set(name, column);
      }
      cells[column] = value;
    }
    rows.push(cells);
    lineOf.push(n + 1);
  });
  if (rows.length === 0) {
    throw new BimixError('invalid-table', `invalid table ${path}: it has no rows`, { where: { file: path, line: 1 } });
  }
  const columns = [...index.keys()];
  return {
    file: path,
    columns,
    rowCount: rows.length,
    cell: (row, column) => rows[row][column],
    place(row, column) {
      const line = lineOf[row];
      if (column === undefined) return { file: path, line };
      const key = JSON.stringify(columns[column].replace(/^.*\./, ''));
      const at = lines[line - 1].indexOf(key);
      return at < 0 ? { file: path, line } : { file: path, line, column: at + 1 };
    },
  };
}

/** The keys of the file's first line. */
export function jsonLinesColumns(file: InputFile): readonly string[] | undefined {
  const first = /^\s*(\{[^\r\n]*)/.exec(file.head() ?? '');
  return first === null ? undefined : flatten(parseObject(first[1], {})).map(([name]) => name);
}

function parseObject(line: string, where: Place): Record<string, unknown> {
  const value = parseJsonLine(line, where);
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw new BimixError('invalid-json', 'invalid JSON line: expected an object', { where: { ...where, column: 1 } });
}

/** The values of nested objects by their keys, joined with dots. */
export function flatten(record: Readonly<Record<string, unknown>>, prefix = '', depth = 0): [string, unknown][] {
  return Object.entries(record).flatMap(([key, value]): [string, unknown][] =>
    typeof value === 'object' && value !== null && !Array.isArray(value) && depth < 4
      ? flatten(value as Record<string, unknown>, `${prefix}${key}.`, depth + 1)
      : [[`${prefix}${key}`, value]],
  );
}
