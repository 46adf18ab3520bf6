/**
 * The RegMix pair: `train_mixture_*.csv` (`index`, `train_the_pile_<domain>`) and `*_pile_loss_*.csv` (`index`,
 * `metric/the_pile_<domain>_val_loss`), joined by index, as in sail-sg/regmix.
 *
 * One row a run, at the end of training: no volume. Weights are shares of tokens, rounded to three decimals in the published
 * files; losses are nats per token. There may be fewer evaluation domains than training domains, in another order.
 */

import { BimixError } from '../errors/index.ts';
import { columnIndex, columnsOf, type DataTable, numberAt, readDataTable } from '../files/index.ts';
import { ignoredColumns } from './ignored-columns.ts';
import type { Importer } from './importer.ts';
import { joinTables, type RunColumns } from './joined-tables.ts';

const INDEX = 'index';
const SHARE = /^train_(?:the_pile_)?(.+)$/;
const LOSS = /^metric\/(?:the_pile_)?(.+)_val_loss$/;

export const regmix: Importer = {
  name: 'regmix',
  description: 'a pair of tables, index and train_<domain>, index and metric/<domain>_val_loss',

  async detect(files, { columns: map } = {}) {
    if (files.length !== 2 || map !== undefined) return false;
    const headers = await Promise.all(files.map(async file => (await columnsOf(file)) ?? []));
    const has = (pattern: RegExp) =>
      headers.some(columns => columns.includes(INDEX) && columns.some(c => pattern.test(c)));
    const fits = has(SHARE) && has(LOSS);
    return (
      fits && { confidence: 'certain', reason: 'a table with train_<domain> and one with metric/<domain>_val_loss' }
    );
  },

  async read(files) {
    const tables = await Promise.all(files.map(readDataTable));
    const mixtures = sideOf(tables, SHARE, 'train_<domain>');
    const losses = sideOf(tables, LOSS, 'metric/<domain>_val_loss');
    if (tables.length !== 2 || mixtures.table === losses.table) {
      throw new BimixError('invalid-pair', 'invalid pair: expected one table of mixtures and one of losses', {
        hint: 'Pass train_mixture_*.csv and its *_pile_loss_*.csv, in either order.',
        where: { file: tables[0].file },
      });
    }
    const { rows, findings } = joinTables(mixtures, losses);
    return {
      format: 'regmix',
      trainingDomains: mixtures.domains.map(({ domain }) => domain),
      evaluationDomains: losses.domains.map(({ domain }) => domain),
      volumeUnit: 'none',
      lossUnit: 'nats',
      onContradiction: 'stop',
      rows,
      findings: [
        ...findings,
        ...ignoredColumns(mixtures.table, column => column !== INDEX && !SHARE.test(column)),
        ...ignoredColumns(losses.table, column => column !== INDEX && !LOSS.test(column)),
      ],
    };
  },
};

/** The table with columns of this shape, and those columns. */
function sideOf(tables: readonly DataTable[], pattern: RegExp, shape: string): RunColumns {
  const table = tables.find(({ columns }) => columns.some(column => pattern.test(column)));
  if (table === undefined) {
    throw new BimixError('missing-column', `missing columns ${shape} in ${tables.map(({ file }) => file).join(', ')}`, {
      hint: 'Pass train_mixture_*.csv and its *_pile_loss_*.csv, in either order.',
      where: { file: tables[0].file, line: 1 },
    });
  }
  const run = columnIndex(table, INDEX);
  return {
    table,
    run,
    nameAt: row => runName(table, row, run),
    domains: table.columns.flatMap((name, column) => {
      const domain = pattern.exec(name)?.[1];
      return domain === undefined ? [] : [{ domain, column }];
    }),
  };
}

/** The index with four digits, so that names sort as numbers do. */
function runName(table: DataTable, row: number, column: number): string {
  const index = numberAt(table, row, column);
  if (Number.isInteger(index) && index >= 0) return String(index).padStart(4, '0');
  throw new BimixError('invalid-index', `invalid index ${index}: expected a whole number from 0`, {
    where: table.place(row, column),
  });
}
