/** What two groups of evaluation domains cost each other: their mean losses along the front, both axes in nats per token. */

import * as Plot from '@observablehq/plot';
import { CHART_WIDTH, type ChartOptions, isNarrow } from './chart-options.ts';
import { chartSvg, placePlot } from './chart-svg.ts';
import { paddedExtent } from './extent.ts';
import { shortLabel, textWidth } from './label.ts';
import { drawLegend, type LegendItem } from './legend.ts';
import { formatLoss } from './number-format.ts';
import { svgText } from './svg-element.ts';
import { BETTER, FONT_SIZE, GREY, INK, MUTED } from './theme.ts';

/** Weighted mean losses of the two groups, nats per token. */
interface FrontPoint {
  readonly first: number;
  readonly second: number;
}

export interface ParetoFrontData {
  /** What the groups are called: `code, math`. */
  readonly names: { readonly first: string; readonly second: string };
  /** From the best for the first group to the best for the second, each with its largest shares in words. */
  readonly points: readonly (FrontPoint & { readonly shares: string })[];
  readonly reference: (FrontPoint & { readonly name: string }) | null;
  /** Mixtures of runs, as predicted. */
  readonly runs: readonly FrontPoint[];
}

const HEIGHT = 420;
const MARGIN = { left: 58, right: 16, top: 12, bottom: 28 };
/** Runs farther from the front than this times its extent are left out: they would press it into a corner. */
const REACH = 1.5;
const FRONT = BETTER;
/** Above the first end and below the last: two lines of text, as a part of the axis. */
const ROOM_FOR_LABELS = 0.13;

/**
 * Draws the losses of two groups that can be had together.
 *
 * @example
 * ```js
 * import { paretoFrontChart } from 'bimix';
 *
 * const points = [
 *   { first: 1.1, second: 2.9, shares: 'code 60 %' },
 *   { first: 1.2, second: 2.8, shares: 'web 70 %' },
 * ];
 * const data = { names: { first: 'code', second: 'text' }, points, reference: null, runs: [] };
 * const svg = paretoFrontChart(data, { document });
 * ```
 */
export function paretoFrontChart(data: ParetoFrontData, options: ChartOptions = {}): SVGSVGElement {
  const { document = globalThis.document, width = CHART_WIDTH } = options;
  const { names, points, reference } = data;
  const runs = nearRuns(data);
  const drawn = [...points, ...runs, ...(reference === null ? [] : [reference])];
  const x = paddedExtent(drawn.map(point => point.first));
  const y = paddedExtent(
    drawn.map(point => point.second),
    ROOM_FOR_LABELS,
  );
  const plot = Plot.plot({
    document,
    width,
    height: HEIGHT,
    marginLeft: MARGIN.left,
    marginRight: MARGIN.right,
    marginTop: MARGIN.top,
    marginBottom: MARGIN.bottom,
    x: { domain: x, ticks: isNarrow(width) ? 4 : 7, tickSize: 3, label: null },
    y: { domain: y, ticks: 7, tickSize: 0, grid: true, label: null },
    marks: [
      Plot.dot(runs, { x: 'first', y: 'second', r: 2.5, fill: GREY, fillOpacity: 0.7 }),
      Plot.line(points, { x: 'first', y: 'second', stroke: FRONT, strokeWidth: 2, curve: 'monotone-x' }),
      Plot.dot(points, { x: 'first', y: 'second', r: 4, fill: FRONT, stroke: 'white' }),
      Plot.dot(reference === null ? [] : [reference], {
        ...{ x: 'first', y: 'second', r: 5, fill: 'white', stroke: INK, strokeWidth: 1.5 },
      }),
    ],
  });
  const legend: LegendItem[] = [
    { label: 'the front: neither group can do better without the other doing worse', symbol: 'line', colour: FRONT },
    { label: 'an optimum', symbol: 'dot', colour: FRONT },
    ...(data.runs.length === 0
      ? []
      : [{ label: runsLabel(data.runs.length, runs.length), symbol: 'dot', colour: GREY } as const]),
    ...(reference === null ? [] : [{ label: 'the reference mixture', symbol: 'ring', colour: INK } as const]),
  ];
  const head = drawLegend(document, legend, width);
  const top = head.height + 30;
  const right = width - MARGIN.right;
  const bottom = HEIGHT - MARGIN.bottom;
  const place = ({ first, second }: FrontPoint): [number, number] => [
    MARGIN.left + ((first - x[0]) / (x[1] - x[0])) * (right - MARGIN.left),
    top + bottom - ((second - y[0]) / (y[1] - y[0])) * (bottom - MARGIN.top),
  ];
  const axis = (name: string): string => shortLabel(name, width * (isNarrow(width) ? 0.4 : 0.6), FONT_SIZE);
  const children: Element[] = [
    head.element,
    svgText(document, `↑ mean loss of ${axis(names.second)}, nats per token`, 0, head.height + 16, { fill: MUTED }),
    placePlot(document, plot, 0, top, FONT_SIZE),
    svgText(document, `mean loss of ${axis(names.first)}, nats per token →`, right, top + HEIGHT + 12, {
      ...{ fill: MUTED, anchor: 'end' },
    }),
    ...endLabels(document, data, place, right),
  ];
  const [start, end] = [points[0], points[points.length - 1]];
  const description = {
    name: 'pareto-front',
    alt:
      `Mean loss of ${names.second} against mean loss of ${names.first}, nats per token, along ${points.length} optima: from ` +
      `${formatLoss(start.first)} and ${formatLoss(start.second)} to ${formatLoss(end.first)} and ${formatLoss(end.second)}.`,
  };
  return chartSvg(document, description, width, top + HEIGHT + 20, children);
}

function nearRuns({ points, runs }: ParetoFrontData): readonly FrontPoint[] {
  const [start, end] = [points[0], points[points.length - 1]];
  const right = end.first + REACH * Math.max(end.first - start.first, 1e-3 * end.first);
  const top = start.second + REACH * Math.max(start.second - end.second, 1e-3 * end.second);
  return runs.filter(({ first, second }) => first <= right && second <= top);
}

function runsLabel(all: number, shown: number): string {
  return shown === all
    ? 'mixture of a run, as predicted'
    : `mixture of a run, as predicted (${all - shown} lie beyond the frame)`;
}

/**
 * The two ends and the reference by name: the first end above it, the last below, where no line and few dots are; with a white
 * edge against those.
 */
function endLabels(
  document: Document,
  { names, points, reference }: ParetoFrontData,
  place: (point: FrontPoint) => [number, number],
  right: number,
): SVGElement[] {
  const label = (text: string, x: number, y: number, anchor: 'start' | 'end', weight: number): SVGElement => {
    const element = svgText(document, text, x, y, { anchor, weight, ...(weight === 400 ? { fill: MUTED } : {}) });
    const edge = { stroke: 'white', 'stroke-width': '4', 'stroke-linejoin': 'round', 'paint-order': 'stroke' };
    for (const [name, value] of Object.entries(edge)) element.setAttribute(name, value);
    return element;
  };
  const room = Math.min(220, right * 0.5);
  const best = (name: string): string => `best for ${shortLabel(name, room, FONT_SIZE)}`;
  const [startX, startY] = place(points[0]);
  const labels = [
    label(best(names.first), startX - 4, startY - 26, 'start', 600),
    label(points[0].shares, startX - 4, startY - 11, 'start', 400),
  ];
  if (points.length > 1) {
    const end = points[points.length - 1];
    const [endX, endY] = place(end);
    const x = Math.min(right, endX + 4);
    labels.push(label(best(names.second), x, endY + 19, 'end', 600), label(end.shares, x, endY + 34, 'end', 400));
  }
  if (reference !== null) {
    const [x, y] = place(reference);
    const name = shortLabel(reference.name, room, FONT_SIZE);
    const fits = x + 12 + textWidth(name, FONT_SIZE * 1.1) <= right;
    labels.push(label(name, fits ? x + 10 : x - 10, y - 8, fits ? 'start' : 'end', 600));
  }
  return labels;
}
