/** Names of runs that pandas made floating-point numbers: `1.0` is the run `1`. */

import { type DataTable, textAt } from '../files/index.ts';
import { type Finding, findingOf } from '../observations/index.ts';

const FLOAT_ID = /^(\d+)\.0+$/;

const known = new WeakMap<DataTable, Map<number, boolean>>();

/** A part of a run's name: as it stands, or without `.0` where all names of the column end so. */
export function runPartAt(table: DataTable, row: number, column: number): string {
  const text = textAt(table, row, column);
  return FLOAT_ID.test(text) && holdsFloats(table, column) ? text.replace(FLOAT_ID, '$1') : text;
}

/** A note on the columns of runs that were read without `.0`. */
export function floatRunIds(
  tables: readonly { readonly table: DataTable; readonly run: readonly number[] }[],
): Finding[] {
  const items = tables.flatMap(({ table, run }) =>
    run.flatMap(column => (holdsFloats(table, column) ? [`column "${table.columns[column]}" of ${table.file}`] : [])),
  );
  return findingOf('note', 'float-run-ids', items, () => {
    return `runs called 1.0, 2.0, ... are 1, 2, ...: ${items.join(', ')}`;
  });
}

function holdsFloats(table: DataTable, column: number): boolean {
  const ofTable = known.get(table) ?? new Map<number, boolean>();
  known.set(table, ofTable);
  let holds = ofTable.get(column);
  if (holds === undefined) {
    const cells = Array.from({ length: table.rowCount }, (_, row) => table.cell(row, column));
    const texts = cells.flatMap(cell => (typeof cell === 'string' && cell.trim() !== '' ? [cell.trim()] : []));
    holds = texts.length > 0 && texts.every(text => FLOAT_ID.test(text));
    ofTable.set(column, holds);
  }
  return holds;
}
