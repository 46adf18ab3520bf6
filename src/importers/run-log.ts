/**
 * The log of one run under way: JSON lines, CSV or a `runs.jsonl`, columns recognized as in wide and long tables. Unlike an import
 * it keeps losses that are NaN or infinite, which mean that a run is breaking.
 */

import { BimixError, didYouMean } from '../errors/index.ts';
import {
  type DataTable,
  type InputFile,
  inputFile,
  numberAt,
  readDataTable,
  splitLines,
  textAt,
} from '../files/index.ts';
import { formatQuantity, SUM_TOLERANCE } from '../mixture/index.ts';
import { type DraftRow, parseRuns, sameSize } from '../observations/index.ts';
import { bimixRuns } from './bimix-runs.ts';
import type { ColumnMap } from './column-map.ts';
import { columnRoles, requireColumns } from './column-roles.ts';
import { countAt, type GenericTable, runNameAt } from './generic-tables.ts';

/** One checkpoint as it was logged. */
export interface LogEntry {
  readonly tokens?: number;
  readonly steps?: number;
  /** By name in the log: nats per token. Left out where it was not measured; NaN or infinite where it broke. */
  readonly losses: Readonly<Record<string, number>>;
}

export interface RunLog {
  /** In file order; a checkpoint may be spread over several. */
  readonly entries: readonly LogEntry[];
  /** Shares of tokens by training domain: in a `runs.jsonl`, or in columns that the column map names as weights. */
  readonly mixture?: Readonly<Record<string, number>>;
  /** What columns would say that look like shares of tokens and that no column map names. */
  readonly unnamedMixture?: UnnamedMixture;
  readonly tokensPerStep?: number;
}

interface UnnamedMixture {
  /** Shares that sum to 1, by what the columns name. */
  readonly shares: Readonly<Record<string, number>>;
  /** The column map that would read them, for example `weight_*`. */
  readonly pattern: string;
}

export interface RunLogOptions {
  readonly columns?: ColumnMap;
  /** Name of the run, where the log holds several. */
  readonly run?: string;
  /** Model size in parameters of the run, where the log holds runs of one name at several. */
  readonly size?: number;
}

/**
 * Reads what is there so far: a log without losses yet has no entries.
 *
 * @throws BimixError `ambiguous-run` when the log holds several runs and none is named, or one at several model sizes none of
 * which is that asked for; `unknown-run`, `missing-column` when
 * the column map names one that is not there, and as the readers of tables on a damaged file
 */
export async function readRunLog(file: InputFile, options: RunLogOptions = {}): Promise<RunLog> {
  if (bimixRuns.detect([file])) return readRuns(file, options);
  const text = file.text();
  const isJson = /^\s*\{/.test(text);
  // A table of a header only has no rows to read yet.
  if (!/\S[^\r\n]*[\r\n]+\s*\S/.test(text) && !(isJson && text.trim() !== '')) return { entries: [] };
  const table = await readDataTable(isJson ? keepNaN(file.path, text) : file);
  const map = options.columns ?? {};
  requireColumns(map, [table.columns]);
  const generic: GenericTable = { table, ...columnRoles(table.columns, map) };
  const all = Array.from({ length: table.rowCount }, (_, row) => row);
  const identityOf = (row: number): RunIdentity => ({
    run: runAt(generic, row),
    size: countAt(table, row, generic.size),
  });
  const rows = rowsOfRun(all, identityOf, options, file.path);
  const entries = rows.flatMap(row => entryAt(generic, row));
  const shared = rows.find(row => hasShares(generic, row));
  if (shared === undefined) return { entries };
  if (map.weights !== undefined) return { entries, mixture: sharesAt(generic, shared) };
  // Never guessed: metrics of training go by names like those of shares.
  const unnamed = unnamedMixture(generic, shared);
  return { entries, ...(unnamed === undefined ? {} : { unnamedMixture: unnamed }) };
}

function readRuns(file: InputFile, options: RunLogOptions): RunLog {
  const lines = splitLines(keepNaN(file.path, file.text()).text(), file.path);
  if (lines.filter(line => line.trim() !== '').length < 2) return { entries: [] };
  const draft = parseRuns(lines, file.path);
  const rows = rowsOfRun(draft.rows, ({ run, size }: DraftRow) => ({ run, size }), options, file.path);
  const { trainingDomains, evaluationDomains, volumeUnit, tokensPerStep } = draft;
  const named = (names: readonly string[], values: ArrayLike<number>): Record<string, number> =>
    Object.fromEntries(names.flatMap((name, i) => (Number.isNaN(values[i]) ? [] : [[name, values[i]]])));
  return {
    entries: rows.map(({ volume, losses }) => ({
      ...(volume === undefined || volumeUnit === 'none' ? {} : { [volumeUnit]: volume }),
      losses: named(evaluationDomains, losses),
    })),
    mixture: named(trainingDomains, rows[0].mixture),
    ...(tokensPerStep === undefined ? {} : { tokensPerStep }),
  };
}

/** Bare NaN, which otherwise reads as a loss that was not measured, as an infinite number. */
function keepNaN(path: string, text: string): InputFile {
  const kept = text.replace(/"(?:[^"\\\r\n]|\\.)*"|-?\bNaN\b/g, token => (token.startsWith('"') ? token : '1e999'));
  return inputFile(path, Buffer.from(kept));
}

/** A run is a name and a model size. */
interface RunIdentity {
  readonly run: string | undefined;
  readonly size: number | undefined;
}

/** The rows of the run asked for, or of the only one. */
function rowsOfRun<T>(
  rows: readonly T[],
  identityOf: (row: T) => RunIdentity,
  { run, size }: RunLogOptions,
  file: string,
): readonly T[] {
  const names = new Set(rows.flatMap(row => identityOf(row).run ?? []));
  if (run !== undefined && names.size > 0 && !names.has(run)) {
    throw new BimixError('unknown-run', `unknown run "${run}" in ${file}`, {
      hint: didYouMean(run, names),
      where: { file },
    });
  }
  if (run === undefined && names.size > 1) {
    const [first, second] = names;
    const message = `ambiguous run: ${file} has ${names.size} runs, among them "${first}" and "${second}"`;
    throw new BimixError('ambiguous-run', message, { hint: `Pass --run ${first}.`, where: { file } });
  }
  const named = run === undefined || names.size === 0 ? rows : rows.filter(row => identityOf(row).run === run);
  const sizes = [...new Set(named.flatMap(row => identityOf(row).size ?? []))];
  if (sizes.length < 2) return named;
  const sized = named.filter(row => size !== undefined && sameSize(identityOf(row).size ?? 0, size));
  if (sized.length > 0) return sized;
  const message = `ambiguous run: ${file} has it at ${sizes.map(formatQuantity).join(', ')} parameters`;
  throw new BimixError('ambiguous-run', message, {
    hint: 'Watch it with a law fitted at one of these sizes.',
    where: { file },
  });
}

/** The run of a row; undefined where the table names none or leaves the cell empty. */
function runAt(generic: GenericTable, row: number): string | undefined {
  const { table, run } = generic;
  return run.some(column => isEmpty(table.cell(row, column))) ? undefined : runNameAt(generic, row);
}

function entryAt({ table, tokens, step, losses, long }: GenericTable, row: number): LogEntry[] {
  const measured: [string, number][] =
    long === undefined
      ? losses.flatMap(({ domain, column }) => lossAt(table, row, column, domain))
      : isEmpty(table.cell(row, long.domain))
        ? []
        : lossAt(table, row, long.loss, textAt(table, row, long.domain));
  if (measured.length === 0) return [];
  const seen = { tokens: countAt(table, row, tokens), steps: countAt(table, row, step) };
  return [
    {
      ...(seen.tokens === undefined ? {} : { tokens: seen.tokens }),
      ...(seen.steps === undefined ? {} : { steps: seen.steps }),
      losses: Object.fromEntries(measured),
    },
  ];
}

/** One pair, or none where the loss was not measured. */
function lossAt(table: DataTable, row: number, column: number, domain: string): [string, number][] {
  const cell = table.cell(row, column);
  if (typeof cell === 'string' && /^\s*[+-]?nan\s*$/i.test(cell)) return [[domain, Number.NaN]];
  const loss = numberAt(table, row, column);
  return Number.isNaN(loss) && typeof cell !== 'number' ? [] : [[domain, loss]];
}

function hasShares({ table, weights }: GenericTable, row: number): boolean {
  return weights.length > 0 && weights.every(({ column }) => !isEmpty(table.cell(row, column)));
}

function sharesAt({ table, weights }: GenericTable, row: number): Record<string, number> {
  return Object.fromEntries(weights.map(({ domain, column }) => [domain, numberAt(table, row, column)]));
}

function unnamedMixture({ table, weights }: GenericTable, row: number): UnnamedMixture | undefined {
  const shares = weights.map(({ column }) => Number(table.cell(row, column)));
  const sum = shares.reduce((a, b) => a + b);
  if (!(shares.every(share => share >= 0) && Math.abs(sum - 1) <= SUM_TOLERANCE)) return undefined;
  const [{ domain, column }] = weights;
  const name = table.columns[column];
  return {
    shares: Object.fromEntries(weights.map((weight, j) => [weight.domain, shares[j]])),
    pattern: name.endsWith(domain) ? `${name.slice(0, -domain.length)}*` : `*${name.slice(domain.length)}`,
  };
}

function isEmpty(cell: unknown): boolean {
  return cell === undefined || cell === null || cell === '';
}
