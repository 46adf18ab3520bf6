/** How far training was at each row of a history: trainers log tokens and losses in rows of their own. */

import type { DataTable } from '../files/index.ts';
import { countAt } from './generic-tables.ts';

/** Tokens this near a line are on it: logged as floats. */
const ON_LINE = 1e-6;

export interface HistoryVolume {
  /** Name of the column. */
  readonly column: string;
  /** How rows without a value of their own got one: not at all, by the tokens of a step, from the row before. */
  readonly by: 'itself' | 'steps' | 'row-before';
  /** At a row with losses; undefined where the named column has none. */
  at(row: number): number | undefined;
}

/**
 * Tokens at each row, from a column that may be logged in other rows: by the step where tokens grow evenly with it, else those of
 * the last row before in the same run. Undefined where a row has none by either.
 *
 * @param measured rows with losses
 * @param step column with the optimizer's step, which every row with losses has
 * @param runOf which rows belong together
 */
export function tokensOfRows(
  table: DataTable,
  column: number,
  measured: readonly number[],
  step: number | undefined,
  runOf: (row: number) => string,
): HistoryVolume | undefined {
  const name = table.columns[column];
  const tokens = Array.from({ length: table.rowCount }, (_, row) => countAt(table, row, column));
  if (measured.every(row => tokens[row] !== undefined)) {
    return { column: name, by: 'itself', at: row => tokens[row] as number };
  }
  const before = new Map<string, number>();
  const filled = new Map<number, number>();
  const wanted = new Set(measured);
  const lines = step === undefined ? undefined : linesOfRuns(table, tokens, step, runOf);
  tokens.forEach((value, row) => {
    const run = runOf(row);
    if (value !== undefined) before.set(run, value);
    if (!wanted.has(row)) return;
    const onLine = lines?.get(run)?.(countAt(table, row, step) as number);
    const known = value ?? onLine ?? before.get(run);
    if (known !== undefined) filled.set(row, known);
  });
  if (filled.size < measured.length) return undefined;
  const isOnLine = lines !== undefined && measured.every(row => lines.has(runOf(row)));
  return { column: name, by: isOnLine ? 'steps' : 'row-before', at: row => filled.get(row) as number };
}

/** Tokens by the step of each run whose tokens grow evenly with its steps. */
function linesOfRuns(
  table: DataTable,
  tokens: readonly (number | undefined)[],
  step: number,
  runOf: (row: number) => string,
): Map<string, (step: number) => number> {
  const points = new Map<string, [step: number, tokens: number][]>();
  tokens.forEach((value, row) => {
    const at = countAt(table, row, step);
    if (value === undefined || at === undefined) return;
    const run = runOf(row);
    const ofRun = points.get(run) ?? [];
    ofRun.push([at, value]);
    points.set(run, ofRun);
  });
  return new Map(
    [...points].flatMap(([run, ofRun]): [string, (step: number) => number][] => {
      const tokensAt = evenTokens(ofRun);
      return tokensAt === undefined ? [] : [[run, tokensAt]];
    }),
  );
}

/** Tokens by the step, where they grow evenly with it; undefined where they do not, or one point says nothing. */
export function evenTokens(
  points: readonly (readonly [step: number, tokens: number])[],
): ((step: number) => number) | undefined {
  if (points.length < 2) return undefined;
  const [first, last] = [points[0], points[points.length - 1]];
  const rate = (last[1] - first[1]) / (last[0] - first[0]);
  if (!(rate > 0) || !Number.isFinite(rate)) return undefined;
  const tokensAt = (step: number): number => Math.round(first[1] + rate * (step - first[0]));
  const isEven = points.every(([step, tokens]) => Math.abs(tokensAt(step) - tokens) <= 1 + ON_LINE * tokens);
  return isEven && tokensAt(0) >= 0 ? tokensAt : undefined;
}
