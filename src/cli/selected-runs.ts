/** The runs a command works on: read, selected by --where, and grouped by model size. */

import { readRunsFile } from '../importers/index.ts';
import { formatQuantity } from '../mixture/index.ts';
import { modelSizes, parseWhere, type RunTable, sameSize, selectRuns, selectWhere } from '../observations/index.ts';
import { countOf, listOf } from './number-text.ts';

/** Collects a repeatable option. */
export function collect(value: string, previous: string[]): string[] {
  return [...previous, value];
}

export const WHERE_HELP =
  "rows to use: 'size=122M', 'step>=6000', 'tokens<10B', 'run~RP_*', 'complete'; may be repeated, all must hold";

/** @param where conditions as given; all must hold */
export async function readSelectedRuns(path: string, where: readonly string[]): Promise<RunTable> {
  const clauses = where.flatMap(parseWhere);
  const { table } = await readRunsFile(path);
  return clauses.length === 0 ? table : selectWhere(table, clauses);
}

export interface SizedRuns {
  /** Model size in parameters; undefined where the table does not know it. */
  readonly size: number | undefined;
  /** `122M`, or '' when the size is not known. */
  readonly label: string;
  readonly table: RunTable;
}

/** One table for each model size, smallest first, for laws that do not know it. */
export function runsBySize(table: RunTable): SizedRuns[] {
  const sizes = modelSizes(table);
  const groups: SizedRuns[] = sizes.map(size => ({
    size,
    label: formatQuantity(size),
    table: selectRuns(table, run => sameSize(table.runs[run].size ?? 0, size)),
  }));
  if (table.runs.some(run => run.size === undefined)) {
    groups.push({ size: undefined, label: '', table: selectRuns(table, run => table.runs[run].size === undefined) });
  }
  return groups;
}

/** One table of all sizes where they are fitted together, with their list for a label; else as `runsBySize`. */
export function runsOfFit(table: RunTable, together: boolean): SizedRuns[] {
  if (!together) return runsBySize(table);
  const sizes = modelSizes(table);
  return [{ size: sizes.length === 1 ? sizes[0] : undefined, label: listOf(sizes.map(formatQuantity)), table }];
}

/** `60 runs, 594 checkpoints up to 20B tokens`: which runs a figure was measured on. */
export function describeRuns(table: RunTable, label: string): string {
  const largest = table.rowVolume.reduce((a, b) => Math.max(a, b), 0);
  const reach = table.volumeUnit === 'none' ? '' : ` up to ${formatQuantity(largest)} ${table.volumeUnit}`;
  const size = label === '' ? '' : ` of ${label} parameters`;
  return `${countOf(table.runs.length, 'run')}${size}, ${countOf(table.rowRun.length, 'checkpoint')}${reach}`;
}
