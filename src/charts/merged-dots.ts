/**
 * Plain dots of one group as one path: an eighth of the bytes. For charts on a phone, where nothing points at a single dot and so
 * no dot has a title of its own.
 */

import { svgElement } from './svg-element.ts';

/** Titles are left out, and circles that have a fill alone become the round ends of lines without length. */
export function mergeDots(document: Document, svg: Element): void {
  for (const title of svg.querySelectorAll('title')) title.remove();
  for (const group of svg.querySelectorAll('g')) {
    const circles = [...group.children];
    if (circles.length < 3 || !circles.every(circle => circle.tagName === 'circle')) continue;
    if (group.hasAttribute('stroke') || circles.some(circle => circle.hasAttribute('stroke'))) continue;
    const paths = new Map<string, { readonly like: Element; readonly moves: string[] }>();
    for (const circle of circles) {
      const key = ['fill', 'fill-opacity', 'r'].map(name => circle.getAttribute(name)).join();
      const move = `M${short(circle, 'cx')},${short(circle, 'cy')}h0`;
      const path = paths.get(key);
      if (path === undefined) paths.set(key, { like: circle, moves: [move] });
      else path.moves.push(move);
    }
    const drawn = [...paths.values()].map(({ like, moves }) => {
      const of = (name: string): string | null => like.getAttribute(name) ?? group.getAttribute(name);
      const opacity = of('fill-opacity');
      return svgElement(document, 'path', {
        d: moves.join(''),
        fill: 'none',
        stroke: of('fill') ?? 'currentColor',
        'stroke-width': 2 * Number(like.getAttribute('r')),
        'stroke-linecap': 'round',
        ...(opacity === null ? {} : { 'stroke-opacity': opacity }),
      });
    });
    group.replaceChildren(...drawn);
  }
}

function short(circle: Element, name: string): number {
  return Number(Number(circle.getAttribute(name)).toFixed(1));
}
