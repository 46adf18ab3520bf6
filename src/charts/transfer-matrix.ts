/** How much a token of one training domain (columns) helps each evaluation domain (rows). */

import { CHART_WIDTH, type ChartOptions } from './chart-options.ts';
import { chartSvg } from './chart-svg.ts';
import { cleanText, shortLabel, textWidth } from './label.ts';
import { drawLegend } from './legend.ts';
import { svgElement, svgText } from './svg-element.ts';
import { FONT_SIZE, INK } from './theme.ts';

export interface TransferMatrix {
  /** Evaluation domains. */
  readonly targets: readonly string[];
  /** Training domains. */
  readonly sources: readonly string[];
  /** targets x sources: t, where a token of the own domain is worth 1; null for the own domain. */
  readonly weights: readonly (readonly (number | null)[])[];
}

/** Lower edges of the classes after the first. */
const EDGES = [0.001, 0.01, 0.03, 0.1, 0.3, 1];
const COLOURS = ['#f7f9fb', '#e1ebf3', '#c3d8e8', '#94bcd8', '#5f9bc3', '#2a76a8', '#08457a'];
const OWN = '#c9ced3';

export function transferMatrixChart(matrix: TransferMatrix, options: ChartOptions = {}): SVGSVGElement {
  const { document = globalThis.document, width = CHART_WIDTH } = options;
  const { targets, sources, weights } = matrix;
  const labelWidth = Math.min(150, Math.max(...targets.map(name => textWidth(cleanText(name), FONT_SIZE)))) + 8;
  const cell = Math.min(120, (width - labelWidth) / sources.length);
  const cellHeight = Math.min(30, Math.max(13, cell));
  const small = cell < 44;
  const legend = drawLegend(document, legendItems(), width, 'Help from a token, own = 1');
  const longest = Math.max(...sources.map(name => textWidth(cleanText(name), FONT_SIZE)));
  const upright = longest > cell - 6;
  const top = legend.height + 12 + (upright ? Math.min(120, longest) + 6 : 20);
  const children: Element[] = [legend.element];
  sources.forEach((name, column) => {
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
  targets.forEach((target, row) => {
    const y = top + row * cellHeight;
    const size = Math.min(FONT_SIZE, cellHeight);
    const name = shortLabel(target, labelWidth - 8, size);
    children.push(svgText(document, name, labelWidth - 6, y + cellHeight / 2 + size / 3, { anchor: 'end', size }));
    weights[row].forEach((weight, column) => {
      const x = labelWidth + column * cell;
      const index = weight === null ? -1 : EDGES.filter(edge => edge <= weight).length;
      const fill = index < 0 ? OWN : COLOURS[index];
      const box = { x, y, width: cell - 1, height: cellHeight - 1, fill };
      children.push(svgElement(document, 'rect', box));
      if (small) return;
      const text = weight === null ? 'own' : weight < 0.001 ? '<0.001' : String(Number(weight.toPrecision(2)));
      const ink = index >= 5 ? 'white' : INK;
      children.push(svgText(document, text, x + cell / 2, y + cellHeight / 2 + 4, { anchor: 'middle', fill: ink }));
    });
  });
  const alt = `Help from a token of each of ${sources.length} training domains (columns) to ${targets.length} evaluation domains (rows), where a token of the own domain counts 1.`;
  return chartSvg(document, { name: 'transfer', alt }, width, top + targets.length * cellHeight + 4, children);
}

function legendItems(): { label: string; symbol: 'bar'; colour: string }[] {
  return COLOURS.map((colour, index) => {
    const label =
      index === 0
        ? `below ${EDGES[0]}`
        : index === EDGES.length
          ? `${EDGES[index - 1]} or more`
          : `${EDGES[index - 1]}–${EDGES[index]}`;
    return { label, symbol: 'bar', colour };
  });
}
