/** Which shares the runs tried: a law is evidence there, and a guess elsewhere. */

import * as Plot from '@observablehq/plot';
import type { ChartOptions } from './chart-options.ts';
import type { LegendItem } from './legend.ts';
import { formatShare, shareTick } from './number-format.ts';
import { barHeightFor, rowChart } from './row-chart.ts';
import { GREY, INK, type Palette, THREAD } from './theme.ts';
import { rootShareTicks } from './ticks.ts';

export interface CoverageRow {
  /** Training domain. */
  readonly domain: string;
  /** Shares of tokens to draw, one a run. */
  readonly shares: readonly number[];
  /** Over all runs, drawn or not. */
  readonly smallest: number;
  readonly median: number;
  readonly largest: number;
  readonly proposed: number | null;
}

export function shareCoverageChart(
  rows: readonly CoverageRow[],
  palette: Palette,
  options: ChartOptions = {},
): SVGSVGElement {
  const ticks = rows.flatMap(({ domain, shares }) => shares.map(share => ({ domain, share })));
  const proposed = rows.flatMap(({ domain, proposed: share }) => (share === null ? [] : [{ domain, share }]));
  const largest = Math.max(...rows.map(row => Math.max(row.largest, row.proposed ?? 0)));
  const legend: LegendItem[] = [
    { label: 'a run', symbol: 'tick', colour: GREY },
    { label: 'median of the runs', symbol: 'ring', colour: INK },
  ];
  if (proposed.length > 0) legend.push({ label: 'the proposed mixture', symbol: 'diamond', colour: INK });
  return rowChart({
    ...options,
    description: {
      name: 'coverage',
      alt: `Shares of tokens that the runs tried, for ${rows.length} training domains, with their median${proposed.length > 0 ? ' and the proposed share' : ''}.`,
    },
    rows: rows.map(row => row.domain),
    x: width => ({
      type: 'sqrt',
      domain: [0, largest * 1.04],
      ticks: rootShareTicks(largest * 1.04, width, shareTick),
      tickFormat: shareTick,
    }),
    xLabel: 'share of tokens (square-root scale)',
    marks: [
      Plot.ruleY(rows, { y: 'domain', x1: 'smallest', x2: 'largest', stroke: THREAD }),
      Plot.tickX(ticks, {
        x: 'share',
        y: 'domain',
        stroke: tick => palette.get(tick.domain) ?? GREY,
        strokeOpacity: 0.55,
      }),
      Plot.dot(rows, { x: 'median', y: 'domain', r: 3.5, fill: 'white', stroke: INK, strokeWidth: 1.4 }),
      Plot.dot(proposed, {
        x: 'share',
        y: 'domain',
        symbol: 'diamond',
        r: barHeightFor(rows.length, options) / 3.3,
        fill: INK,
        stroke: 'white',
      }),
    ],
    columns: [
      { title: 'least', texts: rows.map(row => formatShare(row.smallest)) },
      { title: 'median', texts: rows.map(row => formatShare(row.median)) },
      { title: 'most', texts: rows.map(row => formatShare(row.largest)) },
    ],
    legend,
  });
}
