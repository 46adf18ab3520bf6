/** Charts with one row a domain: labels left, drawing in the middle, columns of figures right. */

import * as Plot from '@observablehq/plot';
import { CHART_WIDTH, type ChartOptions, isNarrow } from './chart-options.ts';
import { type ChartDescription, chartSvg, placePlot } from './chart-svg.ts';
import { cleanText, shortLabel, textWidth, wrapText } from './label.ts';
import { drawLegend, type LegendItem } from './legend.ts';
import { svgBlock, svgElement, svgText } from './svg-element.ts';
import { FAINT, FONT_SIZE, INK, MUTED } from './theme.ts';

export interface RowColumn {
  readonly title: string;
  /** One text a row, in the order of `rows`. */
  readonly texts: readonly string[];
}

interface RowAxis {
  readonly type?: 'linear' | 'sqrt';
  readonly domain: readonly [number, number];
  readonly ticks: readonly number[];
  readonly tickFormat: (value: number) => string;
}

export interface RowChartOptions extends ChartOptions {
  readonly description: ChartDescription;
  /** Keys of the rows, top first, as the marks' y channel names them. */
  readonly rows: readonly string[];
  /** Pixels between the ends of the axis are given, so that ticks can be chosen. */
  readonly x: (innerWidth: number) => RowAxis;
  readonly xLabel: string;
  readonly marks: readonly Plot.Markish[];
  readonly columns?: readonly RowColumn[];
  readonly legend?: readonly LegendItem[];
  /** Defaults to 24 for few rows, less for many. */
  readonly rowHeight?: number;
}

const MAX_LABEL = 190;
const AXIS_HEIGHT = 22;
const MARGIN_RIGHT = 16;

/** Less room for each row where there are many, so that 64 domains still stand on one page. */
export function rowHeightFor(rows: number): number {
  return rows <= 12 ? 26 : rows <= 24 ? 21 : 16;
}

/** Pixels that a bar is high. */
export function barHeightFor(rows: number, { width = CHART_WIDTH }: ChartOptions): number {
  return isNarrow(width) ? NARROW_BAR : BAR_PART * rowHeightFor(rows);
}

/** Of a row. */
const BAR_PART = 0.74;
const NARROW_BAR = 14;

export function rowChart(options: RowChartOptions): SVGSVGElement {
  if (isNarrow(options.width ?? CHART_WIDTH)) return narrowRowChart(options);
  const { document = globalThis.document, width = CHART_WIDTH, rows, columns = [], description } = options;
  const rowHeight = options.rowHeight ?? rowHeightFor(rows.length);
  const labelWidth = Math.min(MAX_LABEL, Math.max(...rows.map(row => textWidth(cleanText(row), FONT_SIZE)))) + 10;
  const columnWidths = columns.map(
    column => Math.max(...[column.title, ...column.texts].map(text => textWidth(text, FONT_SIZE))) + 16,
  );
  const plotWidth = width - columnWidths.reduce((sum, column) => sum + column, 0) - 4;
  const legend = drawLegend(document, options.legend ?? [], width);
  const top = legend.height + (legend.height > 0 ? 6 : 0);
  const body = rows.length * rowHeight;
  const { ticks, tickFormat, ...scale } = options.x(plotWidth - labelWidth - MARGIN_RIGHT);
  const axis = { ticks, tickFormat, label: null, tickSize: 0, color: MUTED };
  const plot = Plot.plot({
    document,
    width: plotWidth,
    height: body + AXIS_HEIGHT + 24,
    marginLeft: labelWidth,
    marginRight: MARGIN_RIGHT,
    marginTop: 24,
    marginBottom: AXIS_HEIGHT,
    x: scale,
    // Outer padding of half the inner one makes every row exactly `rowHeight` high, as the columns beside it are.
    y: { domain: rows, paddingInner: 1 - BAR_PART, paddingOuter: (1 - BAR_PART) / 2, round: false, axis: null },
    marks: [
      Plot.gridX({ ticks, stroke: FAINT, strokeOpacity: 1 }),
      Plot.axisX({ ...axis, anchor: 'bottom' }),
      ...(rows.length > 16 ? [Plot.axisX({ ...axis, anchor: 'top' })] : []),
      Plot.text(rows, {
        x: null,
        y: row => row,
        text: row => shortLabel(row, MAX_LABEL, FONT_SIZE),
        title: row => (shortLabel(row, MAX_LABEL, FONT_SIZE) === row ? null : cleanText(row)),
        frameAnchor: 'left',
        textAnchor: 'end',
        dx: -8,
      }),
      ...options.marks,
    ],
  });
  const children: Element[] = [
    legend.element,
    placePlot(document, plot, 0, top, FONT_SIZE),
    svgText(document, `${options.xLabel} →`, plotWidth - MARGIN_RIGHT, top + body + AXIS_HEIGHT + 40, {
      fill: MUTED,
      anchor: 'end',
    }),
  ];
  let right = plotWidth;
  columns.forEach((column, index) => {
    right += columnWidths[index];
    children.push(svgText(document, column.title, right, top + 14, { fill: MUTED, anchor: 'end' }));
    column.texts.forEach((text, row) => {
      const y = top + 24 + (row + 0.5) * rowHeight + 4;
      children.push(svgText(document, text, right, y, { fill: INK, anchor: 'end' }));
    });
  });
  return chartSvg(document, description, width, top + body + AXIS_HEIGHT + 48, children);
}

const NARROW_ROW = 38;
/** Above each bar, for the name and the figures. */
const NARROW_LABEL = 19;
const NARROW_MARGIN = 14;
/** Names keep this much room; columns that would take it are left to the table. */
const MIN_LABEL = 110;

/** Name and figures on a line of their own above each bar, which is as wide as the screen. */
function narrowRowChart(options: RowChartOptions): SVGSVGElement {
  const { document = globalThis.document, width = CHART_WIDTH, rows, description } = options;
  const legend = drawLegend(document, options.legend ?? [], width);
  // A white edge against the lines of the grid, which pass behind.
  const edge = { stroke: 'white', 'stroke-width': 4, 'stroke-linejoin': 'round', 'paint-order': 'stroke' };
  const words = svgElement(document, 'g', edge);
  const { columns, right } = narrowColumns(options.columns ?? [], width);
  const titles = columns.map(column => wrapText(column.title, column.width, FONT_SIZE));
  const head = Math.max(0, ...titles.map(lines => lines.length)) * 15;
  const top = legend.height + head + 4;
  const labelRoom = width - columns.reduce((sum, column) => sum + column.width, 0) - 6;
  columns.forEach(({ texts }, index) => {
    titles[index].forEach((line, n, lines) => {
      const y = top - (lines.length - 1 - n) * 15 - 2;
      words.append(svgText(document, line, right[index], y, { fill: MUTED, anchor: 'end' }));
    });
    texts.forEach((text, row) => {
      words.append(svgText(document, text, right[index], top + row * NARROW_ROW + 14, { anchor: 'end' }));
    });
  });
  rows.forEach((row, index) => {
    words.append(svgText(document, shortLabel(row, labelRoom, FONT_SIZE), 0, top + index * NARROW_ROW + 14));
  });
  const { ticks, tickFormat, ...scale } = options.x(width - 2 * NARROW_MARGIN);
  const body = rows.length * NARROW_ROW;
  const axis = { ticks, tickFormat, label: null, tickSize: 0, color: MUTED };
  const plot = Plot.plot({
    document,
    width,
    height: body + AXIS_HEIGHT,
    marginLeft: NARROW_MARGIN,
    marginRight: NARROW_MARGIN,
    marginTop: 0,
    marginBottom: AXIS_HEIGHT,
    x: scale,
    y: {
      domain: rows,
      paddingInner: 1 - NARROW_BAR / NARROW_ROW,
      paddingOuter: (1 - NARROW_BAR / NARROW_ROW) / 2,
      round: false,
      axis: null,
    },
    marks: [
      Plot.gridX({ ticks, stroke: FAINT, strokeOpacity: 1 }),
      Plot.axisX({ ...axis, anchor: 'bottom' }),
      ...options.marks,
    ],
  });
  const down = NARROW_LABEL - (NARROW_ROW - NARROW_BAR) / 2;
  const xLabel = svgBlock(document, `${options.xLabel} →`, width, top + down + body + AXIS_HEIGHT + 12, {
    fill: MUTED,
    anchor: 'end',
    width,
  });
  const children = [legend.element, placePlot(document, plot, 0, top + down, FONT_SIZE), words, ...xLabel.elements];
  return chartSvg(document, description, width, top + down + body + AXIS_HEIGHT + xLabel.extra + 18, children);
}

/** The columns that leave the names their room, the last ones first, and where each ends. */
function narrowColumns(
  columns: readonly RowColumn[],
  width: number,
): { columns: (RowColumn & { readonly width: number })[]; right: number[] } {
  const sized = columns.map(column => {
    const words = [...column.texts, ...column.title.split(' ')];
    return { ...column, width: Math.max(...words.map(text => textWidth(text, FONT_SIZE))) + 12 };
  });
  const sum = (): number => sized.reduce((all, column) => all + column.width, 0);
  while (sized.length > 1 && width - sum() < MIN_LABEL) sized.shift();
  let end = width - sum();
  const right = sized.map(column => {
    end += column.width;
    return end;
  });
  return { columns: sized, right };
}
