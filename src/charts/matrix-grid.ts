/** A matrix of numbers as coloured cells, with the numbers in them where there is room. */

import { CHART_WIDTH, type ChartOptions, isNarrow } from './chart-options.ts';
import { type ChartDescription, chartSvg } from './chart-svg.ts';
import { cleanText, shortLabel, textWidth } from './label.ts';
import { drawLegend, type LegendItem } from './legend.ts';
import { svgElement, svgText } from './svg-element.ts';
import { FONT_SIZE, INK, MATRIX_COLOURS, NO_VALUE } from './theme.ts';

export interface MatrixGridOptions extends ChartOptions {
  readonly description: ChartDescription;
  readonly rows: readonly string[];
  readonly columns: readonly string[];
  /** rows x columns; null for cells that have no value by their nature. */
  readonly values: readonly (readonly (number | null)[])[];
  /** Lower edges of the classes after the first, ascending. */
  readonly edges: readonly number[];
  /** One more than edges, from `MATRIX_COLOURS`. */
  readonly colours: readonly string[];
  readonly cellText: (value: number | null) => string;
  readonly legendTitle: string;
}

/** Text on these is white. */
/** Narrower, and columns could not be named. */
const MIN_CELL = 15;

const DARK = new Set(MATRIX_COLOURS.slice(-2));

export function matrixGrid(options: MatrixGridOptions): SVGSVGElement {
  const { document = globalThis.document, width = CHART_WIDTH, rows, columns, edges, colours } = options;
  const narrow = isNarrow(width);
  const labelWidth =
    Math.min(narrow ? 92 : 150, Math.max(...rows.map(name => textWidth(cleanText(name), FONT_SIZE)))) + 8;
  const cell = Math.max(narrow ? MIN_CELL : 0, Math.min(120, (width - labelWidth) / columns.length));
  const inAll = Math.max(width, labelWidth + columns.length * cell);
  const cellHeight = Math.min(30, Math.max(13, cell));
  const texts = options.values.map(row => row.map(options.cellText));
  const widest = Math.max(...texts.flat().map(text => textWidth(text, FONT_SIZE)));
  const small = cell < (narrow ? widest - 2 : 44);
  const legend = drawLegend(document, legendItems(edges, colours), width, options.legendTitle);
  const longest = Math.max(...columns.map(name => textWidth(cleanText(name), FONT_SIZE)));
  const upright = longest > cell - 6;
  const top = legend.height + 12 + (upright ? Math.min(120, longest) + 6 : 20);
  const children: Element[] = [legend.element];
  columns.forEach((name, column) => {
    const x = labelWidth + (column + 0.5) * cell;
    const size = Math.min(FONT_SIZE, cell - 1);
    const label = svgText(document, shortLabel(name, upright ? 120 : cell, size), x, top - 8, {
      anchor: upright ? 'start' : 'middle',
      size,
    });
    if (upright) label.setAttribute('transform', `rotate(-90 ${x + size / 3} ${top - 8})`);
    if (upright) label.setAttribute('x', String(x + size / 3));
    children.push(label);
  });
  rows.forEach((rowName, row) => {
    const y = top + row * cellHeight;
    const size = Math.min(FONT_SIZE, cellHeight);
    const name = shortLabel(rowName, labelWidth - 8, size);
    children.push(svgText(document, name, labelWidth - 6, y + cellHeight / 2 + size / 3, { anchor: 'end', size }));
    options.values[row].forEach((value, column) => {
      const x = labelWidth + column * cell;
      const fill = value === null ? NO_VALUE : colours[edges.filter(edge => edge <= value).length];
      const box = { x, y, width: cell - 1, height: cellHeight - 1, fill };
      children.push(svgElement(document, 'rect', box));
      if (small) return;
      const style = { anchor: 'middle', fill: DARK.has(fill) ? 'white' : INK } as const;
      children.push(svgText(document, texts[row][column], x + cell / 2, y + cellHeight / 2 + 4, style));
    });
  });
  return chartSvg(document, options.description, inAll, top + rows.length * cellHeight + 4, children, narrow);
}

function legendItems(edges: readonly number[], colours: readonly string[]): LegendItem[] {
  return colours.map((colour, index) => {
    const label =
      index === 0
        ? `below ${edges[0]}`
        : index === edges.length
          ? `${edges[index - 1]} or more`
          : `${edges[index - 1]}–${edges[index]}`;
    return { label, symbol: 'bar', colour };
  });
}
