/**
 * Long tables of any column naming: one row for each run, checkpoint and evaluation domain. CSV, TSV, JSON lines or Parquet;
 * mixtures stand in columns of the same table or in a table of their own, joined by run.
 */

import { BimixError, describePlace, type Place } from '../errors/index.ts';
import { numberAt, textAt } from '../files/index.ts';
import { contradiction, counted, type DraftRow, findingOf, type VolumeUnit } from '../observations/index.ts';
import { detectGeneric } from './generic-detection.ts';
import { explainContradiction, tableFindings } from './generic-findings.ts';
import { type GenericTable, readGenericTables } from './generic-tables.ts';
import type { Importer } from './importer.ts';
import { measuredRows } from './measured-rows.ts';
import { metricsOfDomains } from './metric-columns.ts';
import { requireSameShares } from './mixture-join.ts';
import { runNames } from './run-names.ts';

/** A checkpoint while its losses come in, by evaluation domain. */
interface OpenCheckpoint {
  readonly draft: Omit<DraftRow, 'losses'>;
  readonly losses: Map<string, number>;
  /** Where each loss stands. */
  readonly places: Map<string, Place>;
}

/** Losses this near each other, as a part of them, are one number written with different digits. */
const SAME_LOSS = 1e-6;

export const long: Importer = {
  name: 'long',
  description: 'tables with one row for each run, checkpoint, domain and loss (CSV, TSV, JSONL, Parquet)',

  detect: (files, options = {}) => detectGeneric(files, options, 'long'),

  async read(files, options) {
    const { columns: map = {} } = options;
    const tables = await readGenericTables(files, options);
    if (!tables.some(table => table.long !== undefined)) {
      throw new BimixError('missing-column', 'missing columns with the evaluation domain and its loss', {
        hint: 'Name them as "domain" and "loss" in a column map.',
        where: { file: tables[0].table.file, line: 1 },
      });
    }
    const { trainingDomains, volumeUnit, rows: measured, unmatched } = measuredRows(tables, map);
    const explain = explainContradiction(tables, volumeUnit);
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
          if (Math.abs(before - loss) <= SAME_LOSS * Math.abs(loss)) merged.push(item);
          else if ((options.onContradiction ?? 'stop') === 'stop') {
            const first = checkpoint.places.get(domain) ?? checkpoint.draft.where;
            const what = `${draft.run === '' ? 'a run' : draft.run}${volumeWords(draft.volume, volumeUnit)}`;
            throw contradiction(what, { domain, before, now: loss }, first, draft.where, explain);
          } else conflicting.push(`${item}: ${before} replaced by ${loss}`);
        }
        if (before === undefined || !Number.isNaN(loss)) {
          checkpoint.losses.set(domain, loss);
          checkpoint.places.set(domain, draft.where);
        }
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
      onContradiction: 'stop',
      explainContradiction: explain,
      ...(Object.keys(metrics).length === 0 ? {} : { metrics }),
      rows: rows.map(row => (row.run === '' ? { ...row, run: nameOf(row) } : row)),
      findings: [
        ...findingOf('repair', 'merged-rows', merged, n => `${counted(n, 'row')} equal to an earlier one merged`),
        ...findingOf('repair', 'conflicting-losses', conflicting, n => {
          return `${counted(n, 'loss')} contradicted by a later row of the same checkpoint: the last one was kept`;
        }),
        ...unmatched(),
        ...tableFindings(tables, volumeUnit),
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
  const opened = { draft, losses: new Map<string, number>(), places: new Map<string, Place>() };
  checkpoints.set(key, opened);
  return opened;
}

function volumeWords(volume: number | undefined, unit: VolumeUnit): string {
  return volume === undefined ? '' : ` at ${volume} ${unit}`;
}

function lossesAt({ table, long, losses }: GenericTable, row: number): [domain: string, loss: number][] {
  if (long !== undefined) return [[textAt(table, row, long.domain), numberAt(table, row, long.loss)]];
  return losses.map(({ domain, column }) => [domain, numberAt(table, row, column)]);
}
