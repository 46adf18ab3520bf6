/** The DOM that charts are drawn in under Node. */

/** A document to draw in, and what turns its elements into text. */
export interface DrawingBoard {
  readonly document: Document;
  /** Well-formed XML that also stands in HTML. */
  serialize(svg: SVGSVGElement): string;
}

const SVG = 'http://www.w3.org/2000/svg';

/** linkedom is loaded when the first chart is drawn. An SVG document keeps the case of names such as `clipPath`. */
export async function drawingBoard(): Promise<DrawingBoard> {
  const { DOMParser } = await import('linkedom');
  const document = new DOMParser().parseFromString(`<svg xmlns="${SVG}"/>`, 'image/svg+xml');
  return { document: document as unknown as Document, serialize: svg => elementText(svg, true) };
}

/** Of linkedom's own text, attributes are not escaped. Its lists of attributes begin with the latest. */
function elementText(element: Element, isRoot = false): string {
  const attributes = [...element.attributes].reverse().filter(({ name }) => name !== 'xmlns');
  const named = [
    ...(isRoot ? [` xmlns="${SVG}"`] : []),
    ...attributes.map(({ name, value }) => ` ${name}="${escaped(value).replaceAll('"', '&quot;')}"`),
  ].join('');
  const content = [...element.childNodes].map(nodeText).join('');
  return content === ''
    ? `<${element.tagName}${named}/>`
    : `<${element.tagName}${named}>${content}</${element.tagName}>`;
}

function nodeText(node: Node): string {
  if (node.nodeType === 1) return elementText(node as Element);
  return node.nodeType === 3 ? escaped(node.textContent ?? '') : '';
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
