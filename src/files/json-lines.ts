/**
 * Tables as JSON lines: one object a line, nested objects flattened with dots (`weights.web`). Python's NaN and Infinity
 * are accepted.
 */

import { BimixError, type Place } from '../errors/index.ts';
import { parseJsonLine } from '../observations/index.ts';
import type { DataTable } from './data-table.ts';
import type { InputFile } from './input-file.ts';
import { LinePlaces } from './line-places.ts';
import { PackedColumn } from './packed-column.ts';
import { fileLines } from './text-lines.ts';

/**
 * Reads a table; its columns are the keys of all rows in order of first appearance. Blank lines are skipped.
 *
 * @throws BimixError `invalid-json` with line and column, `invalid-table` when there are no rows
 */
export function readJsonLines(file: InputFile): DataTable {
  const { path } = file;
  const index = new Map<string, PackedColumn>();
  const lines = new PackedColumn();
  let number = 0;
  for (const line of fileLines(file)) {
    number++;
    if (line.trim() === '') continue;
    for (const [name, value] of flatten(parseObject(line, { file: path, line: number }))) {
      let column = index.get(name);
      if (column === undefined) {
        column = new PackedColumn();
        index.set(name, column);
      }
      while (column.length < lines.length) column.push(undefined);
      // Of a key that comes twice, flat and nested, the later counts.
      if (column.length === lines.length) column.push(value);
      else column.replaceLast(value);
    }
    lines.push(number);
  }
  if (lines.length === 0) {
    throw new BimixError('invalid-table', `invalid table ${path}: it has no rows`, { where: { file: path, line: 1 } });
  }
  const columns = [...index.keys()];
  const cells = [...index.values()];
  const places = new LinePlaces(file);
  return {
    file: path,
    columns,
    rowCount: lines.length,
    cell: (row, column) => cells[column].at(row),
    place(row, column) {
      const line = lines.at(row) as number;
      if (column === undefined) return { file: path, line };
      const key = JSON.stringify(columns[column].replace(/^.*\./, ''));
      const at = places.line(line).indexOf(key);
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
