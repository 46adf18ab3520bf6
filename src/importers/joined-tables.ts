/** Mixtures in one table and losses in another, one row a run in each, joined by the run's name. */

import { BimixError, describePlace } from '../errors/index.ts';
import { type DataTable, numberAt } from '../files/index.ts';
import { counted, type DraftRow, type Finding, findingOf } from '../observations/index.ts';

/** One of the two tables, and how to read it. */
export interface RunColumns {
  readonly table: DataTable;
  /** Index of the column with the run. */
  readonly run: number;
  /** Name of the run in a row. */
  nameAt(row: number): string;
  /** The columns with shares or losses. */
  readonly domains: readonly { readonly domain: string; readonly column: number }[];
}

/**
 * The rows of `losses`, each with its run's mixture. Runs that only one table has are dropped and reported.
 *
 * @throws BimixError `ambiguous-run` when a run has two mixtures, `missing-runs` when the tables have no run in common
 */
export function joinTables(mixtures: RunColumns, losses: RunColumns): { rows: DraftRow[]; findings: Finding[] } {
  const mixtureRow = rowsByRun(mixtures);
  const rows: DraftRow[] = [];
  const dropped: string[] = [];
  const measured = new Set<string>();
  for (let row = 0; row < losses.table.rowCount; row++) {
    const run = losses.nameAt(row);
    const values = losses.domains.map(({ column }) => numberAt(losses.table, row, column));
    const own = mixtureRow.get(run);
    if (own === undefined) {
      dropped.push(`run "${run}" has losses (${lineOf(losses, row)}) and no mixture`);
      continue;
    }
    measured.add(run);
    rows.push({
      run,
      mixture: mixtures.domains.map(({ column }) => numberAt(mixtures.table, own, column)),
      losses: values,
      where: losses.table.place(row),
      mixtureWhere: mixtures.table.place(own),
    });
  }
  for (const [run, row] of mixtureRow) {
    if (!measured.has(run)) dropped.push(`run "${run}" has a mixture (${lineOf(mixtures, row)}) and no losses`);
  }
  if (rows.length === 0) {
    const message = `missing runs: no run of ${mixtures.table.file} is in ${losses.table.file}`;
    throw new BimixError('missing-runs', message, {
      hint: `They are joined by columns "${columnName(mixtures)}" and "${columnName(losses)}"; is it a pair of one sweep?`,
      where: losses.table.place(0, losses.run),
    });
  }
  const findings = findingOf(
    'repair',
    'unmatched-runs',
    dropped,
    count => `${counted(count, 'run')} dropped: only one of the two files has them`,
  );
  return { rows, findings };
}

function rowsByRun(mixtures: RunColumns): Map<string, number> {
  const rows = new Map<string, number>();
  for (let row = 0; row < mixtures.table.rowCount; row++) {
    const run = mixtures.nameAt(row);
    const first = rows.get(run);
    if (first !== undefined) {
      throw new BimixError(
        'ambiguous-run',
        `ambiguous run "${run}": it also has a mixture at ${lineOf(mixtures, first)}`,
        {
          where: mixtures.table.place(row, mixtures.run),
        },
      );
    }
    rows.set(run, row);
  }
  return rows;
}

function columnName(side: RunColumns): string {
  return side.table.columns[side.run];
}

function lineOf(side: RunColumns, row: number): string {
  return describePlace(side.table.place(row));
}
