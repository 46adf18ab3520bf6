/** Mixtures found for rows of losses: in the same row, or in another table by run. */

import { BimixError, describePlace, type Place } from '../errors/index.ts';
import { numberAt } from '../files/index.ts';
import { countAt, type GenericTable, runNameAt } from './generic-tables.ts';

/** How far the shares of two rows of one run may differ: six decimals, as files round them. */
const SAME_SHARE = 1e-6;

/** Where a mixture stands. */
export interface MixtureRow {
  readonly table: GenericTable;
  readonly row: number;
  readonly shares: Float64Array;
}

/** Mixtures from the rows of the losses themselves. */
export function ownMixtures(source: GenericTable, domains: readonly string[]): (row: number) => MixtureRow {
  const columns = shareColumns(source, domains);
  // One array for rows that follow each other with the same shares, as the checkpoints of a run do.
  let last: Float64Array | undefined;
  return row => {
    const shares = sharesAt(source, row, columns);
    if (last === undefined || shares.some((share, j) => !Object.is(share, last?.[j]))) last = shares;
    return { table: source, row, shares: last };
  };
}

/**
 * Joins a table of losses with tables of mixtures by run, and by size and step as far as both have them.
 *
 * @throws BimixError `missing-column` when one has no run, `ambiguous-mixture` when a run has two, `missing-runs` when
 * nothing matches
 */
export function joinMixtures(
  source: GenericTable,
  mixtureTables: readonly GenericTable[],
  domains: readonly string[],
): (row: number) => MixtureRow | undefined {
  const indexes = mixtureTables.map(table => indexMixtures(table, source, domains));
  if (!indexes.some(index => hasMatch(source, index))) throw unjoined(source, mixtureTables);
  return row => {
    for (const { keyOf, mixtures } of indexes) {
      const mixture = mixtures.get(keyOf(source, row));
      if (mixture !== undefined) return mixture;
    }
    return undefined;
  };
}

interface MixtureIndex {
  keyOf(table: GenericTable, row: number): string;
  readonly mixtures: ReadonlyMap<string, MixtureRow>;
}

/** The mixtures of one table by the key it shares with the table of losses. */
function indexMixtures(table: GenericTable, source: GenericTable, domains: readonly string[]): MixtureIndex {
  for (const { table: data, run } of [table, source]) {
    if (run.length > 0) continue;
    throw new BimixError('missing-column', `missing column with the run in ${data.file}: the files are joined by it`, {
      hint: 'Name it as "run" in the column map.',
      where: { file: data.file, line: 1 },
    });
  }
  const bySize = table.size !== undefined && source.size !== undefined;
  const byStep = table.step !== undefined && source.step !== undefined;
  const keyOf = (side: GenericTable, row: number): string => {
    const size = bySize ? countAt(side.table, row, side.size) : undefined;
    const step = byStep ? countAt(side.table, row, side.step) : undefined;
    return `${size ?? ''}|${step ?? ''}|${runNameAt(side, row)}`;
  };
  const columns = shareColumns(table, domains);
  const mixtures = new Map<string, MixtureRow>();
  for (let row = 0; row < table.table.rowCount; row++) {
    const key = keyOf(table, row);
    const shares = sharesAt(table, row, columns);
    const other = mixtures.get(key);
    if (other === undefined) mixtures.set(key, { table, row, shares });
    else requireSameShares(shares, table.table.place(row), other.shares, table.table.place(other.row), domains);
  }
  return { keyOf, mixtures };
}

/**
 * Refuses a second mixture for one run.
 *
 * @throws BimixError `ambiguous-mixture`
 */
export function requireSameShares(
  shares: ArrayLike<number>,
  where: Place,
  others: ArrayLike<number>,
  otherPlace: Place,
  domains: readonly string[],
): void {
  if (shares === others) return;
  const j = domains.findIndex((_, index) => {
    const [share, other] = [shares[index], others[index]];
    return !Object.is(share, other) && !(Math.abs(share - other) <= SAME_SHARE);
  });
  if (j < 0) return;
  const message = `ambiguous mixture: the share of "${domains[j]}" is ${shares[j]} here and ${others[j]} at ${describePlace(otherPlace)}`;
  throw new BimixError('ambiguous-mixture', message, {
    hint: 'A run keeps one mixture. Give runs of different mixtures different names.',
    where,
  });
}

function hasMatch(source: GenericTable, { keyOf, mixtures }: MixtureIndex): boolean {
  for (let row = 0; row < source.table.rowCount; row++) if (mixtures.has(keyOf(source, row))) return true;
  return false;
}

function shareColumns({ weights }: GenericTable, domains: readonly string[]): number[] {
  const columnOf = new Map(weights.map(({ domain, column }) => [domain, column]));
  return domains.map(domain => columnOf.get(domain) as number);
}

function sharesAt({ table }: GenericTable, row: number, columns: readonly number[]): Float64Array {
  return Float64Array.from(columns, column => numberAt(table, row, column));
}

/** Run, step and line of a row, for findings and errors. */
export function rowLabel(generic: GenericTable, row: number): string {
  const step = countAt(generic.table, row, generic.step);
  const line = generic.table.place(row).line;
  const at = step === undefined ? '' : ` at step ${step}`;
  return `run ${runNameAt(generic, row)}${at}${line === undefined ? '' : ` (line ${line})`}`;
}

function unjoined(source: GenericTable, mixtureTables: readonly GenericTable[]): BimixError {
  const others = mixtureTables.map(({ table }) => table.file).join(', ');
  return new BimixError('missing-runs', `missing runs: no row of ${source.table.file} has a mixture in ${others}`, {
    hint: `Rows are joined by run, and by size and step where both have them; the first here is ${rowLabel(source, 0)}, there ${rowLabel(mixtureTables[0], 0)}.`,
    where: source.table.place(0),
  });
}
