/** A legend as one or more rows of symbols and words, inside the chart it explains. */

import { textWidth } from './label.ts';
import { svgBlock, svgElement, svgText } from './svg-element.ts';
import { FONT_SIZE, MUTED } from './theme.ts';

export type LegendSymbol =
  | 'dot'
  | 'ring'
  | 'line'
  | 'dashes'
  | 'bar'
  | 'tick'
  | 'range'
  | 'band'
  | 'diamond'
  | 'kite'
  | 'square'
  | 'triangle';

export interface LegendItem {
  readonly label: string;
  readonly symbol: LegendSymbol;
  readonly colour: string;
}

const ROW_HEIGHT = 20;
const SYMBOL_WIDTH = 24;
const GAP = 18;

export interface Legend {
  readonly element: SVGElement;
  readonly height: number;
}

/** Rows of items, broken where `width` ends; the top left corner is (0, 0). A title stands before the first item. */
export function drawLegend(document: Document, items: readonly LegendItem[], width: number, title?: string): Legend {
  const element = svgElement(document, 'g', { 'font-size': FONT_SIZE });
  let x = 0;
  let y = 0;
  if (title !== undefined) {
    element.append(svgText(document, title, x, y + 14, { fill: MUTED }));
    x += textWidth(title, FONT_SIZE) + 12;
  }
  for (const { label, symbol, colour } of items) {
    const itemWidth = Math.min(SYMBOL_WIDTH + textWidth(label, FONT_SIZE), width);
    if (x > 0 && x + itemWidth > width) {
      x = 0;
      y += ROW_HEIGHT;
    }
    const text = svgBlock(document, label, x + SYMBOL_WIDTH, y + 14, { fill: MUTED, width: width - SYMBOL_WIDTH });
    const place = { transform: `translate(${x},${y + 10})` };
    element.append(svgElement(document, 'g', place, drawSymbol(document, symbol, colour)));
    element.append(...text.elements);
    x += itemWidth + GAP;
    y += text.extra;
  }
  return { element, height: items.length === 0 ? 0 : y + ROW_HEIGHT };
}

/** Drawn within 0..18 x -6..6. */
function drawSymbol(document: Document, symbol: LegendSymbol, colour: string): SVGElement[] {
  const draw = (name: string, attributes: Record<string, string | number>): SVGElement =>
    svgElement(document, name, attributes);
  const outline = { fill: 'white', stroke: colour, 'stroke-width': 1.5 };
  switch (symbol) {
    case 'dot':
      return [draw('circle', { cx: 9, cy: 0, r: 4, fill: colour })];
    case 'ring':
      return [draw('circle', { cx: 9, cy: 0, r: 4, ...outline })];
    case 'square':
      return [draw('rect', { x: 5, y: -4, width: 8, height: 8, ...outline })];
    case 'triangle':
      return [draw('path', { d: 'M9,-5L14,4H4Z', ...outline })];
    case 'kite':
      return [draw('path', { d: 'M9,-6L14,0L9,6L4,0Z', ...outline })];
    case 'diamond':
      return [draw('path', { d: 'M9,-6L15,0L9,6L3,0Z', fill: colour })];
    case 'bar':
      return [draw('rect', { x: 0, y: -5, width: 18, height: 10, fill: colour })];
    case 'tick':
      return [draw('path', { d: 'M9,-6V6', stroke: colour, 'stroke-width': 1.5 })];
    case 'line':
      return [draw('path', { d: 'M0,0H18', stroke: colour, 'stroke-width': 2 })];
    case 'dashes':
      return [draw('path', { d: 'M0,0H18', stroke: colour, 'stroke-width': 1.5, 'stroke-dasharray': '4 3' })];
    case 'band':
      return [draw('path', { d: 'M2,0H16', stroke: colour, 'stroke-width': 5 })];
    case 'range':
      return [draw('path', { d: 'M0,0H18M0,-4V4M18,-4V4', stroke: colour, 'stroke-width': 1.5, fill: 'none' })];
  }
}
