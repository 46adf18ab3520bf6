/**
 * The olmix pair: `ratios.csv` (a run and its domains) and `metrics.csv` (a run and its metrics), joined by `run` or
 * `run_id`, as allenai/olmix reads them (`olmix/fit/loaders.py`). Columns `name`, `index` and `Unnamed: 0` are skipped.
 *
 * One row a run: no volume. Ratios are shares of tokens. The files do not say what a metric counts: bits per byte, which olmix
 * itself fits, unless the user says otherwise.
 */

import { BimixError } from '../errors/index.ts';
import { columnsOf, type DataTable, type InputFile, readDataTable } from '../files/index.ts';
import { counted, type Finding, findingOf } from '../observations/index.ts';
import { ignoredColumns } from './ignored-columns.ts';
import type { Importer, ImportOptions } from './importer.ts';
import { joinTables, type RunColumns } from './joined-tables.ts';
import { floatRunIds, runPartAt } from './run-ids.ts';

const RUN_COLUMNS = ['run', 'run_id'];
/** Beside the runs; pandas calls an index column `Unnamed: 0`, or leaves it without a name. */
const SKIPPED = /^(?:name|index|Unnamed.*|)$/;
const HINT = 'Pass two files whose names hold "ratios" and "metrics", in either order.';

export const olmix: Importer = {
  name: 'olmix',
  description: 'a pair of tables, ratios.csv and metrics.csv, with a column run or run_id',

  async detect(files, { columns: map } = {}) {
    const pair = pairOf(files);
    if (files.length !== 2 || pair === undefined || map !== undefined) return false;
    const headers = await Promise.all(pair.map(columnsOf));
    const fits = headers.every(columns => columns?.some(column => RUN_COLUMNS.includes(column)));
    return fits && { confidence: 'certain', reason: 'tables named ratios and metrics with a column run or run_id' };
  },

  async read(files, options) {
    const pair = pairOf(files);
    if (files.length !== 2 || pair === undefined) {
      throw new BimixError('invalid-pair', 'invalid pair: expected one table of ratios and one of metrics', {
        hint: HINT,
        where: { file: files[0].path },
      });
    }
    const tables = await Promise.all(pair.map(readDataTable));
    const key = RUN_COLUMNS.find(name => tables.every(({ columns }) => columns.includes(name)));
    const [ratios, metrics] = tables.map(table => sideOf(table, key));
    const { rows, findings } = joinTables(ratios, metrics);
    return {
      format: 'olmix',
      trainingDomains: ratios.domains.map(({ domain }) => domain),
      evaluationDomains: metrics.domains.map(({ domain }) => domain),
      volumeUnit: 'none',
      lossUnit: 'bpb',
      mapping: ownDomains(metrics, ratios),
      onContradiction: 'stop',
      rows,
      findings: [
        ...findings,
        ...ignoredColumns(ratios.table, isSkipped),
        ...ignoredColumns(metrics.table, isSkipped),
        ...floatRunIds([ratios, metrics].map(({ table, run }) => ({ table, run: [run] }))),
        ...assumedUnit(metrics, options),
      ],
    };
  },
};

/** Ratios first, by the names of the files. */
function pairOf(files: readonly InputFile[]): [InputFile, InputFile] | undefined {
  const ratios = files.find(({ name }) => /ratios/i.test(name));
  const metrics = files.find(({ name }) => /metrics/i.test(name));
  return ratios === undefined || metrics === undefined || ratios === metrics ? undefined : [ratios, metrics];
}

/** @param key the column both tables have, if there is one; else each is joined by its own */
function sideOf(table: DataTable, key: string | undefined): RunColumns {
  const run = table.columns.findIndex(column => (key === undefined ? RUN_COLUMNS.includes(column) : column === key));
  if (run < 0) {
    throw new BimixError('missing-column', 'missing column "run" or "run_id"', {
      where: { file: table.file, line: 1 },
    });
  }
  return {
    table,
    run,
    nameAt: row => runPartAt(table, row, run),
    domains: table.columns.flatMap((domain, column) => {
      return isSkipped(domain) || RUN_COLUMNS.includes(domain) ? [] : [{ domain, column }];
    }),
  };
}

function isSkipped(column: string): boolean {
  return SKIPPED.test(column);
}

/** `arxiv_bpb` is measured on `arxiv`, where that is a training domain. */
function ownDomains(metrics: RunColumns, ratios: RunColumns): Record<string, string> {
  const training = new Set(ratios.domains.map(({ domain }) => domain));
  return Object.fromEntries(
    metrics.domains.flatMap(({ domain }) => {
      const bare = domain.replace(/[_/.:-](?:bpb|bits_per_byte)$/i, '');
      return bare !== domain && training.has(bare) ? [[domain, bare]] : [];
    }),
  );
}

function assumedUnit({ domains }: RunColumns, { lossUnit }: ImportOptions): Finding[] {
  const metrics = lossUnit === undefined ? domains.map(({ domain }) => domain) : [];
  return findingOf('note', 'assumed-unit', metrics, n => {
    return `${counted(n, 'metric')} taken as bits per byte, which olmix fits; pass --unit nats if they are nats per token`;
  });
}
