/** What the proposed mixture is predicted to change in each domain's loss, against one reference. */

import * as Plot from '@observablehq/plot';
import type { ChartOptions } from './chart-options.ts';
import { formatChange, formatLoss } from './number-format.ts';
import { rowChart } from './row-chart.ts';
import { BETTER, INK, WORSE } from './theme.ts';
import { linearTicks } from './ticks.ts';

export interface LossChangeRow {
  /** Evaluation domain. */
  readonly target: string;
  /** Predicted losses, nats per token. */
  readonly proposed: number;
  readonly reference: number;
}

/** @param reference name of the mixture compared with */
export function lossChangeChart(
  rows: readonly LossChangeRow[],
  reference: string,
  options: ChartOptions = {},
): SVGSVGElement {
  const changes = rows.map(row => ({ target: row.target, change: row.proposed / row.reference - 1 }));
  const low = Math.min(0, ...changes.map(row => row.change));
  const high = Math.max(0, ...changes.map(row => row.change));
  const pad = Math.max((high - low) * 0.04, 1e-5);
  const better = changes.filter(row => row.change < 0).length;
  return rowChart({
    ...options,
    description: {
      name: 'loss-change',
      alt: `Predicted change of the loss from ${reference} to the proposed mixture: ${better} of ${rows.length} domains improve.`,
    },
    rows: rows.map(row => row.target),
    x: width => {
      const domain = [(low - pad) * 100, (high + pad) * 100] as const;
      return { domain, ticks: linearTicks(domain, width, signedPercent, 10), tickFormat: signedPercent };
    },
    xLabel: `change in predicted loss against ${reference}`,
    marks: [
      Plot.barX(changes, {
        x: row => row.change * 100,
        y: 'target',
        fill: row => (row.change < 0 ? BETTER : WORSE),
      }),
      Plot.ruleX([0], { stroke: INK }),
    ],
    columns: [
      { title: 'reference', texts: rows.map(row => formatLoss(row.reference)) },
      { title: 'proposed', texts: rows.map(row => formatLoss(row.proposed)) },
      { title: 'change', texts: changes.map(row => formatChange(row.change)) },
    ],
    legend: [
      { label: 'better (lower loss)', symbol: 'bar', colour: BETTER },
      { label: 'worse', symbol: 'bar', colour: WORSE },
    ],
  });
}

function signedPercent(percent: number): string {
  return `${percent > 0 ? '+' : ''}${Number(percent.toPrecision(3))}%`.replace('-', '−');
}
