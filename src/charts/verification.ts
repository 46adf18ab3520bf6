/** Mean losses of later runs against what the law said they would be: an interval with the prediction in it, and a dot. */

import * as Plot from '@observablehq/plot';
import type { ChartOptions } from './chart-options.ts';
import { paddedExtent } from './extent.ts';
import { formatChange, formatLoss } from './number-format.ts';
import { rowChart } from './row-chart.ts';
import { INK, OBSERVED, PALE_BLUE } from './theme.ts';
import { linearTicks } from './ticks.ts';

export interface VerificationRow {
  readonly run: string;
  /** Nats per token. */
  readonly predicted: number;
  readonly observed: number;
  /** Where the law says that the loss would fall; null for a law that knows no intervals. */
  readonly interval: { readonly lower: number; readonly upper: number } | null;
}

const INTERVAL = PALE_BLUE;

/** @param rows in drawing order */
export function verificationChart(rows: readonly VerificationRow[], options: ChartOptions = {}): SVGSVGElement {
  const intervals = rows.flatMap(({ run, interval }) => (interval === null ? [] : [{ run, ...interval }]));
  const domain = paddedExtent([
    ...rows.flatMap(row => [row.predicted, row.observed]),
    ...intervals.flatMap(({ lower, upper }) => [lower, upper]),
  ]);
  const inside = rows.filter(
    ({ interval, observed }) => interval !== null && observed >= interval.lower && observed <= interval.upper,
  );
  return rowChart({
    ...options,
    description: {
      name: 'verification',
      alt: `Predicted and observed mean loss of ${rows.length} runs made after the fit${intervals.length > 0 ? `; ${inside.length} fall into their intervals` : ''}.`,
    },
    rows: rows.map(row => row.run),
    x: width => ({ domain, ticks: linearTicks(domain, width, String, 8), tickFormat: String }),
    xLabel: 'mean loss, nats per token',
    marks: [
      Plot.link(intervals, { x1: 'lower', x2: 'upper', y: 'run', stroke: INTERVAL, strokeWidth: 9 }),
      Plot.tickX(rows, { x: 'predicted', y: 'run', stroke: INK, strokeWidth: 2, insetTop: 3, insetBottom: 3 }),
      Plot.dot(rows, {
        x: 'observed',
        y: 'run',
        r: 4,
        fill: OBSERVED,
        stroke: 'white',
        strokeWidth: 0.8,
        title: row => `${row.run}: observed ${formatLoss(row.observed)}, predicted ${formatLoss(row.predicted)}`,
      }),
    ],
    columns: [
      { title: 'predicted', texts: rows.map(row => formatLoss(row.predicted)) },
      { title: 'observed', texts: rows.map(row => formatLoss(row.observed)) },
      { title: 'off by', texts: rows.map(row => formatChange(row.observed / row.predicted - 1)) },
    ],
    legend: [
      { label: 'predicted', symbol: 'line', colour: INK },
      ...(intervals.length > 0 ? [{ label: 'its interval', symbol: 'band', colour: INTERVAL } as const] : []),
      { label: 'observed', symbol: 'dot', colour: OBSERVED },
    ],
  });
}
