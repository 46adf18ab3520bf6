/**
 * The last step of every chart: one `svg` element that stands alone, says what it shows to those who cannot see it, and
 * is the same bytes for the same data (Plot numbers its clip paths by a counter that never restarts).
 */

import { cleanText } from './label.ts';
import { svgElement } from './svg-element.ts';
import { FONT_FAMILY, FONT_SIZE, INK } from './theme.ts';

export interface ChartDescription {
  /** Names the chart's file and its ids: lower case and hyphens. */
  readonly name: string;
  /** One or two sentences: what is drawn, against what, and what one sees. */
  readonly alt: string;
}

/** Decimals of coordinates; a hundredth of a pixel is not seen. */
const DECIMALS = 2;

/** An `svg` of this size around drawings that are in place already. */
export function chartSvg(
  document: Document,
  description: ChartDescription,
  width: number,
  height: number,
  children: readonly Element[],
): SVGSVGElement {
  const svg = svgElement(document, 'svg', {
    xmlns: 'http://www.w3.org/2000/svg',
    class: 'chart',
    viewBox: `0 0 ${width} ${Math.ceil(height)}`,
    width,
    height: Math.ceil(height),
    role: 'img',
    'aria-label': cleanText(description.alt),
    'font-family': FONT_FAMILY,
    'font-size': FONT_SIZE,
    fill: INK,
  }) as SVGSVGElement;
  svg.append(svgElement(document, 'rect', { width: '100%', height: '100%', fill: 'white' }), ...children);
  renameIds(svg, description.name);
  for (const element of svg.querySelectorAll('*')) roundAttributes(element);
  return svg;
}

/** A Plot drawing placed at (x, y), without the style sheet and class that only a chart on its own needs. */
export function placePlot(plot: Element, x: number, y: number): Element {
  const svg = plot.tagName.toLowerCase() === 'svg' ? plot : plot.querySelector('svg');
  if (svg === null) throw new TypeError('a plot without an svg');
  for (const style of svg.querySelectorAll('style')) style.remove();
  for (const attribute of ['class', 'font-family', 'font-size', 'style']) svg.removeAttribute(attribute);
  svg.setAttribute('x', String(x));
  svg.setAttribute('y', String(y));
  svg.setAttribute('overflow', 'visible');
  return svg;
}

function renameIds(svg: Element, name: string): void {
  const names = new Map<string, string>();
  for (const element of svg.querySelectorAll('[id]')) {
    const id = `${name}-${names.size + 1}`;
    names.set(`url(#${element.id})`, `url(#${id})`);
    element.id = id;
  }
  if (names.size === 0) return;
  for (const element of svg.querySelectorAll('[clip-path]')) {
    const renamed = names.get(element.getAttribute('clip-path') ?? '');
    if (renamed !== undefined) element.setAttribute('clip-path', renamed);
  }
}

function roundAttributes(element: Element): void {
  for (const { name, value } of [...element.attributes]) {
    if (name === 'aria-label' || !/\.\d{3}/.test(value)) continue;
    element.setAttribute(
      name,
      value.replace(/-?\d+\.\d{3,}(e-?\d+)?/g, number => String(Number(Number(number).toFixed(DECIMALS)) + 0)),
    );
  }
}
