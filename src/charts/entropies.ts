/** Entropies by domain, a panel an entropy: the estimate relied on with its interval, the other estimators beside it. */

import * as Plot from '@observablehq/plot';
import type { ChartOptions } from './chart-options.ts';
import { paddedExtent } from './extent.ts';
import type { LegendItem } from './legend.ts';
import { formatEntropy } from './number-format.ts';
import { plotSymbol, REFERENCE_SYMBOLS } from './reference-symbols.ts';
import { rowHeightFor } from './row-chart.ts';
import { type RowPanel, rowPanels } from './row-panels.ts';
import { GREY, MUTED, type Palette } from './theme.ts';
import { linearTicks } from './ticks.ts';

/** Nats. */
export interface EntropyValue {
  readonly value: number;
  /** 95 %; null where there is none. */
  readonly interval: { readonly low: number; readonly high: number } | null;
  /** By the other estimators, in the chart's order of them; null where one gives none. */
  readonly others: readonly (number | null)[];
}

export interface EntropyPanel {
  readonly title: string;
  /** One a domain; null where it was not measured. */
  readonly values: readonly (EntropyValue | null)[];
}

export interface Estimators {
  /** Behind the filled dots. */
  readonly estimator: string;
  /** Drawn as hollow symbols, as many as there are symbols. */
  readonly others: readonly string[];
}

/** @param domains in drawing order */
export function entropiesChart(
  domains: readonly string[],
  panels: readonly EntropyPanel[],
  { estimator, others }: Estimators,
  palette: Palette,
  options: ChartOptions = {},
): SVGSVGElement {
  const legend: LegendItem[] = [{ label: estimator, symbol: 'dot', colour: GREY }];
  if (panels.some(({ values }) => values.some(value => value !== null && value.interval !== null))) {
    legend.push({ label: '95\u00a0% interval', symbol: 'range', colour: GREY });
  }
  legend.push(...estimatorLegend(others));
  const titles = panels.map(({ title }) => title).join(', ');
  const alt = `Entropies in nats (${titles}) of ${domains.length} domains, estimated by ${[estimator, ...others].join(', ')}, with 95\u00a0% intervals.`;
  return rowPanels(
    panels.map(panel => drawPanel(domains, panel, estimator, others, palette)),
    { ...options, description: { name: 'entropies', alt }, rows: domains, legend },
  );
}

/** The symbols of estimators that stand beside the one relied on. */
export function estimatorLegend(others: readonly string[]): LegendItem[] {
  return others
    .slice(0, REFERENCE_SYMBOLS.length)
    .map((label, index) => ({ label, symbol: REFERENCE_SYMBOLS[index], colour: MUTED }));
}

function drawPanel(
  domains: readonly string[],
  { title, values }: EntropyPanel,
  estimator: string,
  others: readonly string[],
  palette: Palette,
): RowPanel {
  const points = values.flatMap((value, index) => (value === null ? [] : [{ ...value, domain: domains[index] }]));
  const intervals = points.flatMap(({ domain, interval }) => (interval === null ? [] : [{ domain, ...interval }]));
  const beside = points.flatMap(point =>
    point.others.flatMap((value, index) => (value === null ? [] : [{ domain: point.domain, value, index }])),
  );
  const extent = paddedExtent(
    [...points, ...beside].map(({ value }) => value).concat(intervals.flatMap(({ low, high }) => [low, high])),
  );
  const colour = ({ domain }: { domain: string }): string => palette.get(domain) ?? GREY;
  const inset = rowHeightFor(domains.length) / 3.2;
  const ends = (['low', 'high'] as const).map(x =>
    Plot.tickX(intervals, { x, y: 'domain', stroke: colour, strokeWidth: 1.4, insetTop: inset, insetBottom: inset }),
  );
  return {
    title,
    plot: width => ({
      x: { type: 'linear', domain: extent },
      ticks: linearTicks(extent, width, String, 5),
      tickFormat: String,
      marks: [
        ...REFERENCE_SYMBOLS.map((symbol, index) =>
          Plot.dot(
            beside.filter(point => point.index === index),
            {
              x: 'value',
              y: 'domain',
              symbol: plotSymbol(symbol),
              r: 3.2,
              fill: 'white',
              stroke: MUTED,
              title: point => `${point.domain}, ${others[index]}: ${formatEntropy(point.value)} nats`,
            },
          ),
        ),
        Plot.ruleY(intervals, { y: 'domain', x1: 'low', x2: 'high', stroke: colour, strokeWidth: 1.6 }),
        ...ends,
        Plot.dot(points, {
          x: 'value',
          y: 'domain',
          r: 3.5,
          fill: colour,
          stroke: 'white',
          strokeWidth: 1,
          title: point => `${point.domain}, ${estimator}: ${formatEntropy(point.value)} nats`,
        }),
      ],
    }),
  };
}
