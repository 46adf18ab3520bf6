/** The proposed mixture, how sure and how free each share is, and the mixtures it is compared with. */

import * as Plot from '@observablehq/plot';
import type { ChartOptions } from './chart-options.ts';
import type { LegendItem } from './legend.ts';
import { formatShare, shareTick } from './number-format.ts';
import { plotSymbol, REFERENCE_SYMBOLS, REFERENCES_DRAWN } from './reference-symbols.ts';
import { barHeightFor, type RowColumn, rowChart } from './row-chart.ts';
import { GREY, INK, type Palette } from './theme.ts';
import { linearTicks } from './ticks.ts';

export interface MixtureRow {
  /** Training domain. */
  readonly domain: string;
  /** Proposed share of tokens. */
  readonly share: number;
  /** Shares that a mixture within 0.1 % of the best objective may have. */
  readonly freedom: { readonly from: number; readonly to: number } | null;
  /** Where the best share could as well be; null where not known. */
  readonly interval: { readonly from: number; readonly to: number } | null;
  /** Times the available tokens are read; null where they are not known. */
  readonly epochs: number | null;
  /** Share in each reference, in the order of `references`; null where it does not name the domain. */
  readonly references: readonly (number | null)[];
}

/**
 * Draws a mixture: a bar for each domain, how free its share is, and the mixtures it is compared with.
 *
 * @param rows in drawing order
 * @param references names of the mixtures compared with; the first `REFERENCES_DRAWN` are drawn
 *
 * @example
 * ```js
 * import { domainPalette, mixtureBarsChart } from 'bimix';
 *
 * const row = { domain: 'web', share: 1, freedom: null, interval: null, epochs: null, references: [] };
 * const svg = mixtureBarsChart([row], [], domainPalette(['web']), { document });
 * ```
 */
export function mixtureBarsChart(
  rows: readonly MixtureRow[],
  references: readonly string[],
  palette: Palette,
  options: ChartOptions = {},
): SVGSVGElement {
  const drawn = references.slice(0, REFERENCES_DRAWN);
  const legend: LegendItem[] = [{ label: 'proposed share of tokens', symbol: 'bar', colour: GREY }];
  if (rows.some(row => row.freedom !== null)) {
    legend.push({ label: 'range of shares within 0.1 % of the best loss', symbol: 'range', colour: INK });
  }
  const intervals = rows.flatMap(({ domain, interval }) => (interval === null ? [] : [{ domain, ...interval }]));
  if (intervals.length > 0) legend.push({ label: 'interval of the best share', symbol: 'band', colour: INK });
  drawn.forEach((label, index) => {
    legend.push({ label, symbol: REFERENCE_SYMBOLS[index], colour: INK });
  });
  const columns: RowColumn[] = [{ title: 'proposed', texts: rows.map(row => formatShare(row.share)) }];
  if (rows.some(row => row.epochs !== null)) {
    columns.push({ title: 'epochs', texts: rows.map(row => (row.epochs === null ? '–' : row.epochs.toFixed(2))) });
  }
  const largest = Math.max(
    ...rows.flatMap(row => [
      row.share,
      row.freedom?.to ?? 0,
      row.interval?.to ?? 0,
      ...row.references.slice(0, drawn.length).map(share => share ?? 0),
    ]),
  );
  const ranges = rows.flatMap(({ domain, freedom }) => (freedom === null ? [] : [{ domain, ...freedom }]));
  const inset = barHeightFor(rows.length, options) * 0.27;
  const marks: Plot.Markish[] = [
    Plot.barX(rows, {
      x: 'share',
      y: 'domain',
      fill: row => palette.get(row.domain) ?? GREY,
      title: row => `${row.domain}: ${formatShare(row.share)} of tokens`,
    }),
    // White below the dark line, which dark bars would swallow.
    Plot.link(ranges, { x1: 'from', x2: 'to', y: 'domain', stroke: 'white', strokeWidth: 4 }),
    Plot.link(ranges, { x1: 'from', x2: 'to', y: 'domain', stroke: INK, strokeWidth: 1.4 }),
    ...(['from', 'to'] as const).map(x =>
      Plot.tickX(ranges, { x, y: 'domain', stroke: INK, strokeWidth: 1.4, insetTop: inset, insetBottom: inset }),
    ),
    Plot.link(intervals, { x1: 'from', x2: 'to', y: 'domain', stroke: 'white', strokeWidth: 8 }),
    Plot.link(intervals, {
      x1: 'from',
      x2: 'to',
      y: 'domain',
      stroke: INK,
      strokeWidth: 5,
      title: ({ domain, from, to }) => `${domain}: ${formatShare(from)} to ${formatShare(to)} of tokens`,
    }),
    ...drawn.map((name, index) => {
      const points = rows.flatMap(row => {
        const share = row.references[index];
        return share === null || share === undefined ? [] : [{ domain: row.domain, share }];
      });
      return Plot.dot(points, {
        x: 'share',
        y: 'domain',
        symbol: plotSymbol(REFERENCE_SYMBOLS[index]),
        r: 4,
        fill: 'white',
        stroke: INK,
        strokeWidth: 1.3,
        title: point => `${name}: ${formatShare(point.share)} of tokens`,
      });
    }),
  ];
  const first = rows.reduce((a, b) => (b.share > a.share ? b : a));
  return rowChart({
    ...options,
    description: {
      name: 'mixture',
      alt: `Proposed share of tokens of ${rows.length} domains as bars${drawn.length > 0 ? `, beside ${drawn.join(', ')}` : ''}. The largest share, ${formatShare(first.share)}, goes to ${first.domain}.`,
    },
    rows: rows.map(row => row.domain),
    x: width => {
      const domain = [0, largest * 1.03] as const;
      return { domain, ticks: linearTicks(domain, width, shareTick, 10), tickFormat: shareTick };
    },
    xLabel: 'share of tokens',
    marks,
    columns,
    legend,
  });
}
