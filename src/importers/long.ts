/**
 * Long tables of any column naming: one row for each run, checkpoint and evaluation domain. CSV, TSV, JSON lines or Parquet;
 * mixtures stand in columns of the same table or in a table of their own, joined by run.
 */

import { BimixError, describePlace } from '../errors/index.ts';
import { numberAt, textAt } from '../files/index.ts';
import { counted, type DraftRow, findingOf } from '../observations/index.ts';
import { detectGeneric } from './generic-detection.ts';
import { type GenericTable, isUnread, readGenericTables } from './generic-tables.ts';
import { ignoredColumns } from './ignored-columns.ts';
import type { Importer } from './importer.ts';
import { measuredRows } from './measured-rows.ts';
import { metricsOfDomains } from './metric-columns.ts';
import { requireSameShares } from './mixture-join.ts';
import { runNames } from './run-names.ts';

/** A checkpoint while its losses come in, by evaluation domain. */
interface OpenCheckpoint {
  readonly draft: Omit<DraftRow, 'losses'>;
  readonly losses: Map<string, number>;
}

export const long: Importer = {
  name: 'long',
  description: 'tables with one row for each run, checkpoint, domain and loss (CSV, TSV, JSONL, Parquet)',

  detect: (files, options = {}) => detectGeneric(files, options, 'long'),

  async read(files, { columns: map = {} }) {
    const tables = await readGenericTables(files, map);
    if (!tables.some(table => table.long !== undefined)) {
      throw new BimixError('missing-column', 'missing columns with the evaluation domain and its loss', {
        hint: 'Name them as "domain" and "loss" in a column map.',
        where: { file: tables[0].table.file, line: 1 },
      });
    }
    const { trainingDomains, volumeUnit, rows: measured, unmatched } = measuredRows(tables, map);
    const checkpoints = new Map<string, OpenCheckpoint>();
    const domains = new Set<string>();
    const merged: string[] = [];
    const conflicting: string[] = [];
    for (const { source, row, draft } of measured()) {
      const checkpoint = openCheckpoint(checkpoints, draft, trainingDomains);
      for (const [domain, loss] of lossesAt(source, row)) {
        domains.add(domain);
        const before = checkpoint.losses.get(domain);
        if (before !== undefined && !Number.isNaN(before) && !Number.isNaN(loss)) {
          const item = `${draft.run}, ${domain} (${describePlace(draft.where)})`;
          if (before === loss) merged.push(item);
          else conflicting.push(`${item}: ${before} replaced by ${loss}`);
        }
        if (before === undefined || !Number.isNaN(loss)) checkpoint.losses.set(domain, loss);
      }
    }
    const evaluationDomains = [...domains];
    const metrics = metricsOfDomains(evaluationDomains, map);
    const rows = [...checkpoints.values()].map(({ draft, losses }) => ({
      ...draft,
      losses: Float64Array.from(evaluationDomains, domain => losses.get(domain) ?? Number.NaN),
    }));
    const nameOf = runNames(rows);
    return {
      format: 'long',
      trainingDomains,
      evaluationDomains,
      volumeUnit,
      lossUnit: 'nats',
      ...(Object.keys(metrics).length === 0 ? {} : { metrics }),
      rows: rows.map(row => (row.run === '' ? { ...row, run: nameOf(row) } : row)),
      findings: [
        ...findingOf('repair', 'merged-rows', merged, n => `${counted(n, 'row')} equal to an earlier one merged`),
        ...findingOf('repair', 'conflicting-losses', conflicting, n => {
          return `${counted(n, 'loss')} contradicted by a later row of the same checkpoint: the last one was kept`;
        }),
        ...unmatched(),
        ...tables.flatMap(table => ignoredColumns(table.table, isUnread(table, volumeUnit))),
      ],
    };
  },
};

function openCheckpoint(
  checkpoints: Map<string, OpenCheckpoint>,
  draft: Omit<DraftRow, 'losses'>,
  trainingDomains: readonly string[],
): OpenCheckpoint {
  const { run, size, seed, replicate, volume, mixture } = draft;
  const name = run === '' ? Array.from(mixture).join() : run;
  const key = JSON.stringify([name, size, seed, replicate, volume]);
  const known = checkpoints.get(key);
  if (known !== undefined) {
    requireSameShares(mixture, draft.where, known.draft.mixture, known.draft.where, trainingDomains);
    return known;
  }
  const opened = { draft, losses: new Map<string, number>() };
  checkpoints.set(key, opened);
  return opened;
}

function lossesAt({ table, long, losses }: GenericTable, row: number): [domain: string, loss: number][] {
  if (long !== undefined) return [[textAt(table, row, long.domain), numberAt(table, row, long.loss)]];
  return losses.map(({ domain, column }) => [domain, numberAt(table, row, column)]);
}
