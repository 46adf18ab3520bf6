/** Every coefficient of a law with its standard error: a column of panels a coefficient, a row a domain. */

import * as Plot from '@observablehq/plot';
import { CHART_WIDTH, type ChartOptions } from './chart-options.ts';
import { chartSvg, placePlot } from './chart-svg.ts';
import { paddedExtent } from './extent.ts';
import { shortLabel, textWidth } from './label.ts';
import { drawLegend, type LegendItem } from './legend.ts';
import { formatCoefficient } from './number-format.ts';
import { rowHeightFor } from './row-chart.ts';
import { svgText } from './svg-element.ts';
import { FAINT, FONT_SIZE, GREY, MUTED, type Palette } from './theme.ts';
import { linearTicks, logTicks } from './ticks.ts';

export interface CoefficientValue {
  readonly value: number;
  /** Null where the fit gives none. */
  readonly standardError: number | null;
  readonly flag: 'none' | 'at bound' | 'not identified';
}

export interface CoefficientColumn {
  readonly symbol: string;
  /** `log` where values span orders of magnitude. */
  readonly scale: 'linear' | 'log';
  /** One a target; null where the target's law has no such coefficient. */
  readonly values: readonly (CoefficientValue | null)[];
}

const GAP = 18;
const TOP = 24;
const BOTTOM = 22;
/** Half the bar, in standard errors. */
const BAR = 2;

/** @param targets evaluation domains, in drawing order */
export function coefficientsChart(
  targets: readonly string[],
  columns: readonly CoefficientColumn[],
  palette: Palette,
  options: ChartOptions = {},
): SVGSVGElement {
  const { document = globalThis.document, width = CHART_WIDTH } = options;
  const rowHeight = rowHeightFor(targets.length);
  const labelWidth = Math.min(160, Math.max(...targets.map(target => textWidth(target, FONT_SIZE)))) + 8;
  const panelWidth = (width - labelWidth - GAP * columns.length) / columns.length;
  const height = targets.length * rowHeight + TOP + BOTTOM;
  const flagged = columns.flatMap(column => column.values).some(value => value !== null && value.flag !== 'none');
  const legend: LegendItem[] = [
    { label: 'estimate', symbol: 'dot', colour: GREY },
    { label: `± ${BAR} standard errors`, symbol: 'line', colour: GREY },
  ];
  if (flagged) legend.push({ label: 'at a bound or not identified', symbol: 'ring', colour: GREY });
  const head = drawLegend(document, legend, width);
  const top = head.height + 6;
  const children: Element[] = [head.element];
  targets.forEach((target, row) => {
    const label = shortLabel(target, labelWidth - 8, FONT_SIZE);
    children.push(svgText(document, label, labelWidth - 4, top + TOP + (row + 0.5) * rowHeight + 4, { anchor: 'end' }));
  });
  columns.forEach((column, index) => {
    const x = labelWidth + GAP * (index + 0.5) + panelWidth * index;
    const plot = drawColumn(document, targets, column, palette, { width: panelWidth, height });
    children.push(
      svgText(document, column.symbol, x + panelWidth / 2, top + 14, { anchor: 'middle', weight: 600, size: 14 }),
      placePlot(document, plot, x, top, FONT_SIZE - 1),
    );
  });
  const symbols = columns.map(column => column.symbol).join(', ');
  const alt = `Coefficients ${symbols} of ${targets.length} domains with ${BAR} standard errors either side.`;
  return chartSvg(document, { name: 'coefficients', alt }, width, top + height + 4, children);
}

function drawColumn(
  document: Document,
  targets: readonly string[],
  column: CoefficientColumn,
  palette: Palette,
  size: { width: number; height: number },
): Element {
  const points = column.values.flatMap((value, index) => {
    return value === null ? [] : [{ ...value, target: targets[index] }];
  });
  const log = column.scale === 'log' && points.every(point => point.value > 0);
  const domain = log ? logDomain(points.map(point => point.value)) : linearDomain(points);
  const ticks = log ? logTicks(domain, 3) : linearTicks(domain, size.width, formatCoefficient, 4);
  const bars = points.flatMap(({ target, value, standardError }) => {
    if (standardError === null) return [];
    const from = log ? value * Math.exp((-BAR * standardError) / value) : value - BAR * standardError;
    const to = log ? value * Math.exp((BAR * standardError) / value) : value + BAR * standardError;
    return [{ target, from: Math.max(from, domain[0]), to: Math.min(to, domain[1]) }];
  });
  const colour = (point: { target: string }): string => palette.get(point.target) ?? GREY;
  const title = (point: (typeof points)[number]): string => {
    const error = point.standardError === null ? '' : ` ± ${formatCoefficient(point.standardError)}`;
    return `${point.target}: ${column.symbol} = ${formatCoefficient(point.value)}${error}`;
  };
  return Plot.plot({
    document,
    ...size,
    marginLeft: 4,
    marginRight: 8,
    marginTop: TOP,
    marginBottom: BOTTOM,
    x: { type: log ? 'log' : 'linear', domain },
    y: { type: 'band', domain: targets, padding: 0, round: false, axis: null },
    marks: [
      Plot.gridX({ stroke: FAINT, strokeOpacity: 1, ticks }),
      Plot.axisX({ ticks, label: null, tickSize: 0, color: MUTED, tickFormat: formatCoefficient }),
      Plot.ruleY(targets, { y: target => target, stroke: FAINT, strokeWidth: 0.7 }),
      Plot.ruleY(bars, { y: 'target', x1: 'from', x2: 'to', stroke: colour, strokeWidth: 1.6 }),
      Plot.dot(points, {
        x: 'value',
        y: 'target',
        r: 3.5,
        fill: point => (point.flag === 'none' ? colour(point) : 'white'),
        stroke: point => (point.flag === 'none' ? 'white' : colour(point)),
        strokeWidth: 1.2,
        title,
      }),
    ],
  });
}

/** Wide enough for the estimates, and for bars up to as far again: an endless bar must not flatten the rest. */
function linearDomain(points: readonly CoefficientValue[]): [number, number] {
  const [low, high] = paddedExtent(
    points.map(point => point.value),
    0.1,
  );
  const reach = high - low;
  const ends = points.flatMap(({ value, standardError }) =>
    standardError === null ? [] : [value - BAR * standardError, value + BAR * standardError],
  );
  return [
    Math.max(Math.min(low, ...ends), low - reach / 2, low >= 0 ? 0 : Number.NEGATIVE_INFINITY),
    Math.min(Math.max(high, ...ends), high + reach / 2),
  ];
}

function logDomain(values: readonly number[]): [number, number] {
  const [low, high] = paddedExtent(values.map(Math.log), 0.15);
  return [Math.exp(low), Math.exp(high)];
}
