/** Recognizing wide and long tables by the roles of their columns. */

import { BimixError } from '../errors/index.ts';
import { columnsOf, type InputFile, readDataTable } from '../files/index.ts';
import { bareShares } from './bare-shares.ts';
import { readColumnName } from './column-names.ts';
import { type ColumnRoles, columnRoles } from './column-roles.ts';
import type { Detection, ImportOptions } from './importer.ts';
import { apartMixtures, mixturesTable } from './mixture-per-run.ts';

/** Columns with shares, but for `train/...`, which are metrics of training. */
const SHARES = /^(?:weights?|mixture|mix|ratios?|proportions?|shares?|w)[_/.]|_(?:weight|proportion|ratio|share)$/i;

/**
 * Whether all files are tables with known roles, with shares and with losses of this shape among them.
 *
 * @param shape long when one of the tables has a row for each loss, else wide
 */
export async function detectGeneric(
  files: readonly InputFile[],
  options: ImportOptions,
  shape: 'wide' | 'long',
): Promise<Detection | false> {
  const { tables, mixtures } = await apartMixtures(files);
  const roles = await Promise.all(tables.map(file => rolesOf(file, options)));
  const known = roles.filter(found => found !== undefined && hasValues(found)) as ColumnRoles[];
  if (known.length === 0 || known.length < tables.length) return false;
  if (mixtures.length > 0) known.push(columnRoles(mixturesTable(mixtures).columns));
  const shares = known.flatMap(({ weights }) => weights.length);
  const losses = known.flatMap(found => found.losses.length);
  const isLong = known.some(({ long }) => long !== undefined);
  if (!shares.some(count => count > 0) || (shape === 'long') !== isLong) return false;
  if (!isLong && !losses.some(count => count > 0)) return false;
  const measured = isLong
    ? 'a column with the domain and one with its loss'
    : `losses of ${Math.max(...losses)} domains`;
  return { confidence: 'likely', reason: `shares of ${Math.max(...shares)} domains, ${measured}` };
}

async function rolesOf(file: InputFile, { columns: map, lossUnit }: ImportOptions): Promise<ColumnRoles | undefined> {
  const columns = await columnsOf(file);
  if (columns === undefined) return undefined;
  const roles = columnRoles(columns, map, { isTable: true, ...(lossUnit === undefined ? {} : { lossUnit }) });
  if (hasValues(roles) || map?.weights !== undefined || roles.run.length === 0 || columns.length < 3) return roles;
  try {
    return { ...roles, weights: bareShares(await readDataTable(file), roles) };
  } catch (cause) {
    if (cause instanceof BimixError) return roles;
    throw cause;
  }
}

/** Whether columns that could be a log's are those of a wide table with shares of its own, or of a long one. */
export function isGenericTable(columns: readonly string[]): boolean {
  if (columns.some(name => SHARES.test(name)) || columnRoles(columns).long !== undefined) return true;
  return columns.filter(name => readColumnName(name)?.kind === 'share').length > 1;
}

function hasValues({ weights, losses, long }: ColumnRoles): boolean {
  return weights.length > 0 || losses.length > 0 || long !== undefined;
}
