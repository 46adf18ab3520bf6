/** What every chart takes besides its data. */

export interface ChartOptions {
  /** The DOM to draw in; defaults to the page's own. */
  readonly document?: Document;
  /** Pixels; defaults to `CHART_WIDTH`. Below `MIN_WIDE` the chart is laid out for a phone. */
  readonly width?: number;
}

export const CHART_WIDTH = 960;
/** A phone's: names stand above their bars, panels in two columns, and letters are as large as in the wide chart. */
export const NARROW_WIDTH = 340;
const MIN_WIDE = 520;

export function isNarrow(width: number): boolean {
  return width < MIN_WIDE;
}
