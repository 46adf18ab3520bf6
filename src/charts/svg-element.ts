/** SVG elements of our own, for what Plot does not draw: legends, grids of panels, labels. */

import { wrapText } from './label.ts';
import { FONT_SIZE, INK } from './theme.ts';

const SVG_NAMESPACE = 'http://www.w3.org/2000/svg';

/** Between baselines of one text. */
const LINE_HEIGHT = 15;

export function svgElement(
  document: Document,
  name: string,
  attributes: Readonly<Record<string, string | number>> = {},
  children: readonly (Node | string)[] = [],
): SVGElement {
  const element = document.createElementNS(SVG_NAMESPACE, name) as SVGElement;
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
  element.append(...children);
  return element;
}

export interface TextStyle {
  readonly anchor?: 'start' | 'middle' | 'end';
  readonly fill?: string;
  readonly size?: number;
  readonly weight?: number;
}

/** One line of text whose baseline starts at (x, y). */
export function svgText(document: Document, text: string, x: number, y: number, style: TextStyle = {}): SVGElement {
  const { anchor = 'start', fill = INK, size = FONT_SIZE, weight = 400 } = style;
  const attributes: Record<string, string | number> = { x, y, fill, 'text-anchor': anchor, 'font-size': size };
  if (weight !== 400) attributes['font-weight'] = weight;
  return svgElement(document, 'text', attributes, [text]);
}

export interface TextBlock {
  readonly elements: readonly SVGElement[];
  /** How much taller it is than one line. */
  readonly extra: number;
}

/** A text in as many lines as `width` asks for; the first baseline starts at (x, y). */
export function svgBlock(
  document: Document,
  text: string,
  x: number,
  y: number,
  { width, ...style }: TextStyle & { readonly width: number },
): TextBlock {
  const lines = wrapText(text, width, style.size ?? FONT_SIZE);
  return {
    elements: lines.map((line, index) => svgText(document, line, x, y + index * LINE_HEIGHT, style)),
    extra: (lines.length - 1) * LINE_HEIGHT,
  };
}
