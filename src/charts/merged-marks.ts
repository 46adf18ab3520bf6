/** Dots and ticks of one group as one path, an eighth of the bytes: where no single mark has a title that a pointer could call up. */

import { svgElement } from './svg-element.ts';

/** Fewer are left as they are. */
const MIN_MARKS = 3;

/** Circles with a fill alone become the round ends of lines without length; lines become strokes of a path. */
export function mergeMarks(document: Document, svg: Element): void {
  for (const group of svg.querySelectorAll('g')) {
    const marks = [...group.children];
    const name = marks.length < MIN_MARKS ? '' : marks[0].tagName;
    if (name !== 'circle' && name !== 'line') continue;
    if (marks.some(mark => mark.tagName !== name || mark.children.length > 0 || mark.hasAttribute('transform')))
      continue;
    if (name === 'circle' && [group, ...marks].some(mark => mark.hasAttribute('stroke'))) continue;
    const paths = new Map<string, { readonly like: Element; readonly moves: string[] }>();
    for (const mark of marks) {
      const key = ['fill', 'fill-opacity', 'r', 'stroke', 'stroke-opacity'].map(key => mark.getAttribute(key)).join();
      const path = paths.get(key);
      if (path === undefined) paths.set(key, { like: mark, moves: [moveOf(mark)] });
      else path.moves.push(moveOf(mark));
    }
    const drawn = [...paths.values()].map(({ like, moves }) =>
      svgElement(document, 'path', { d: moves.join(''), ...styleOf(like, group) }),
    );
    group.replaceChildren(...drawn);
  }
}

function moveOf(mark: Element): string {
  const at = (name: string): number => Number(Number(mark.getAttribute(name)).toFixed(1));
  if (mark.tagName === 'circle') return `M${at('cx')},${at('cy')}h0`;
  return `M${at('x1')},${at('y1')}L${at('x2')},${at('y2')}`;
}

/** A circle's fill as a stroke; of a line, what it has beyond its group. */
function styleOf(mark: Element, group: Element): Record<string, string | number> {
  const own = (name: string): Record<string, string> => {
    const value = mark.getAttribute(name);
    return value === null ? {} : { [name]: value };
  };
  if (mark.tagName === 'line') return { ...own('stroke'), ...own('stroke-opacity') };
  const opacity = mark.getAttribute('fill-opacity') ?? group.getAttribute('fill-opacity');
  return {
    fill: 'none',
    stroke: mark.getAttribute('fill') ?? group.getAttribute('fill') ?? 'currentColor',
    'stroke-width': 2 * Number(mark.getAttribute('r')),
    'stroke-linecap': 'round',
    ...(opacity === null ? {} : { 'stroke-opacity': opacity }),
  };
}
