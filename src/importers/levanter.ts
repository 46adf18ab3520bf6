/**
 * What Levanter leaves of a run: `tracker_metrics.jsonl`, one line with `config` and the latest metrics as `summary`, or lines of its
 * `json_logger`, `{"tracker": ..., "event": "log", "step": N, "metrics": {...}}`, perhaps among others on a console.
 */

import { BimixError } from '../errors/index.ts';
import type { DataTable, InputFile } from '../files/index.ts';
import { parseJsonLine } from '../observations/index.ts';
import { consoleLines, hasLine, strayBytes } from './console-lines.ts';
import type { Importer } from './importer.ts';
import { asObject } from './json-document.ts';
import { draftOfLogs, runNamesOfPath } from './logged-losses.ts';
import { domainsOfMetrics } from './metric-domains.ts';
import { readRunMixtures } from './run-mixtures.ts';
import { volumeNotes } from './volume-notes.ts';
import { readHistory } from './wandb-history.ts';

const SUMMARY = /^\s*\{.*"summary"\s*:\s*\{/;
const EVENT = /\{\s*"tracker"\s*:.*"metrics"\s*:\s*\{/;
/** The file is called so in the folder of each run. */
const FILE = /^tracker_metrics$/;

/** Deeper objects are no metrics. */
const MAX_DEPTH = 8;

const HOW_TO_LOG =
  'Give Levanter a validation set of each domain: each cache of the data mixture logs eval/<domain>/loss, and so do tags of evaluation sets.';

type Metrics = Readonly<Record<string, unknown>>;

export const levanter: Importer = {
  name: 'levanter',
  description:
    'metrics that Levanter and Marin keep of a run (tracker_metrics.jsonl, json_logger), with a table of mixtures',

  detect(files) {
    const fits = files.some(isLog);
    return fits && { confidence: 'certain', reason: 'JSON lines with a summary or with the events of a tracker' };
  },

  async read(files, { columns = {} }) {
    const logFiles = files.filter(isLog);
    if (logFiles.length === 0) {
      throw new BimixError('missing-log', `missing metrics: ${files[0].path} has no metrics of Levanter`, {
        where: { file: files[0].path },
      });
    }
    const tables = logFiles.map(file => ({ file, table: tableOf(file) }));
    const names = new Set(tables.flatMap(({ table }) => table.columns));
    const { domains, units } = domainsOfMetrics([...names], {}, logFiles[0], HOW_TO_LOG);
    const histories = tables.map(({ file, table }) => readHistory(file, table, {}));
    const haveTokens = histories.every(history => history.volume(domains, 'tokens') !== undefined);
    const volumeUnit = haveTokens ? 'tokens' : 'steps';
    const losses = histories.flatMap(history => {
      const runs = runNamesOfPath(history.file.path).filter(run => !FILE.test(run));
      return history.losses(domains, volumeUnit).map(loss => ({ ...loss, runs }));
    });
    return draftOfLogs(
      {
        format: 'levanter',
        // Sets are called as the benchmark calls them.
        keepsNames: true,
        volumeUnit,
        losses,
        logs: logFiles.map(({ path }) => path),
        ...(Object.keys(units).length === 0 ? {} : { metrics: units }),
        findings: [...strayBytes(logFiles), ...volumeNotes(histories, domains, volumeUnit)],
      },
      await readRunMixtures(
        files.filter(file => !logFiles.includes(file)),
        logFiles[0],
        columns,
      ),
    );
  },
};

function isLog(file: InputFile): boolean {
  const head = file.head() ?? '';
  const isSummary = SUMMARY.test(head.slice(0, head.search(/\n|$/))) && /"config"\s*:/.test(head);
  return isSummary || hasLine(file, '"tracker"', EVENT);
}

/** One row a line with metrics; nested ones are joined by slashes. */
function tableOf(file: InputFile): DataTable {
  const index = new Map<string, number>();
  const rows: unknown[][] = [];
  const lines: number[] = [];
  for (const { text, line } of consoleLines(file)) {
    const from = text.search(/\{\s*"(?:tracker|config|summary)"/);
    if (from < 0) continue;
    const metrics = metricsOf(parseJsonLine(text.slice(from), { file: file.path, line }));
    if (metrics === undefined) continue;
    const cells: unknown[] = [];
    for (const [name, value] of flatten(metrics)) {
      const column = index.get(name) ?? index.size;
      index.set(name, column);
      cells[column] = value;
    }
    rows.push(cells);
    lines.push(line);
  }
  return {
    file: file.path,
    columns: [...index.keys()],
    rowCount: rows.length,
    cell: (row, column) => rows[row][column],
    place: row => ({ file: file.path, line: lines[row] }),
  };
}

function metricsOf(parsed: unknown): Metrics | undefined {
  const record = asObject(parsed) ?? {};
  const summary = asObject(record.summary);
  if (summary !== undefined) return summary;
  const metrics = asObject(record.metrics);
  if (metrics === undefined) return undefined;
  return typeof record.step === 'number' ? { _step: record.step, ...metrics } : metrics;
}

function flatten(metrics: Metrics, prefix = '', depth = 0): [string, unknown][] {
  return Object.entries(metrics).flatMap(([key, value]): [string, unknown][] => {
    const nested = asObject(value);
    const isLeaf = nested === undefined || depth === MAX_DEPTH;
    return isLeaf ? [[prefix + key, value]] : flatten(nested, `${prefix}${key}/`, depth + 1);
  });
}
