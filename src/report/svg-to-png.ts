/** Charts as pictures of dots, for slides and chats. */

import { BimixError } from '../errors/index.ts';

export interface PngOptions {
  /** Pixels wide; the height follows. Defaults to `scale` times the chart's own width. */
  readonly width?: number;
  /** Pixels of the picture for one of the chart; defaults to 2. */
  readonly scale?: number;
}

/** What resvg draws with where none of the chart's font families is installed. */
const FALLBACK_FONT = 'DejaVu Sans';
const FONT = { loadSystemFonts: true, defaultFontFamily: FALLBACK_FONT, sansSerifFamily: FALLBACK_FONT };
const PROBE =
  '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><text y="8" font-family="sans-serif">x</text></svg>';

/**
 * @param svg a whole SVG document, as `renderCharts` gives it
 * @throws BimixError `missing-package` when the optional @resvg/resvg-js is not installed, `missing-font` when the machine
 *   has no font and the chart's text would silently be left out
 */
export async function svgToPng(svg: string, { width, scale = 2 }: PngOptions = {}): Promise<Uint8Array> {
  const { Resvg } = await loadResvg();
  if (new Resvg(PROBE, { font: FONT }).getBBox() === undefined) {
    throw new BimixError('missing-font', 'missing font: this machine has none to write the text of a chart with', {
      hint: 'Install one, for example the package fonts-dejavu, or write SVG.',
    });
  }
  const fitTo =
    width === undefined ? ({ mode: 'zoom', value: scale } as const) : ({ mode: 'width', value: width } as const);
  return new Resvg(svg, { fitTo, font: FONT }).render().asPng();
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
