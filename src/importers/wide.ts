/**
 * Wide tables of any column naming: one row per checkpoint, one column a share of tokens, one column a loss. CSV, TSV, JSON
 * lines or Parquet; mixtures may stand in a table of their own, joined by run.
 */

import { BimixError } from '../errors/index.ts';
import { numberAt } from '../files/index.ts';
import type { DraftRow } from '../observations/index.ts';
import { detectGeneric } from './generic-detection.ts';
import { explainContradiction, tableFindings } from './generic-findings.ts';
import { type GenericTable, readGenericTables } from './generic-tables.ts';
import type { Importer } from './importer.ts';
import { measuredRows } from './measured-rows.ts';
import { metricsOfColumns } from './metric-columns.ts';
import { runNames } from './run-names.ts';

export const wide: Importer = {
  name: 'wide',
  description:
    'tables with one row per checkpoint and a column for each share and each loss (CSV, TSV, JSONL, Parquet)',

  detect: (files, options = {}) => detectGeneric(files, options, 'wide'),

  async read(files, options) {
    const { columns: map = {} } = options;
    const tables = await readGenericTables(files, options);
    requireNoLong(tables);
    const { trainingDomains, volumeUnit, rows: measured, unmatched } = measuredRows(tables, map);
    const metrics = metricsOfColumns(tables, map);
    const evaluationDomains = [...new Set(tables.flatMap(({ losses }) => losses.map(({ domain }) => domain)))];
    const rows: DraftRow[] = [];
    for (const { source, row, draft } of measured()) {
      const losses = new Float64Array(evaluationDomains.length).fill(Number.NaN);
      for (const { domain, column, inPercent } of source.losses) {
        const value = numberAt(source.table, row, column);
        losses[evaluationDomains.indexOf(domain)] = inPercent === true ? value / 100 : value;
      }
      rows.push({ ...draft, losses });
    }
    const nameOf = runNames(rows);
    return {
      format: 'wide',
      trainingDomains,
      evaluationDomains,
      volumeUnit,
      lossUnit: 'nats',
      onContradiction: 'stop',
      explainContradiction: explainContradiction(tables, volumeUnit),
      ...(Object.keys(metrics).length === 0 ? {} : { metrics }),
      rows: rows.map(row => (row.run === '' ? { ...row, run: nameOf(row) } : row)),
      findings: [...unmatched(), ...tableFindings(tables, volumeUnit)],
    };
  },
};

function requireNoLong(tables: readonly GenericTable[]): void {
  const long = tables.find(table => table.long !== undefined);
  if (long === undefined) return;
  throw new BimixError('invalid-table', `invalid wide table ${long.table.file}: it has one row for each loss`, {
    hint: 'Pass --format long, or name the columns with losses as "losses" in a column map.',
    where: { file: long.table.file, line: 1 },
  });
}
