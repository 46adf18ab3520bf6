/** The rows of generic tables that hold losses, each with its mixture: from the same row, or from another table by run. */

import { BimixError } from '../errors/index.ts';
import { counted, type DraftRow, type Finding, findingOf, type VolumeUnit } from '../observations/index.ts';
import type { ColumnMap } from './column-map.ts';
import { countAt, type GenericTable, runFactsAt, runNameAt, volumeUnitOf } from './generic-tables.ts';
import { joinMixtures, type MixtureRow, ownMixtures, rowLabel } from './mixture-join.ts';

/** One row with losses, still in its table. */
export interface MeasuredRow {
  readonly source: GenericTable;
  readonly row: number;
  /** All of a draft's row but the losses; `run` is empty when the tables do not name runs. */
  readonly draft: Omit<DraftRow, 'losses'>;
}

export interface MeasuredRows {
  readonly trainingDomains: readonly string[];
  readonly volumeUnit: VolumeUnit;
  /** In file order. */
  rows(): Generator<MeasuredRow>;
  /** Rows of either side that found no counterpart; complete once `rows` is exhausted. */
  unmatched(): Finding[];
}

/**
 * Pairs losses with mixtures. A table with losses but no shares is joined by run (and size and step, where both tables have
 * them) with the tables that have shares.
 *
 * @throws BimixError `missing-column` (no shares, no losses, no run to join by), `ambiguous-domains` (tables with different
 * training domains), `ambiguous-mixture` (a run with two), `missing-runs` (nothing matches)
 */
export function measuredRows(tables: readonly GenericTable[], map: ColumnMap): MeasuredRows {
  const withShares = tables.filter(({ weights }) => weights.length > 0);
  const withLosses = tables.filter(({ losses, long }) => losses.length > 0 || long !== undefined);
  if (withShares.length === 0) throw missing('shares of tokens', 'weights', tables);
  if (withLosses.length === 0) throw missing('losses', 'losses', tables);
  const trainingDomains = withShares[0].weights.map(({ domain }) => domain);
  for (const table of withShares) requireDomains(table, trainingDomains, withShares[0]);
  const volumeUnit = volumeUnitOf(tables, map);
  const mixtureTables = withShares.filter(table => !withLosses.includes(table));
  const used = new Map<GenericTable, Set<number>>(mixtureTables.map(table => [table, new Set()]));
  const lost = new Set<string>();

  function* rows(): Generator<MeasuredRow> {
    for (const source of withLosses) {
      const mixtureOf = mixturesFor(source);
      for (let row = 0; row < source.table.rowCount; row++) {
        const mixture = mixtureOf(row);
        if (mixture === undefined) {
          lost.add(`${source.table.file}: ${rowLabel(source, row)}`);
          continue;
        }
        used.get(mixture.table)?.add(mixture.row);
        yield { source, row, draft: draftOf(source, row, mixture, volumeUnit, trainingDomains) };
      }
    }
  }

  function mixturesFor(source: GenericTable): (row: number) => MixtureRow | undefined {
    if (source.weights.length > 0) return ownMixtures(source, trainingDomains);
    if (mixtureTables.length === 0) throw missing('shares of tokens', 'weights', [source]);
    return joinMixtures(source, mixtureTables, trainingDomains);
  }

  return {
    trainingDomains,
    volumeUnit,
    rows,
    unmatched() {
      const unused = mixtureTables.flatMap(table =>
        Array.from({ length: table.table.rowCount }, (_, row) => row)
          .filter(row => !used.get(table)?.has(row))
          .map(row => `${table.table.file}: ${rowLabel(table, row)}`),
      );
      return [
        ...findingOf('repair', 'unmatched-losses', [...lost], n => {
          return `${counted(n, 'checkpoint')} dropped: their runs have no mixture`;
        }),
        ...findingOf(
          'note',
          'unmatched-mixtures',
          [...new Set(unused)],
          n => `${counted(n, 'mixture')} without losses`,
        ),
      ];
    },
  };
}

function draftOf(
  source: GenericTable,
  row: number,
  mixture: MixtureRow,
  unit: VolumeUnit,
  domains: readonly string[],
): MeasuredRow['draft'] {
  const volume = volumeAt(source, row, unit) ?? volumeAt(mixture.table, mixture.row, unit);
  const where = source.table.place(row);
  const isJoined = mixture.table !== source;
  const empty = domains[mixture.shares.findIndex(Number.isNaN)];
  const column = mixture.table.weights.find(({ domain }) => domain === empty)?.column;
  return {
    run: runNameAt(source, row) ?? '',
    ...(isJoined ? runFactsAt(mixture.table, mixture.row) : {}),
    ...runFactsAt(source, row),
    mixture: mixture.shares,
    ...(volume === undefined ? {} : { volume }),
    where,
    ...(isJoined || column !== undefined ? { mixtureWhere: mixture.table.table.place(mixture.row, column) } : {}),
  };
}

function volumeAt({ table, tokens, step }: GenericTable, row: number, unit: VolumeUnit): number | undefined {
  return unit === 'none' ? undefined : countAt(table, row, unit === 'tokens' ? tokens : step);
}

function requireDomains({ table, weights }: GenericTable, domains: readonly string[], first: GenericTable): void {
  const own = weights.map(({ domain }) => domain);
  const odd = own.find(domain => !domains.includes(domain)) ?? domains.find(domain => !own.includes(domain));
  if (odd === undefined) return;
  const message = `ambiguous training domains: only one of ${first.table.file} and ${table.file} has "${odd}"`;
  throw new BimixError('ambiguous-domains', message, {
    hint: 'Import tables with different training domains one at a time.',
    where: { file: table.file, line: 1 },
  });
}

function missing(what: string, key: string, tables: readonly GenericTable[]): BimixError {
  const file = tables.map(({ table }) => table.file).join(', ');
  return new BimixError('missing-column', `missing columns with ${what} in ${file}`, {
    hint: `Say which they are as "${key}" in a column map, or pass the file that has them as well.`,
    where: { file: tables[0].table.file, line: 1 },
  });
}
