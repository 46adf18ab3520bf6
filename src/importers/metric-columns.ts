/** Evaluation domains of generic tables that hold metrics and no losses, as the column map names them. */

import { BimixError, didYouMean } from '../errors/index.ts';
import { METRIC_UNITS, type MetricUnit } from '../observations/index.ts';
import type { ColumnMap } from './column-map.ts';
import type { GenericTable } from './generic-tables.ts';

type Metrics = Readonly<Record<string, MetricUnit>>;

/**
 * Of wide tables: each named column is an evaluation domain.
 *
 * @throws BimixError `missing-column` when a name or pattern has none, `ambiguous-domains` when a domain has two columns
 */
export function metricsOfColumns(tables: readonly GenericTable[], map: ColumnMap): Metrics {
  const columns = tables.flatMap(({ losses }) => losses);
  for (const unit of METRIC_UNITS) {
    for (const name of namesOf(map[unit])) {
      if (tables.some(({ table }) => table.columns.some(column => fits(name, column)))) continue;
      throw new BimixError('missing-column', `missing column "${name}" with ${unit}`, {
        hint: didYouMean(name, new Set(tables.flatMap(({ table }) => table.columns))),
      });
    }
  }
  for (const { losses, table } of tables) {
    const twice = losses.find(({ domain }, i) => losses.findIndex(other => other.domain === domain) < i);
    if (twice === undefined) continue;
    const message = `ambiguous evaluation domain "${twice.domain}": it has two columns, one of them "${table.columns[twice.column]}"`;
    throw new BimixError('ambiguous-domains', message, {
      hint: `Name them apart in a column map: "accuracy: {${twice.domain} accuracy: ${table.columns[twice.column]}}".`,
      where: { file: table.file, line: 1 },
    });
  }
  return Object.fromEntries(columns.flatMap(({ domain, unit }) => (unit === undefined ? [] : [[domain, unit]])));
}

/**
 * Of a long table: the names and patterns are of evaluation domains.
 *
 * @throws BimixError `unknown-domain` when one fits none
 */
export function metricsOfDomains(domains: readonly string[], map: ColumnMap): Metrics {
  const named = METRIC_UNITS.flatMap(unit => namesOf(map[unit]).map(name => ({ unit, name })));
  return Object.fromEntries(
    named.flatMap(({ unit, name }) => {
      const found = domains.filter(domain => fits(name, domain));
      if (found.length > 0) return found.map(domain => [domain, unit]);
      const message = `unknown evaluation domain "${name}" with ${unit}`;
      throw new BimixError('unknown-domain', message, { hint: didYouMean(name, domains) });
    }),
  );
}

function namesOf(named: ColumnMap[MetricUnit]): string[] {
  if (named === undefined) return [];
  return typeof named === 'string' ? [named] : Object.values(named);
}

/** Whether a name, or a pattern whose one `*` stands for anything, is that of `text`. */
function fits(name: string, text: string): boolean {
  const star = name.indexOf('*');
  if (star < 0) return name === text;
  return text.length >= name.length && text.startsWith(name.slice(0, star)) && text.endsWith(name.slice(star + 1));
}
