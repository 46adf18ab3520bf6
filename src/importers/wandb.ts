/**
 * Histories of Weights & Biases: tables of `run.scan_history()` or `run.history()` with `_step` and a column for each metric
 * (CSV, JSON lines, Parquet), and charts exported from the web page, with a column `<run> - <metric>` for each run.
 *
 * Runs are distinguished by a column with their names or by the file. Their mixtures come from a table beside them.
 */

import { BimixError } from '../errors/index.ts';
import { columnsOf, type InputFile, readDataTable } from '../files/index.ts';
import { counted, type Finding, findingOf } from '../observations/index.ts';
import type { ColumnMap } from './column-map.ts';
import { requireColumns } from './column-roles.ts';
import { isGenericTable } from './generic-detection.ts';
import { sampledGaps } from './history-gaps.ts';
import type { Importer } from './importer.ts';
import { draftOfLogs, type LoggedLoss, possibleNames } from './logged-losses.ts';
import { domainsOfMetrics } from './metric-domains.ts';
import { readRunMixtures } from './run-mixtures.ts';
import { volumeNotes } from './volume-notes.ts';
import { isChart, type RunHistory, readHistory } from './wandb-history.ts';

const HOW_TO_LOG =
  "Evaluate on a validation set of each domain, logged as eval/<domain>/loss; name other metrics with --format wandb --column 'losses=val/*/ce'.";

/** What `run.history()` returns when it is not asked for more. */
const DEFAULT_SAMPLE = 500;

export const wandb: Importer = {
  name: 'wandb',
  description: 'histories of Weights & Biases (CSV, JSONL, Parquet), with a table of mixtures',

  async detect(files, { columns: map } = {}) {
    if (map !== undefined) return false;
    const headers = await Promise.all(files.map(columnsOf));
    if (headers.some(columns => columns === undefined)) return false;
    const histories = (headers as (readonly string[])[]).filter(isHistory);
    if (histories.length === 0 || histories.some(isGenericTable)) return false;
    const reason = histories.some(isChart) ? 'columns "RUN - METRIC"' : 'a column _step';
    return { confidence: 'certain', reason };
  },

  async read(files, { columns: map = {} }) {
    const { histories, mixtureFiles, mixtureMap } = await sortFiles(files, map);
    const names = new Set(histories.flatMap(({ metrics }) => metrics));
    const { domains, units } = domainsOfMetrics([...names], map, histories[0].file, HOW_TO_LOG);
    const haveTokens = histories.every(history => history.volume(domains, 'tokens') !== undefined);
    const volumeUnit = map.volume ?? (haveTokens ? 'tokens' : 'steps');
    const losses = histories.flatMap(history => history.losses(domains, volumeUnit));
    if (losses.length === 0) throw noLosses(histories[0].file);
    const mixtures = await readRunMixtures(mixtureFiles, histories[0].file, mixtureMap);
    return draftOfLogs(
      {
        format: 'wandb',
        volumeUnit,
        losses,
        logs: histories.map(({ file }) => file.path),
        ...(Object.keys(units).length === 0 ? {} : { metrics: units }),
        findings: [
          ...sampled(losses, histories, volumeUnit === 'steps'),
          ...(volumeUnit === 'none' ? [] : volumeNotes(histories, domains, volumeUnit)),
        ],
      },
      mixtures,
    );
  },
};

function isHistory(columns: readonly string[]): boolean {
  return columns.includes('_step') || isChart(columns);
}

/** Histories and tables of mixtures; a column that the map names as step makes a history. */
async function sortFiles(
  files: readonly InputFile[],
  map: ColumnMap,
): Promise<{ histories: RunHistory[]; mixtureFiles: InputFile[]; mixtureMap: ColumnMap }> {
  const tables = await Promise.all(files.map(async file => ({ file, table: await readDataTable(file) })));
  const { losses: _metrics, accuracy: _a, error: _e, bpb: _b, ...named } = map;
  requireColumns(
    named,
    tables.map(({ table }) => table.columns),
  );
  const isLog = ({ table: { columns } }: (typeof tables)[number]): boolean =>
    isHistory(columns) || (map.step !== undefined && columns.includes(map.step));
  const histories = tables.filter(isLog).map(({ file, table }) => readHistory(file, table, map));
  if (histories.length === 0) {
    throw new BimixError('missing-column', 'missing column "_step": none of the files is a history', {
      hint: 'Name the column with the step: --column step=global_step.',
      where: { file: files[0].path, line: 1 },
    });
  }
  const mixtures = tables.filter(table => !isLog(table));
  return {
    histories,
    mixtureFiles: mixtures.map(({ file }) => file),
    mixtureMap: mapOfMixtures(map, new Set(mixtures.flatMap(({ table }) => table.columns))),
  };
}

/** What the map says of the mixtures: a run goes by another column there than in the histories, unless it is the same. */
function mapOfMixtures({ run, size, seed, replicate, weights }: ColumnMap, columns: ReadonlySet<string>): ColumnMap {
  const hasRun = run !== undefined && [run].flat().every(name => columns.has(name));
  return {
    ...(hasRun ? { run } : {}),
    ...(size === undefined ? {} : { size }),
    ...(seed === undefined ? {} : { seed }),
    ...(replicate === undefined ? {} : { replicate }),
    ...(weights === undefined ? {} : { weights }),
  };
}

function sampled(losses: readonly LoggedLoss[], histories: readonly RunHistory[], inSteps: boolean): Finding[] {
  const stepsOf = new Map<string, Map<string, number[]>>();
  for (const { runs, domain, volume } of losses) {
    const run = possibleNames(runs);
    const domains = stepsOf.get(run) ?? new Map<string, number[]>();
    const steps = domains.get(domain) ?? [];
    steps.push(volume ?? 0);
    stepsOf.set(run, domains.set(domain, steps));
  }
  const gaps = !inSteps
    ? []
    : [...stepsOf].flatMap(([run, domains]) => {
        const found = [...domains].map(([domain, steps]) => [domain, sampledGaps(steps)]).find(([, text]) => text);
        return found === undefined ? [] : [`${run}, ${found[0]}: ${found[1]}`];
      });
  const counts = histories.flatMap(({ file, rowCount }) =>
    rowCount === DEFAULT_SAMPLE ? [`${file.path}: ${rowCount} rows, what run.history() returns by default`] : [],
  );
  const means = histories.flatMap(({ means: items }) => items);
  return findingOf('suspicion', 'sampled-history', [...gaps, ...counts, ...means], n => {
    return `${counted(n, 'sign')} of a sampled history, which omits evaluations: export with run.scan_history()`;
  });
}

function noLosses(file: InputFile): BimixError {
  return new BimixError('missing-losses', `missing losses: no row of ${file.path} has one`, {
    where: { file: file.path },
  });
}
