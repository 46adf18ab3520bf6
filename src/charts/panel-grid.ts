/** Small multiples: one panel a domain, in rows, with a title each and axis labels once. */

import * as Plot from '@observablehq/plot';
import { CHART_WIDTH, type ChartOptions } from './chart-options.ts';
import { type ChartDescription, chartSvg, placePlot } from './chart-svg.ts';
import { shortLabel, textWidth } from './label.ts';
import { drawLegend, type LegendItem } from './legend.ts';
import { svgElement, svgText } from './svg-element.ts';
import { FONT_SIZE, MUTED } from './theme.ts';

export interface Panel {
  /** Name of the domain. */
  readonly title: string;
  readonly colour: string;
  /** A figure to stand right of the title. */
  readonly note?: string;
  /** Width, height and margins are the grid's. */
  readonly plot: Plot.PlotOptions;
}

export interface PanelGridOptions extends ChartOptions {
  readonly description: ChartDescription;
  readonly xLabel: string;
  readonly yLabel: string;
  readonly legend?: readonly LegendItem[];
  readonly legendTitle?: string;
  /** Height of the drawing in each panel over its width; defaults to 0.75. */
  readonly aspect?: number;
}

const TITLE_HEIGHT = 24;
const GAP = 14;
const MARGIN = { left: 40, right: 8, top: 6, bottom: 22 };

/** How many panels stand in a row, so that the last row is as full as can be. */
export function panelColumns(count: number): number {
  if (count <= 4) return Math.max(count, 2);
  return count % 4 !== 1 && count !== 6 ? 4 : 3;
}

export function panelGrid(panels: readonly Panel[], options: PanelGridOptions): SVGSVGElement {
  const { document = globalThis.document, width = CHART_WIDTH, aspect = 0.75, description } = options;
  const columns = panelColumns(panels.length);
  const panelWidth = Math.min((width - GAP * (columns - 1)) / columns, 400);
  const plotHeight = Math.round((panelWidth - MARGIN.left - MARGIN.right) * aspect) + MARGIN.top + MARGIN.bottom;
  const legend = drawLegend(document, options.legend ?? [], width, options.legendTitle);
  const children: Element[] = [legend.element];
  let y = legend.height + (legend.height > 0 ? 8 : 0);
  children.push(svgText(document, `↑ ${options.yLabel}`, 0, y + 14, { fill: MUTED }));
  y += 24;
  panels.forEach((panel, index) => {
    const x = (index % columns) * (panelWidth + GAP);
    const top = y + Math.floor(index / columns) * (TITLE_HEIGHT + plotHeight + 8);
    children.push(...panelTitle(document, panel, x + MARGIN.left, top, panelWidth - MARGIN.left - MARGIN.right));
    const plot = Plot.plot({
      ...panel.plot,
      document,
      width: panelWidth,
      height: plotHeight,
      marginLeft: MARGIN.left,
      marginRight: MARGIN.right,
      marginTop: MARGIN.top,
      marginBottom: MARGIN.bottom,
    });
    const placed = placePlot(plot, x, top + TITLE_HEIGHT);
    children.push(svgElement(document, 'g', { 'font-size': FONT_SIZE - 1 }, [placed]));
  });
  y += Math.ceil(panels.length / columns) * (TITLE_HEIGHT + plotHeight + 8);
  const right = columns * panelWidth + (columns - 1) * GAP - MARGIN.right;
  children.push(svgText(document, `${options.xLabel} →`, right, y + 12, { fill: MUTED, anchor: 'end' }));
  return chartSvg(document, description, width, y + 20, children);
}

function panelTitle(document: Document, panel: Panel, x: number, top: number, width: number): Element[] {
  const note = panel.note ?? '';
  const noteWidth = note === '' ? 0 : textWidth(note, FONT_SIZE) + 8;
  const name = shortLabel(panel.title, width - noteWidth - 14, FONT_SIZE + 1);
  return [
    svgElement(document, 'rect', { x, y: top + 7, width: 9, height: 9, rx: 2, fill: panel.colour }),
    svgText(document, name, x + 14, top + 16, { size: FONT_SIZE + 1, weight: 600 }),
    ...(note === '' ? [] : [svgText(document, note, x + width, top + 16, { fill: MUTED, anchor: 'end' })]),
  ];
}
