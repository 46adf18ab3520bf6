/** Model sizes in tables: `60M`, `1.5e8`, `OLMo-60M`, `pythia-1.4b-deduped`. */

import { BimixError } from '../errors/index.ts';
import { type DataTable, isMissing, numberAt } from '../files/index.ts';
import { parseQuantity } from '../mixture/index.ts';

/** A size within a model's name. */
const IN_NAME = /(?<![\d.,a-z])(\d+(?:[.,]\d+)?)\s*([kmbt])(?![a-z\d])/gi;

/** Parameters that a cell says, NaN where it is missing, undefined where it says none. */
function sizeOf(table: DataTable, row: number, column: number): number | undefined {
  const cell = table.cell(row, column);
  if (isMissing(cell)) return Number.NaN;
  if (typeof cell === 'string') {
    const [found, other] = [...cell.matchAll(IN_NAME)];
    if (found !== undefined && other === undefined) return parseQuantity(found[1].replace(',', '.') + found[2]);
  }
  try {
    return numberAt(table, row, column);
  } catch (cause) {
    if (cause instanceof BimixError) return undefined;
    throw cause;
  }
}

/** Whether all cells of a column are model sizes or missing, and at least one is there. */
export function isSizeColumn(table: DataTable, column: number): boolean {
  const sizes = Array.from({ length: table.rowCount }, (_, row) => sizeOf(table, row, column));
  return sizes.some(size => (size ?? 0) >= 1000) && sizes.every(size => size !== undefined && !(size < 1000));
}

/**
 * The model size of a row in parameters, undefined where it is missing.
 *
 * @throws BimixError `invalid-size` where the cell is no size
 */
export function sizeAt(table: DataTable, row: number, column: number | undefined): number | undefined {
  if (column === undefined) return undefined;
  const size = sizeOf(table, row, column);
  if (size !== undefined) return Number.isNaN(size) ? undefined : size;
  const name = table.columns[column];
  throw new BimixError('invalid-size', `invalid model size "${String(table.cell(row, column))}" in column "${name}"`, {
    hint: `Write it as 60M, 1.5e8 or OLMo-60M. If the column names a variant of the run, add it to the name: --column 'run=run,${name}'.`,
    where: table.place(row, column),
  });
}
