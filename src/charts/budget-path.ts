/** How the best mixture moves with the budget: one line a domain, named at its end. */

import * as Plot from '@observablehq/plot';
import { formatQuantity } from '../mixture/index.ts';
import { CHART_WIDTH, type ChartOptions, isNarrow } from './chart-options.ts';
import { chartSvg, placePlot } from './chart-svg.ts';
import { shortLabel, textWidth } from './label.ts';
import { spreadLabels } from './label-column.ts';
import { drawLegend, type LegendItem } from './legend.ts';
import { formatShare, shareTick } from './number-format.ts';
import { svgElement, svgText } from './svg-element.ts';
import { FAINT, FONT_SIZE, GREY, INK, MUTED, type Palette } from './theme.ts';
import { logTicks } from './ticks.ts';

export interface BudgetPathData {
  /** Budgets, ascending; at least two. */
  readonly volumes: readonly number[];
  readonly unit: 'tokens' | 'steps';
  /** Best share of tokens at each budget, by training domain; drawn in this order. */
  readonly lines: readonly { readonly domain: string; readonly shares: readonly number[] }[];
  /** Smallest and largest volume of the runs: outside, the law extrapolates. Null where not known. */
  readonly measured: readonly [number, number] | null;
  /** The budget asked for, if within the path. */
  readonly budget: number | null;
}

const HEIGHT = 380;
const MARGIN = { left: 44, top: 10, bottom: 26 };
const LABEL_GAP = 15;

/**
 * Draws how the best mixture moves with the budget.
 *
 * @example
 * ```js
 * import { budgetPathChart, domainPalette } from 'bimix';
 *
 * const lines = [
 *   { domain: 'web', shares: [0.7, 0.6] },
 *   { domain: 'code', shares: [0.3, 0.4] },
 * ];
 * const data = { volumes: [1e9, 1e10], unit: 'tokens', lines, measured: null, budget: null };
 * const svg = budgetPathChart(data, domainPalette(['web', 'code']), { document });
 * ```
 */
export function budgetPathChart(data: BudgetPathData, palette: Palette, options: ChartOptions = {}): SVGSVGElement {
  const { document = globalThis.document, width = CHART_WIDTH } = options;
  const narrow = isNarrow(width);
  const { volumes, unit, lines, measured, budget } = data;
  const first = volumes[0];
  const last = volumes[volumes.length - 1];
  const labels = lines.map(line => {
    const share = formatShare(line.shares[line.shares.length - 1]);
    return { name: shortLabel(line.domain, narrow ? 84 : 150, FONT_SIZE), share };
  });
  const labelWidth = narrow
    ? Math.max(
        ...labels.map(({ name, share }) => Math.max(textWidth(name, FONT_SIZE * 1.1), textWidth(share, FONT_SIZE))),
      ) + 24
    : Math.max(...labels.map(({ name, share }) => textWidth(name, FONT_SIZE * 1.1) + textWidth(share, FONT_SIZE))) + 36;
  const plotWidth = width - labelWidth;
  const largest = Math.max(...lines.flatMap(line => line.shares)) * 1.05;
  const from = Math.max(measured?.[0] ?? last, first);
  const to = Math.min(measured?.[1] ?? first, last);
  const points = lines.flatMap(line => line.shares.map((share, i) => ({ ...line, share, volume: volumes[i] })));
  const colour = (domain: string): string => palette.get(domain) ?? GREY;
  const plot = Plot.plot({
    document,
    width: plotWidth,
    height: HEIGHT,
    marginLeft: MARGIN.left,
    marginRight: 0,
    marginTop: MARGIN.top,
    marginBottom: MARGIN.bottom,
    x: {
      type: 'log',
      domain: [first, last],
      ticks: logTicks([first, last], narrow ? 4 : 8),
      tickFormat: formatQuantity,
      label: null,
      tickSize: 3,
    },
    y: { domain: [0, largest], grid: true, tickFormat: shareTick, label: null, ticks: 6, tickSize: 0 },
    marks: [
      ...(from < to ? [Plot.rectX([0], { x1: from, x2: to, fill: FAINT, fillOpacity: 0.6 })] : []),
      ...(budget === null ? [] : [Plot.ruleX([budget], { stroke: INK, strokeDasharray: '4 3' })]),
      Plot.line(points, { x: 'volume', y: 'share', z: 'domain', stroke: d => colour(d.domain), strokeWidth: 2 }),
    ],
  });
  const legend: LegendItem[] = [];
  if (from < to) legend.push({ label: 'volumes that the runs were measured at', symbol: 'bar', colour: FAINT });
  if (budget !== null)
    legend.push({ label: `the budget, ${formatQuantity(budget)} ${unit}`, symbol: 'dashes', colour: INK });
  const head = drawLegend(document, legend, width);
  const top = head.height + 30;
  const bottom = HEIGHT - MARGIN.bottom;
  const yOf = (share: number): number => bottom - (share / largest) * (bottom - MARGIN.top);
  const ends = lines.map(line => yOf(line.shares[line.shares.length - 1]));
  const heights = spreadLabels(ends, narrow ? 2 * LABEL_GAP : LABEL_GAP, MARGIN.top, bottom);
  const children: Element[] = [
    head.element,
    svgText(document, '↑ best share of tokens', 0, head.height + 16, { fill: MUTED }),
    placePlot(document, plot, 0, top, FONT_SIZE),
    svgText(document, `budget, training ${unit} →`, plotWidth, top + HEIGHT + 12, { fill: MUTED, anchor: 'end' }),
  ];
  labels.forEach(({ name, share }, index) => {
    const y = top + heights[index];
    const leader = `M${plotWidth + 2},${top + ends[index]}L${plotWidth + 16},${y}`;
    children.push(
      svgElement(document, 'path', { d: leader, stroke: colour(lines[index].domain), fill: 'none' }),
      svgText(document, name, plotWidth + 20, y + 4, { weight: 600 }),
      narrow
        ? svgText(document, share, plotWidth + 20, y + 4 + LABEL_GAP - 1, { fill: MUTED })
        : svgText(document, share, width, y + 4, { fill: MUTED, anchor: 'end' }),
    );
  });
  const description = {
    name: 'budget-path',
    alt: `Best share of tokens of ${lines.length} domains against the budget from ${formatQuantity(first)} to ${formatQuantity(last)} ${unit}. ${lines
      .slice(0, 3)
      .map(
        ({ domain, shares }) => `${domain}: ${formatShare(Math.min(...shares))} to ${formatShare(Math.max(...shares))}`,
      )
      .join('; ')}.`,
  };
  return chartSvg(document, description, width, top + HEIGHT + 20, children);
}
