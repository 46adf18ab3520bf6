/** Columns of panels over the same rows: one panel a quantity, one row a domain, labels once at the left. */

import * as Plot from '@observablehq/plot';
import { CHART_WIDTH, type ChartOptions, isNarrow } from './chart-options.ts';
import { type ChartDescription, chartSvg, placePlot } from './chart-svg.ts';
import { shortLabel, textWidth } from './label.ts';
import { drawLegend, type LegendItem } from './legend.ts';
import { rowHeightFor } from './row-chart.ts';
import { svgText } from './svg-element.ts';
import { FAINT, FONT_SIZE, MUTED } from './theme.ts';

export interface RowPanel {
  readonly title: string;
  /** Given the pixels of the panel. */
  readonly plot: (width: number) => {
    readonly x: { readonly type: 'linear' | 'log'; readonly domain: readonly [number, number] };
    readonly ticks: readonly number[];
    readonly tickFormat: (value: number) => string;
    readonly marks: readonly Plot.Markish[];
  };
}

export interface RowPanelsOptions extends ChartOptions {
  readonly description: ChartDescription;
  /** Keys of the rows, top first, as the marks' y channel names them. */
  readonly rows: readonly string[];
  readonly legend: readonly LegendItem[];
  readonly legendTitle?: string;
}

/** Pixels right and left of the axis of a panel. */
export const PANEL_MARGIN = { left: 4, right: 8 };
const GAP = 18;
/** On a phone the panels stand one below the other. */
const NARROW_GAP = 14;
/** Half of the last tick's words. */
const NARROW_END = 8;
const MAX_LABEL = 160;
const NARROW_LABEL = 104;
const TITLE_HEIGHT = 24;
const AXIS_HEIGHT = 16;
/** Longer panels have their axis at the top too. */
const LONG = 16;
const BOTTOM = 22;

export function rowPanels(panels: readonly RowPanel[], options: RowPanelsOptions): SVGSVGElement {
  const { document = globalThis.document, width = CHART_WIDTH, rows, description } = options;
  const narrow = isNarrow(width);
  const rowHeight = rowHeightFor(rows.length);
  const longest = Math.max(...rows.map(row => textWidth(row, FONT_SIZE)));
  const labelWidth = Math.min(narrow ? NARROW_LABEL : MAX_LABEL, longest) + 8;
  const columns = narrow ? 1 : panels.length;
  const panelWidth = (width - labelWidth - (narrow ? NARROW_END : GAP * columns)) / columns;
  const isLong = rows.length > LONG;
  const marginTop = TITLE_HEIGHT + (isLong ? AXIS_HEIGHT : 0);
  const height = rows.length * rowHeight + marginTop + BOTTOM;
  const legend = drawLegend(document, options.legend, width, options.legendTitle);
  const children: Element[] = [legend.element];
  const drawLabels = (top: number): void => {
    rows.forEach((row, index) => {
      const label = shortLabel(row, labelWidth - 8, FONT_SIZE);
      const y = top + marginTop + (index + 0.5) * rowHeight + 4;
      children.push(svgText(document, label, labelWidth - 4, y, { anchor: 'end' }));
    });
  };
  panels.forEach((panel, index) => {
    const x = narrow ? labelWidth : labelWidth + GAP * (index + 0.5) + panelWidth * index;
    const top = legend.height + 6 + (narrow ? index * (height + NARROW_GAP) : 0);
    if (narrow || index === 0) drawLabels(top);
    const { ticks, tickFormat, marks, ...scale } = panel.plot(panelWidth);
    const axis = { ticks, label: null, tickSize: 0, color: MUTED, tickFormat };
    const plot = Plot.plot({
      document,
      width: panelWidth,
      height,
      marginLeft: PANEL_MARGIN.left,
      marginRight: PANEL_MARGIN.right,
      marginTop,
      marginBottom: BOTTOM,
      x: scale.x,
      y: { type: 'band', domain: rows, padding: 0, round: false, axis: null },
      marks: [
        Plot.gridX({ stroke: FAINT, strokeOpacity: 1, ticks }),
        Plot.axisX({ ...axis, anchor: 'bottom' }),
        ...(isLong ? [Plot.axisX({ ...axis, anchor: 'top' })] : []),
        Plot.ruleY(rows, { y: row => row, stroke: FAINT, strokeWidth: 0.7 }),
        ...marks,
      ],
    });
    children.push(
      svgText(document, panel.title, x + panelWidth / 2, top + 14, { anchor: 'middle', weight: 600, size: 14 }),
      placePlot(document, plot, x, top, FONT_SIZE - 1),
    );
  });
  const rowsOfPanels = narrow ? panels.length : 1;
  const bottom = legend.height + 6 + rowsOfPanels * height + (rowsOfPanels - 1) * NARROW_GAP;
  return chartSvg(document, description, width, bottom + 4, children);
}
