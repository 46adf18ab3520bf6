/**
 * The SlimPajama table: one row per checkpoint, columns `weight_<domain>`, `model_size`, `n_tokens`, `<domain>_loss`, as in
 * `dmsl_llm_slimpajama.csv` of meiqwq/Explaining-Data-Mixing-Scaling-Laws.
 *
 * Weights are shares of tokens, sizes are parameters, losses nats per token; an empty or NaN cell is a loss that was not
 * measured. The table has no run names: a run is a mixture at a model size, and is called by the zero-padded index of the
 * mixture among the sorted unique mixtures of that size.
 */

import { BimixError } from '../errors/index.ts';
import { columnIndex, columnsOf, type DataTable, numberAt, readDataTable } from '../files/index.ts';
import type { DraftRow } from '../observations/index.ts';
import { ignoredColumns } from './ignored-columns.ts';
import type { Importer } from './importer.ts';
import { runNames } from './run-names.ts';

const WEIGHT = /^weight_(.+)$/;
const LOSS = /^(.+)_loss$/;
const SIZE = 'model_size';
const TOKENS = 'n_tokens';

export const slimpajama: Importer = {
  name: 'slimpajama',
  description: 'one table with columns weight_<domain>, model_size, n_tokens, <domain>_loss',

  async detect(files, { columns: map } = {}) {
    if (map !== undefined) return false;
    const headers = await Promise.all(files.map(columnsOf));
    const fits = headers.length > 0 && headers.every(columns => columns !== undefined && isHeader(columns));
    return fits && { confidence: 'certain', reason: 'columns weight_<domain>, model_size, n_tokens, <domain>_loss' };
  },

  async read(files) {
    const tables = await Promise.all(files.map(readDataTable));
    for (const table of tables) requireSameColumns(table, tables[0]);
    const trainingDomains = domainsOf(tables[0], WEIGHT, 'weight_<domain>');
    const evaluationDomains = domainsOf(tables[0], LOSS, '<domain>_loss');
    const rows = tables.flatMap(table => checkpoints(table, trainingDomains, evaluationDomains));
    const nameOf = runNames(rows);
    return {
      format: 'slimpajama',
      trainingDomains,
      evaluationDomains,
      volumeUnit: 'tokens',
      lossUnit: 'nats',
      onContradiction: 'stop',
      rows: rows.map(row => ({ run: nameOf(row), ...row })),
      findings: ignoredColumns(tables[0], isForeign),
    };
  },
};

/** A row before its run has a name. */
type Checkpoint = Omit<DraftRow, 'run' | 'size'> & { readonly size: number };

/** Nothing but the format's columns: a table that also names runs or seeds is better read as a wide one. */
function isHeader(columns: readonly string[]): boolean {
  const has = (pattern: RegExp) => columns.some(column => pattern.test(column));
  return has(WEIGHT) && has(LOSS) && columns.includes(SIZE) && columns.includes(TOKENS) && !columns.some(isForeign);
}

function isForeign(column: string): boolean {
  return !WEIGHT.test(column) && !LOSS.test(column) && column !== SIZE && column !== TOKENS;
}

function requireSameColumns(table: DataTable, first: DataTable): void {
  const odd =
    table.columns.find(column => !first.columns.includes(column)) ??
    first.columns.find(column => !table.columns.includes(column));
  if (odd === undefined) return;
  throw new BimixError(
    'invalid-table',
    `invalid table ${table.file}: it and ${first.file} differ in the column "${odd}"`,
    {
      hint: 'Import tables with different columns one at a time.',
      where: { file: table.file, line: 1 },
    },
  );
}

function domainsOf(table: DataTable, pattern: RegExp, shape: string): string[] {
  const domains = table.columns.flatMap(column => pattern.exec(column)?.[1] ?? []);
  if (domains.length > 0) return domains;
  throw new BimixError('missing-column', `missing columns ${shape}`, { where: { file: table.file, line: 1 } });
}

function checkpoints(table: DataTable, training: readonly string[], evaluation: readonly string[]): Checkpoint[] {
  const weights = training.map(domain => columnIndex(table, `weight_${domain}`));
  const losses = evaluation.map(domain => columnIndex(table, `${domain}_loss`));
  const sizeColumn = columnIndex(table, SIZE);
  const tokensColumn = columnIndex(table, TOKENS);
  return Array.from({ length: table.rowCount }, (_, row) => {
    const size = numberAt(table, row, sizeColumn);
    if (!(size > 0 && size < Number.POSITIVE_INFINITY)) {
      throw new BimixError('invalid-size', `invalid ${SIZE} ${size}: expected a positive number of parameters`, {
        where: table.place(row, sizeColumn),
      });
    }
    return {
      size,
      mixture: weights.map(column => numberAt(table, row, column)),
      volume: numberAt(table, row, tokensColumn),
      losses: losses.map(column => numberAt(table, row, column)),
      where: table.place(row),
    };
  });
}
