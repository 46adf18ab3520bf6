/** The DOM that charts are drawn in under Node. */

/** A document to draw in, and what turns its elements into text. */
export interface DrawingBoard {
  readonly document: Document;
  /** Well-formed XML that also stands in HTML. */
  serialize(svg: SVGSVGElement): string;
}

/** jsdom is loaded when the first chart is drawn: it takes half a second. */
export async function drawingBoard(): Promise<DrawingBoard> {
  const { JSDOM } = await import('jsdom');
  const { window } = new JSDOM('');
  const serializer = new window.XMLSerializer();
  return { document: window.document, serialize: svg => serializer.serializeToString(svg) };
}
