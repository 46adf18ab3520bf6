/** Shares in columns called like the domains themselves, recognized by rows that sum to 1 or to 100. */

import { BimixError } from '../errors/index.ts';
import { type DataTable, numberAt } from '../files/index.ts';
import type { ColumnRoles, DomainColumn } from './column-roles.ts';

/** How far a row may be from 1. */
const TOLERANCE = 0.02;

/** Beside the shares, as pandas and people write them. */
const BESIDE = /^(?:name|index|id|notes?|comment|Unnamed.*|)$/i;

/** The columns of a table without other roles, where there are two and each row of them is a whole. */
export function bareShares(table: DataTable, roles: ColumnRoles): DomainColumn[] {
  const { run, step, tokens, size, seed, replicate, weights, losses, long } = roles;
  const taken = new Set([...run, step, tokens, size, seed, replicate, long?.domain, long?.loss]);
  for (const { column } of [...weights, ...losses]) taken.add(column);
  const columns = table.columns.flatMap((domain, column) => {
    return taken.has(column) || BESIDE.test(domain) || !isNumeric(table, column) ? [] : [{ domain, column }];
  });
  return columns.length >= 2 && rowsAreWhole(table, columns) ? columns : [];
}

/** Whether all cells of a column are numbers or missing. */
export function isNumeric(table: DataTable, column: number): boolean {
  try {
    for (let row = 0; row < table.rowCount; row++) numberAt(table, row, column);
    return true;
  } catch (cause) {
    if (cause instanceof BimixError) return false;
    throw cause;
  }
}

/** Whether each row of these columns sums to 1, or to 100; empty cells count 0. */
export function rowsAreWhole(table: DataTable, columns: readonly DomainColumn[]): boolean {
  for (let row = 0; row < table.rowCount; row++) {
    let sum = 0;
    for (const { column } of columns) {
      const share = numberAt(table, row, column);
      if (share < 0) return false;
      sum += Number.isNaN(share) ? 0 : share;
    }
    if (Math.abs(sum - 1) > TOLERANCE && Math.abs(sum - 100) > 100 * TOLERANCE) return false;
  }
  return table.rowCount > 0;
}
