/** SVG elements of our own, for what Plot does not draw: legends, grids of panels, labels. */

import { FONT_SIZE, INK } from './theme.ts';

const SVG_NAMESPACE = 'http://www.w3.org/2000/svg';

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
