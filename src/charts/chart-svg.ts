/**
 * The last step of every chart: one `svg` element that stands alone, says what it shows to those who cannot see it, and
 * is the same bytes for the same data (Plot numbers its clip paths by a counter that never restarts).
 */

import { isNarrow } from './chart-options.ts';
import { cleanText } from './label.ts';
import { mergeMarks } from './merged-marks.ts';
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

/** An `svg` of this size around drawings that are in place already; one laid out for a phone may still be broad, and scrolls. */
export function chartSvg(
  document: Document,
  description: ChartDescription,
  width: number,
  height: number,
  children: readonly Element[],
  forPhone = isNarrow(width),
): SVGSVGElement {
  const svg = svgElement(document, 'svg', {
    class: forPhone ? (isNarrow(width) ? 'chart narrow' : 'chart narrow broad') : 'chart',
    viewBox: `0 0 ${width} ${Math.ceil(height)}`,
    width,
    height: Math.ceil(height),
    role: 'img',
    'aria-label': cleanText(description.alt),
    'font-family': FONT_FAMILY,
    'font-size': FONT_SIZE,
    fill: INK,
    color: INK,
  }) as SVGSVGElement;
  svg.append(svgElement(document, 'rect', { width: '100%', height: '100%', fill: 'white' }), ...children);
  cleanTexts(svg);
  if (forPhone) for (const title of svg.querySelectorAll('title')) title.remove();
  mergeMarks(document, svg);
  renameIds(svg, forPhone ? `${description.name}-narrow` : description.name);
  for (const element of svg.querySelectorAll('*')) roundAttributes(element);
  return svg;
}

/** What Plot drew, as a group at (x, y): without the frame and style sheet that only a chart on its own needs. */
export function placePlot(document: Document, plot: Element, x: number, y: number, fontSize: number): Element {
  const svg = plot.tagName.toLowerCase() === 'svg' ? plot : plot.querySelector('svg');
  if (svg === null) throw new TypeError('a plot without an svg');
  for (const style of svg.querySelectorAll('style')) style.remove();
  const place = { transform: `translate(${x},${y})`, 'font-size': fontSize, 'text-anchor': 'middle' };
  return svgElement(document, 'g', place, [...svg.childNodes]);
}

/** Names come from users' files; one control character in them would break the whole picture. */
function cleanTexts(svg: Element): void {
  for (const element of svg.querySelectorAll('text, title')) {
    for (const node of element.childNodes) {
      const text = node.nodeValue;
      if (text !== null && text !== cleanText(text)) node.nodeValue = cleanText(text);
    }
  }
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
