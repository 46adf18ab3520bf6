/** What every chart takes besides its data. */

export interface ChartOptions {
  /** The DOM to draw in; defaults to the page's own. */
  readonly document?: Document;
  /** Pixels; defaults to `CHART_WIDTH`. */
  readonly width?: number;
}

export const CHART_WIDTH = 960;
