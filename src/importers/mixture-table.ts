/** A table of mixtures alone, one a row: a pool of runs that could be made. */

import { BimixError, didYouMean, nearestName } from '../errors/index.ts';
import { type DataTable, numberAt, readDataTable, readInputFile, textAt } from '../files/index.ts';
import { normalizeProportions } from '../mixture/index.ts';
import { type ColumnRoles, columnRoles, type DomainColumn } from './column-roles.ts';

export interface NamedShares {
  /** The run's name, or `row 1`, ... where the table has no column for it. */
  readonly name: string;
  /** Shares of tokens in the order of the domains asked for. */
  readonly shares: Float64Array;
}

/**
 * Reads CSV, TSV, JSON lines or Parquet with a column of each domain's share of tokens, named like the domain or as in the wide
 * format (`weight_web`, `mixture.web`), and a column with the run. Domains without a column get 0;
 * rows that sum to 100 are per cent.
 *
 * @param domains training domains that the shares are wanted in
 * @throws BimixError `unknown-domain` for shares of another domain, `missing-column` without any share, `invalid-mixture` with
 *   its line where shares do not sum to 1 within 0.01, `ambiguous-run` for a name used twice, and as `readDataTable`
 */
export async function readMixtureTable(path: string, domains: readonly string[]): Promise<NamedShares[]> {
  const table = await readDataTable(await readInputFile(path));
  const roles = columnRoles(table.columns, {}, { isTable: true });
  const plain = domains.flatMap(domain => {
    const column = table.columns.indexOf(domain);
    return column < 0 ? [] : [{ domain, column }];
  });
  const columns = plain.length > 0 ? plain : roles.weights;
  const other =
    columns.find(({ domain }) => !domains.includes(domain))?.domain ?? misspelt(table, roles, columns, domains);
  if (other !== undefined) {
    throw new BimixError('unknown-domain', `unknown domain "${other}": the runs have none of that name`, {
      hint: didYouMean(other, domains),
      where: { file: path, line: 1 },
    });
  }
  if (columns.length === 0) {
    throw new BimixError('missing-column', `missing columns with shares of tokens in ${path}`, {
      hint: `Name them like the training domains: ${domains.join(', ')}.`,
      where: { file: path, line: 1 },
    });
  }
  const names = new Set<string>();
  return Array.from({ length: table.rowCount }, (_, row) => {
    const name = roles.run.length === 0 ? `row ${row + 1}` : roles.run.map(at => textAt(table, row, at)).join('-');
    const where = table.place(row);
    if (names.has(name)) {
      throw new BimixError('ambiguous-run', `ambiguous run "${name}" in ${path}: it has two mixtures`, { where });
    }
    names.add(name);
    const shares = new Float64Array(domains.length);
    for (const { domain, column } of columns) {
      const value = numberAt(table, row, column);
      // A cell left empty is a domain left out.
      shares[domains.indexOf(domain)] = Number.isNaN(value) ? 0 : value;
    }
    const sum = shares.reduce((a, b) => a + b, 0);
    if (Math.abs(sum - 100) <= 1) {
      shares.forEach((share, j) => {
        shares[j] = share / 100;
      });
    }
    normalizeProportions(domains, shares, { name, where });
    return { name, shares };
  });
}

/** A column that means nothing else and is named almost like a domain without a column. */
function misspelt(
  { columns }: DataTable,
  { run, step, tokens, size, seed, replicate, losses }: ColumnRoles,
  shares: readonly DomainColumn[],
  domains: readonly string[],
): string | undefined {
  const read = [...run, step, tokens, size, seed, replicate, ...[...shares, ...losses].map(({ column }) => column)];
  const without = domains.filter(domain => shares.every(share => share.domain !== domain));
  return columns.find((name, column) => !read.includes(column) && nearestName(name, without) !== undefined);
}
