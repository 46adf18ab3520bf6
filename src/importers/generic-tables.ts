/** The tables of a generic import with the roles of their columns, and what their cells hold. */

import { BimixError } from '../errors/index.ts';
import { type DataTable, type InputFile, numberAt, readDataTable } from '../files/index.ts';
import { parseQuantity } from '../mixture/index.ts';
import type { VolumeUnit } from '../observations/index.ts';
import { bareShares } from './bare-shares.ts';
import type { ColumnMap } from './column-map.ts';
import { type ColumnRoles, columnRoles, isModelName, type MeasuredColumn, requireColumns } from './column-roles.ts';
import type { ImportOptions } from './importer.ts';
import { apartMixtures, mixturesTable } from './mixture-per-run.ts';
import { isSizeColumn, sizeAt } from './model-size.ts';
import { runPartAt } from './run-ids.ts';
import { unknownTables } from './unknown-table.ts';

/** One table and the roles of its columns. */
export interface GenericTable extends ColumnRoles {
  readonly table: DataTable;
}

/**
 * All tables of an import, read; files that hold the mixture of one run are one table together.
 *
 * @throws BimixError when one is damaged, the map names a column none has, or a table holds neither shares nor losses
 */
export async function readGenericTables(
  files: readonly InputFile[],
  { columns: map = {}, lossUnit }: ImportOptions,
): Promise<GenericTable[]> {
  const { tables: tableFiles, mixtures } = await apartMixtures(files);
  const tables = await Promise.all(tableFiles.map(readDataTable));
  if (mixtures.length > 0) tables.push(mixturesTable(mixtures));
  requireColumns(
    map,
    tables.map(({ columns }) => columns),
  );
  const options = { isTable: true, ...(lossUnit === undefined ? {} : { lossUnit }) };
  return tables.map(table => {
    const roles = checkedRoles(table, columnRoles(table.columns, map, options), map);
    if (roles.weights.length > 0 || roles.losses.length > 0 || roles.long !== undefined) return { table, ...roles };
    const weights = map.weights === undefined ? bareShares(table, roles) : [];
    if (weights.length > 0) return { table, ...roles, weights };
    throw unknownTables(tables, map);
  });
}

/** Without the roles that the cells do not bear out: models that are no sizes, accuracies that are none. */
function checkedRoles(table: DataTable, roles: ColumnRoles, map: ColumnMap): ColumnRoles {
  const { size, losses, ...rest } = roles;
  const isSize = size === undefined || map.size !== undefined || !isModelName(table.columns[size]);
  const isMetric = ({ unit }: MeasuredColumn) => unit !== undefined && map[unit] === undefined && unit !== 'bpb';
  return {
    ...rest,
    losses: losses.flatMap((role): MeasuredColumn[] => {
      const scale = isMetric(role) ? scaleOfRates(table, role.column) : 'fraction';
      return scale === null ? [] : [scale === 'percent' ? { ...role, inPercent: true } : role];
    }),
    ...(size === undefined || (!isSize && !isSizeColumn(table, size)) ? {} : { size }),
  };
}

/** Whether the numbers of a column are from 0 to 1, or above 1 up to 100; null where they are neither, and so no rates. */
function scaleOfRates(table: DataTable, column: number): 'fraction' | 'percent' | null {
  let isFraction = true;
  let isPercent = true;
  for (let row = 0; row < table.rowCount; row++) {
    const value = numberAt(table, row, column);
    if (value < 0 || value > 1) isFraction = false;
    if (value < 0 || value > 100 || (value > 0 && value <= 1)) isPercent = false;
  }
  return isFraction ? 'fraction' : isPercent ? 'percent' : null;
}

/** The columns of a table that have no role; steps are not read where tokens count, nor tokens where steps do. */
export function isUnread(generic: GenericTable, unit: VolumeUnit): (column: string) => boolean {
  const { table, run, step, tokens, size, seed, replicate, weights, losses, long } = generic;
  const volume = unit === 'tokens' ? tokens : unit === 'steps' ? step : undefined;
  const read = new Set([volume, size, seed, replicate, long?.domain, long?.loss, ...run]);
  for (const { column } of [...weights, ...losses]) read.add(column);
  return column => !read.has(table.columns.indexOf(column));
}

/** What the volume of the runs counts: as the map says, else tokens before steps. */
export function volumeUnitOf(tables: readonly GenericTable[], map: ColumnMap): VolumeUnit {
  const hasTokens = tables.some(({ tokens }) => tokens !== undefined);
  const hasSteps = tables.some(({ step }) => step !== undefined);
  const unit = map.volume ?? (hasTokens ? 'tokens' : hasSteps ? 'steps' : 'none');
  if ((unit === 'tokens' && !hasTokens) || (unit === 'steps' && !hasSteps)) {
    const key = unit === 'tokens' ? 'tokens' : 'step';
    throw new BimixError('missing-column', `missing column with ${unit}`, {
      hint: `Name it as "${key}" in the column map.`,
    });
  }
  return unit;
}

/** The run's name in a row, or undefined when the table has no column for it. */
export function runNameAt({ table, run }: Pick<GenericTable, 'table' | 'run'>, row: number): string | undefined {
  return run.length === 0 ? undefined : run.map(column => runPartAt(table, row, column)).join('-');
}

/** A count, as a number or written like `122M`; undefined where it is missing or the table has no such column. */
export function countAt(table: DataTable, row: number, column: number | undefined): number | undefined {
  if (column === undefined) return undefined;
  const cell = table.cell(row, column);
  if (typeof cell === 'string' && /\d\s*[kmbgt]\s*$/i.test(cell)) {
    try {
      return parseQuantity(cell, table.columns[column]);
    } catch (cause) {
      if (!(cause instanceof BimixError)) throw cause;
      throw new BimixError(cause.code, cause.message, { hint: cause.hint, where: table.place(row, column) });
    }
  }
  const value = numberAt(table, row, column);
  return Number.isNaN(value) ? undefined : value;
}

/** Size, seed and replicate of a row, where the table has them. */
export function runFactsAt(
  { table, size, seed, replicate }: GenericTable,
  row: number,
): { size?: number; seed?: number; replicate?: string } {
  const facts: { size?: number; seed?: number; replicate?: string } = {};
  const parameters = sizeAt(table, row, size);
  if (parameters !== undefined) facts.size = parameters;
  const seedNumber = countAt(table, row, seed);
  if (seedNumber !== undefined) facts.seed = seedNumber;
  if (replicate !== undefined) facts.replicate = runPartAt(table, row, replicate);
  return facts;
}
