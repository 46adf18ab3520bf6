/** Held-out errors of laws beside naive baselines: the mean as a bar, each domain as a dot. */

import * as Plot from '@observablehq/plot';
import type { ChartOptions } from './chart-options.ts';
import { formatError } from './number-format.ts';
import { rowChart } from './row-chart.ts';
import { GREY, INK, type Palette } from './theme.ts';
import { linearTicks } from './ticks.ts';

export interface EvidenceRow {
  /** Law or baseline. */
  readonly law: string;
  /** Mean relative error over targets, a fraction. */
  readonly mre: number;
  /** The same of each evaluation domain. */
  readonly targets: readonly { readonly target: string; readonly mre: number }[];
  /** Baselines are drawn in grey: a law must beat them to be worth its name. */
  readonly baseline: boolean;
}

const LAW_COLOUR = '#9cc3de';
const BASELINE_COLOUR = '#dfe4e8';

export function evidenceBarsChart(
  rows: readonly EvidenceRow[],
  palette: Palette,
  options: ChartOptions = {},
): SVGSVGElement {
  const dots = rows.flatMap(row => row.targets.map(target => ({ law: row.law, ...target })));
  const largest = Math.max(...rows.map(row => row.mre), ...dots.map(dot => dot.mre));
  return rowChart({
    ...options,
    description: {
      name: 'evidence',
      alt: `Mean relative error on held-out data: ${rows.map(row => `${row.law} ${formatError(row.mre)}`).join(', ')}.`,
    },
    rows: rows.map(row => row.law),
    x: width => {
      const domain = [0, largest * 103] as const;
      return { domain, ticks: linearTicks(domain, width, percentTick, 10), tickFormat: percentTick };
    },
    xLabel: 'mean relative error on held-out data',
    marks: [
      Plot.barX(rows, {
        x: row => row.mre * 100,
        y: 'law',
        fill: row => (row.baseline ? BASELINE_COLOUR : LAW_COLOUR),
      }),
      Plot.dot(dots, {
        x: dot => dot.mre * 100,
        y: 'law',
        r: 3,
        fill: dot => palette.get(dot.target) ?? GREY,
        stroke: 'white',
        strokeWidth: 0.6,
        title: dot => `${dot.target}: ${formatError(dot.mre)}`,
      }),
    ],
    columns: [{ title: 'mean', texts: rows.map(row => formatError(row.mre)) }],
    legend: [
      { label: 'a law, mean over domains', symbol: 'bar', colour: LAW_COLOUR },
      { label: 'a naive baseline', symbol: 'bar', colour: BASELINE_COLOUR },
      { label: 'one domain, in its colour', symbol: 'dot', colour: INK },
    ],
    rowHeight: 30,
  });
}

function percentTick(percent: number): string {
  return `${percent}%`;
}
