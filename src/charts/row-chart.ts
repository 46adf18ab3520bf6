/** Charts with one row a domain: labels left, drawing in the middle, columns of figures right. */

import * as Plot from '@observablehq/plot';
import { CHART_WIDTH, type ChartOptions } from './chart-options.ts';
import { type ChartDescription, chartSvg, placePlot } from './chart-svg.ts';
import { cleanText, shortLabel, textWidth } from './label.ts';
import { drawLegend, type LegendItem } from './legend.ts';
import { svgText } from './svg-element.ts';
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

export function rowChart(options: RowChartOptions): SVGSVGElement {
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
    y: { domain: rows, paddingInner: 0.26, paddingOuter: 0.13, round: false, axis: null },
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
