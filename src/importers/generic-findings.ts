/** What is said of generic tables: how their columns were read, which were not, and what may tell contradicting rows apart. */

import type { Place } from '../errors/index.ts';
import type { DataTable } from '../files/index.ts';
import { type Finding, METRIC_UNITS, type VolumeUnit } from '../observations/index.ts';
import { columnRoles } from './column-roles.ts';
import { type GenericTable, isUnread } from './generic-tables.ts';
import { ignoredColumns } from './ignored-columns.ts';
import { isSizeColumn } from './model-size.ts';
import { floatRunIds } from './run-ids.ts';
import { quoted } from './unknown-table.ts';

/** Notes on the tables, of all formats of generic tables. */
export function tableFindings(tables: readonly GenericTable[], volumeUnit: VolumeUnit): Finding[] {
  return [
    ...tables.flatMap(readByName),
    ...floatRunIds(tables),
    ...tables.flatMap(ratesInPercent),
    ...tables.flatMap(generic => ignoredColumns(generic.table, isUnread(generic, volumeUnit))),
  ];
}

/** Columns with names that people make up, and how they were read. */
function readByName(generic: GenericTable): Finding[] {
  const { table, weights, losses, size } = generic;
  const usual = columnRoles(table.columns);
  const known = new Set([usual.size, ...[...usual.weights, ...usual.losses].map(({ column }) => column)]);
  const named = (columns: readonly { readonly column: number }[]) =>
    columns.flatMap(({ column }) => (known.has(column) ? [] : [table.columns[column]]));
  const groups: [string, string[]][] = [
    ['model size', named(size === undefined ? [] : [{ column: size }])],
    ['shares', named(weights)],
    ['losses', named(losses.filter(({ unit }) => unit === undefined))],
    ...METRIC_UNITS.map((unit): [string, string[]] => [
      { accuracy: 'accuracies', error: 'error rates', bpb: 'bits per byte' }[unit],
      named(losses.filter(role => role.unit === unit)),
    ]),
  ];
  const items = groups.flatMap(([role, names]) => names.map(name => `column "${name}" of ${table.file}: ${role}`));
  if (items.length === 0) return [];
  const words = groups.flatMap(([role, names]) => {
    if (names.length === 0) return [];
    return [`${role} from ${names.slice(0, 8).join(', ')}${names.length > 8 ? ', ...' : ''}`];
  });
  return [
    {
      kind: 'note',
      code: 'columns-by-name',
      message: `read in ${table.file}: ${words.join('; ')}`,
      count: items.length,
      items,
    },
  ];
}

/** Columns whose rates are above 1 throughout: per cent, written without the sign. */
function ratesInPercent({ table, losses }: GenericTable): Finding[] {
  const names = losses.flatMap(({ column, inPercent }) => (inPercent === true ? [table.columns[column]] : []));
  if (names.length === 0) return [];
  const items = names.map(name => `column "${name}" of ${table.file}`);
  const message = `${names.length === 1 ? '1 column' : `${names.length} columns`} of ${table.file} read as per cent, since all values are above 1: ${names.slice(0, 8).join(', ')}${names.length > 8 ? ', ...' : ''}`;
  return [{ kind: 'repair', code: 'rates-in-percent', message, count: items.length, items }];
}

/** Of two rows that contradict each other: the columns not read in which they differ, and the command that reads them. */
export function explainContradiction(
  tables: readonly GenericTable[],
  volumeUnit: VolumeUnit,
): (one: Place, other: Place) => string {
  return (one, other) => {
    const first = rowAt(tables, one);
    const second = rowAt(tables, other);
    const general = 'Give rows of different runs different names, sizes, steps or tokens.';
    if (first === undefined || second === undefined || first.generic !== second.generic) return general;
    const { generic } = first;
    const { table, run } = generic;
    const unread = table.columns.filter(isUnread(generic, volumeUnit));
    const differing = unread.filter(
      name => name !== '' && text(table, first.row, name) !== text(table, second.row, name),
    );
    if (differing.length === 0) return `No column that is not read differs between them. ${general}`;
    const files = [...new Set(tables.map(({ table: { file } }) => quoted(file)))].join(' ');
    const [likely] = differing;
    const isSize = isSizeColumn(table, table.columns.indexOf(likely));
    const names = [...run.map(column => table.columns[column]), likely].join(',');
    const isStep = /^(?:checkpoint|ckpt|iters?|iterations?|updates?)$/i.test(likely);
    const option = isStep ? `step=${likely}` : isSize ? `size=${likely}` : `run=${names}`;
    return `Columns not read that differ between them: ${differing.join(', ')}. Read what tells the runs apart: bimix import ${files} --column ${quoted(option)} -o runs.jsonl.`;
  };
}

function text(table: DataTable, row: number, name: string): string {
  return String(table.cell(row, table.columns.indexOf(name)) ?? '').trim();
}

function rowAt(tables: readonly GenericTable[], place: Place): { generic: GenericTable; row: number } | undefined {
  for (const generic of tables) {
    if (generic.table.file !== place.file) continue;
    for (let row = 0; row < generic.table.rowCount; row++) {
      if (generic.table.place(row).line === place.line) return { generic, row };
    }
  }
  return undefined;
}
