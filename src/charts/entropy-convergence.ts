/** Entropy against tokens read, one panel a domain: a curve that still rises has not seen enough. */

import * as Plot from '@observablehq/plot';
import { formatQuantity } from '../mixture/index.ts';
import type { ChartOptions } from './chart-options.ts';
import { type Estimators, estimatorLegend } from './entropies.ts';
import { paddedExtent } from './extent.ts';
import type { LegendItem } from './legend.ts';
import { formatEntropy } from './number-format.ts';
import { type Panel, panelGrid } from './panel-grid.ts';
import { plotSymbol, REFERENCE_SYMBOLS } from './reference-symbols.ts';
import { GREY, INK, MUTED, type Palette } from './theme.ts';
import { logTicks } from './ticks.ts';

interface CurvePoint {
  readonly tokens: number;
  /** Nats per token. */
  readonly entropy: number;
}

export interface EntropyConvergencePanel {
  readonly domain: string;
  /** A figure right of the name. */
  readonly note: string;
  /** By the estimator relied on; tokens ascending. */
  readonly curve: readonly CurvePoint[];
  /** By the others, in the chart's order of them. */
  readonly others: readonly (readonly CurvePoint[])[];
}

export interface EntropyConvergenceOptions extends ChartOptions, Estimators {
  /** Which entropy is drawn, for example `conditional entropy`. */
  readonly entropy: string;
  /** Tokens at which domains of different size are compared. */
  readonly equalSize: number;
  /** What the notes of the panels are. */
  readonly noteLabel: string;
}

export function entropyConvergenceChart(
  panels: readonly EntropyConvergencePanel[],
  palette: Palette,
  options: EntropyConvergenceOptions,
): SVGSVGElement {
  const { entropy, equalSize, estimator, others } = options;
  const legend: LegendItem[] = [
    { label: estimator, symbol: 'dot', colour: GREY },
    ...estimatorLegend(others),
    { label: `equal size, ${formatQuantity(equalSize)} tokens`, symbol: 'dashes', colour: INK },
  ];
  const all = panels.map(panel => [panel.curve, ...panel.others].flat());
  const tokens = tokensAxis(all.flat().map(point => point.tokens));
  const extents = all.map(points =>
    paddedExtent(
      points.map(point => point.entropy),
      0.08,
    ),
  );
  const reach = Math.max(...extents.map(([low, high]) => high - low));
  return panelGrid(
    panels.map((panel, index) => {
      const middle = (extents[index][0] + extents[index][1]) / 2;
      return drawPanel(panel, tokens, [middle - reach / 2, middle + reach / 2], palette, options);
    }),
    {
      ...options,
      description: {
        name: 'convergence',
        alt: `Estimates of the ${entropy} in nats per token against tokens read, for ${panels.length} domains and ${[estimator, ...others].join(', ')}; a dashed line marks the equal size of ${formatQuantity(equalSize)} tokens.`,
      },
      xLabel: 'tokens read (logarithmic)',
      yLabel: `${entropy}, nats per token (axes of one span)`,
      legend,
      legendTitle: 'Estimated by',
    },
  );
}

function tokensAxis(tokens: readonly number[]): [number, number] {
  const low = tokens.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  const high = tokens.reduce((a, b) => Math.max(a, b), 0);
  return low < high ? [low, high] : [low / 2, high * 2];
}

function drawPanel(
  { domain, note, curve, others }: EntropyConvergencePanel,
  tokens: readonly [number, number],
  extent: readonly [number, number],
  palette: Palette,
  { equalSize, ...names }: EntropyConvergenceOptions,
): Panel {
  const colour = palette.get(domain) ?? GREY;
  const title = (estimator: string) => (point: CurvePoint) =>
    `${estimator}: ${formatEntropy(point.entropy)} nats at ${formatQuantity(point.tokens)} tokens`;
  const channels = { x: 'tokens', y: 'entropy' };
  const isDrawn = equalSize >= tokens[0] && equalSize <= tokens[1];
  return {
    title: domain,
    colour,
    note,
    plot: () => ({
      x: {
        type: 'log',
        domain: tokens,
        ticks: logTicks(tokens, 4),
        tickSize: 0,
        label: null,
        tickFormat: formatQuantity,
      },
      y: { domain: extent, ticks: 5, tickSize: 0, label: null, grid: true },
      marks: [
        ...(isDrawn ? [Plot.ruleX([equalSize], { stroke: INK, strokeDasharray: '4 3' })] : []),
        ...REFERENCE_SYMBOLS.slice(0, others.length).flatMap((symbol, index) => [
          Plot.line(others[index], { ...channels, stroke: GREY, strokeWidth: 1 }),
          Plot.dot(others[index], {
            ...channels,
            symbol: plotSymbol(symbol),
            r: 2.2,
            fill: 'white',
            stroke: MUTED,
            strokeWidth: 1,
            title: title(names.others[index]),
          }),
        ]),
        Plot.line(curve, { ...channels, stroke: colour, strokeWidth: 1.8 }),
        Plot.dot(curve, { ...channels, r: 2.6, fill: colour, title: title(names.estimator) }),
      ],
    }),
  };
}
