/** Small multiples: one panel a domain, in rows, with a title each and axis labels once. */

import * as Plot from '@observablehq/plot';
import { CHART_WIDTH, type ChartOptions, isNarrow } from './chart-options.ts';
import { type ChartDescription, chartSvg, placePlot } from './chart-svg.ts';
import { cleanText, shortLabel, textWidth } from './label.ts';
import { drawLegend, type LegendItem } from './legend.ts';
import { svgBlock, svgElement, svgText } from './svg-element.ts';
import { FONT_SIZE, MUTED } from './theme.ts';

export interface Panel {
  /** Name of the domain. */
  readonly title: string;
  readonly colour: string;
  /** A figure to stand right of the title. */
  readonly note?: string;
  /** Given the pixels between the axes' ends; width, height and margins are the grid's. */
  readonly plot: (innerWidth: number) => Plot.PlotOptions;
}

export interface PanelGridOptions extends ChartOptions {
  readonly description: ChartDescription;
  readonly xLabel: string;
  readonly yLabel: string;
  readonly legend?: readonly LegendItem[];
  readonly legendTitle?: string;
  /** What the notes of the panels are. */
  readonly noteLabel?: string;
  /** Height of the drawing in each panel over its width; defaults to 0.75. */
  readonly aspect?: number;
}

const TITLE_SIZE = FONT_SIZE + 1;
/** Of names that would have to be shortened. */
const SMALL_TITLE_SIZE = FONT_SIZE - 1;
/** How much wider bold letters are. */
const BOLD = 1.1;
const TITLE_HEIGHT = 24;
const GAP = 14;
const MARGIN = { left: 36, right: 14, top: 6, bottom: 20 };
const NARROW_GAP = 8;
const NARROW_MARGIN = { left: 40, right: 11, top: 6, bottom: 20 };

/** How many panels stand in a row: the last row is as full as can be. */
function panelColumns(count: number): number {
  if (count <= 4) return Math.max(count, 2);
  const empty = (columns: number): number => Math.ceil(count / columns) * columns - count;
  const choices = count >= 10 ? [4, 5] : [4, 3];
  return choices.reduce((best, columns) => (empty(columns) < empty(best) ? columns : best));
}

export function panelGrid(panels: readonly Panel[], options: PanelGridOptions): SVGSVGElement {
  const { document = globalThis.document, width = CHART_WIDTH, aspect = 0.75, description } = options;
  const narrow = isNarrow(width);
  const columns = narrow ? 2 : panelColumns(panels.length);
  const [gap, margin] = narrow ? [NARROW_GAP, NARROW_MARGIN] : [GAP, MARGIN];
  const panelWidth = Math.min((width - gap * (columns - 1)) / columns, 400);
  const innerWidth = panelWidth - margin.left - margin.right;
  const plotHeight = Math.round(innerWidth * aspect) + margin.top + margin.bottom;
  const legend = drawLegend(document, options.legend ?? [], width, options.legendTitle);
  const children: Element[] = [legend.element];
  let y = legend.height + (legend.height > 0 ? 8 : 0);
  const yLabel = svgBlock(document, `↑ ${options.yLabel}`, 0, y + 14, { fill: MUTED, width });
  children.push(...yLabel.elements);
  y += yLabel.extra;
  if (options.noteLabel !== undefined) {
    const right = columns * panelWidth + (columns - 1) * gap - margin.right;
    if (narrow) y += 18;
    const place = narrow ? { x: 0, anchor: 'start' as const } : { x: right, anchor: 'end' as const };
    const note = svgBlock(document, options.noteLabel, place.x, y + 14, { fill: MUTED, anchor: place.anchor, width });
    children.push(...note.elements);
    y += note.extra;
  }
  y += 24;
  panels.forEach((panel, index) => {
    const x = (index % columns) * (panelWidth + gap);
    const top = y + Math.floor(index / columns) * (TITLE_HEIGHT + plotHeight + 8);
    const titleLeft = narrow ? 0 : margin.left;
    children.push(...panelTitle(document, panel, x + titleLeft, top, panelWidth - titleLeft - margin.right));
    const plot = Plot.plot({
      ...panel.plot(innerWidth),
      document,
      width: panelWidth,
      height: plotHeight,
      marginLeft: margin.left,
      marginRight: margin.right,
      marginTop: margin.top,
      marginBottom: margin.bottom,
    });
    children.push(placePlot(document, plot, x, top + TITLE_HEIGHT, FONT_SIZE - 1));
  });
  y += Math.ceil(panels.length / columns) * (TITLE_HEIGHT + plotHeight + 8);
  const inLastRow = ((panels.length - 1) % columns) + 1;
  const right = inLastRow * (panelWidth + gap) - gap - margin.right;
  const xLabel = narrow
    ? svgBlock(document, `→ ${options.xLabel}`, 0, y + 8, { fill: MUTED, width })
    : svgBlock(document, `${options.xLabel} →`, right, y + 8, { fill: MUTED, anchor: 'end', width });
  children.push(...xLabel.elements);
  return chartSvg(document, description, width, y + xLabel.extra + 16, children);
}

function panelTitle(document: Document, panel: Panel, x: number, top: number, width: number): Element[] {
  const note = panel.note ?? '';
  const noteWidth = note === '' ? 0 : textWidth(note, FONT_SIZE) + 10;
  const room = width - noteWidth - 14;
  const size = textWidth(cleanText(panel.title), TITLE_SIZE * BOLD) <= room ? TITLE_SIZE : SMALL_TITLE_SIZE;
  const name = shortLabel(panel.title, room, size * BOLD);
  return [
    svgElement(document, 'rect', { x, y: top + 7, width: 9, height: 9, rx: 2, fill: panel.colour }),
    svgText(document, name, x + 14, top + 16, { size, weight: 600 }),
    ...(note === '' ? [] : [svgText(document, note, x + width, top + 16, { fill: MUTED, anchor: 'end' })]),
  ];
}
