/** Charts as pictures of dots, for slides and chats. */

import { FONT_FAMILY } from '../charts/index.ts';
import { BimixError } from '../errors/index.ts';

export interface PngOptions {
  /** Pixels wide; the height follows. Defaults to `scale` times the chart's own width. */
  readonly width?: number;
  /** Pixels of the picture for one of the chart; defaults to 2. */
  readonly scale?: number;
}

/** Families present on most machines, for renderers that do not know the names browsers resolve. */
const FALLBACK_FONT = 'DejaVu Sans';

/**
 * @throws BimixError `missing-package` when the optional @resvg/resvg-js is not installed
 */
export async function svgToPng(svg: string, { width, scale = 2 }: PngOptions = {}): Promise<Uint8Array> {
  const { Resvg } = await loadResvg();
  const families = FONT_FAMILY.split(',').map(family => family.trim().replaceAll('"', ''));
  const known = svg.replaceAll(/font-family="[^"]*"/g, `font-family="${families.slice(2).join(', ')}"`);
  const renderer = new Resvg(known, {
    fitTo: width === undefined ? { mode: 'zoom', value: scale } : { mode: 'width', value: width },
    font: { loadSystemFonts: true, defaultFontFamily: FALLBACK_FONT, sansSerifFamily: FALLBACK_FONT },
  });
  return renderer.render().asPng();
}

async function loadResvg(): Promise<typeof import('@resvg/resvg-js')> {
  try {
    return await import('@resvg/resvg-js');
  } catch (cause) {
    throw new BimixError('missing-package', 'missing package @resvg/resvg-js: PNG pictures are drawn with it', {
      hint: 'Install it with npm install @resvg/resvg-js, or write SVG.',
      cause,
    });
  }
}
