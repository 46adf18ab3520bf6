/** Held-out errors of laws beside naive baselines: the mean as a bar, each domain as a dot. */

import * as Plot from '@observablehq/plot';
import type { ChartOptions } from './chart-options.ts';
import { formatError } from './number-format.ts';
import { rowChart } from './row-chart.ts';
import { GREY, INK, MUTED, PALE_BLUE, PALE_GREY, PALE_ORANGE, type Palette } from './theme.ts';
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
  /** False for laws that cannot be optimized, which have a colour of their own; defaults to true. */
  readonly convex?: boolean;
}

const LAW_COLOUR = PALE_BLUE;
const NOT_CONVEX_COLOUR = PALE_ORANGE;
const BASELINE_COLOUR = PALE_GREY;

export interface EvidenceBarsOptions extends ChartOptions {
  /** Where the axis ends, a fraction: longer bars are cut and marked, dots beyond left out. The largest error by default. */
  readonly end?: number;
}

export function evidenceBarsChart(
  rows: readonly EvidenceRow[],
  palette: Palette,
  options: EvidenceBarsOptions = {},
): SVGSVGElement {
  const all = rows.flatMap(row => row.targets.map(target => ({ law: row.law, ...target })));
  const largest = Math.min(
    options.end ?? Number.POSITIVE_INFINITY,
    Math.max(...rows.map(row => row.mre), ...all.map(dot => dot.mre)),
  );
  const dots = all.filter(dot => dot.mre <= largest);
  const hasOthers = rows.some(row => row.convex === false && !row.baseline);
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
        x: row => Math.min(row.mre, largest * 1.03) * 100,
        y: 'law',
        fill: row => (row.baseline ? BASELINE_COLOUR : row.convex === false ? NOT_CONVEX_COLOUR : LAW_COLOUR),
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
      Plot.text(
        rows.filter(row => row.mre > largest * 1.03),
        { x: largest * 103, y: 'law', text: () => '→', dx: -10, fill: MUTED },
      ),
    ],
    columns: [{ title: 'mean', texts: rows.map(row => formatError(row.mre)) }],
    legend: [
      { label: `a ${hasOthers ? 'convex ' : ''}law, mean over domains`, symbol: 'bar', colour: LAW_COLOUR },
      ...(hasOthers ? [{ label: 'a law that is not convex', symbol: 'bar', colour: NOT_CONVEX_COLOUR } as const] : []),
      { label: 'a naive baseline', symbol: 'bar', colour: BASELINE_COLOUR },
      { label: 'one domain, in its colour', symbol: 'dot', colour: INK },
    ],
    rowHeight: 30,
  });
}

function percentTick(percent: number): string {
  return `${percent}%`;
}
