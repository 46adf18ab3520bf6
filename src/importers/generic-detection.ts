/** Recognizing wide and long tables by the roles of their columns. */

import { columnsOf, type InputFile } from '../files/index.ts';
import { type ColumnRoles, columnRoles } from './column-roles.ts';
import type { Detection, ImportOptions } from './importer.ts';

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
  const headers = await Promise.all(files.map(columnsOf));
  const roles = headers.map(columns => (columns === undefined ? undefined : columnRoles(columns, options.columns)));
  const known = roles.filter(found => found !== undefined && hasValues(found)) as ColumnRoles[];
  if (known.length === 0 || known.length < files.length) return false;
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

/** Whether columns that could be a log's are those of a wide table with shares of its own, or of a long one. */
export function isGenericTable(columns: readonly string[]): boolean {
  return columns.some(name => SHARES.test(name)) || columnRoles(columns).long !== undefined;
}

function hasValues({ weights, losses, long }: ColumnRoles): boolean {
  return weights.length > 0 || losses.length > 0 || long !== undefined;
}
