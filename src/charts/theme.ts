/** Fonts, inks and the colour-blind-safe colours that stand for domains, the same in every chart. */

export const FONT_FAMILY =
  'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, "DejaVu Sans", sans-serif';
export const FONT_SIZE = 12;

/** Text. */
export const INK = '#1f2933';
/** Axis labels, notes. */
export const MUTED = '#5b6773';
/** Grid lines, frames. */
export const FAINT = '#dfe4e8';
/** Lines that tie marks together. */
export const THREAD = '#b8c1c9';
/** Points that stand behind others. */
export const GREY = '#97a3ae';
/** Domains that have no colour of their own. */
export const OTHER_DOMAIN = '#5f7f9f';

/** Okabe & Ito 2008 without yellow, which white paper swallows, and Tol's wine. */
export const DOMAIN_COLOURS = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9', '#3b3b3b', '#882255'];

/** How many domains can be distinguished by colour. */
export const COLOURED_DOMAINS = DOMAIN_COLOURS.length;

/** Losses that fall, and a line that stands for the best there is. */
export const BETTER = '#0072b2';
export const WORSE = '#d55e00';
export const OBSERVED = '#c2410c';
/** Intervals, and bars of laws. */
export const PALE_BLUE = '#9cc3de';
export const PALE_ORANGE = '#edcf9f';
export const PALE_GREY = '#d3dae0';

/** Cells of a matrix, light to dark. */
export const MATRIX_COLOURS = ['#f7f9fb', '#e1ebf3', '#c3d8e8', '#94bcd8', '#5f9bc3', '#2a76a8', '#08457a'];
/** Cells that have no value by their nature. */
export const NO_VALUE = '#c9ced3';

/** The colour of each domain: the first `COLOURED_DOMAINS` have their own, the rest share one. */
export type Palette = ReadonlyMap<string, string>;

/**
 * A colour for each domain, the same in every chart.
 *
 * @param domains most important first
 *
 * @example
 * ```js
 * import { domainPalette } from 'bimix';
 *
 * const palette = domainPalette(table.trainingDomains);
 * ```
 */
export function domainPalette(domains: readonly string[]): Palette {
  return new Map(domains.map((domain, index) => [domain, DOMAIN_COLOURS[index] ?? OTHER_DOMAIN]));
}

/** Few to many: cividis without its yellow end, distinguishable in grey print and by colour-blind readers. */
export function sequentialColours(count: number): string[] {
  return blend(
    [
      [199, 170, 60],
      [150, 143, 119],
      [95, 99, 113],
      [0, 45, 102],
    ],
    count,
  );
}

/** The same on a dark page, where the many must be the light ones. */
export function darkSequentialColours(count: number): string[] {
  return blend(
    [
      [92, 122, 168],
      [138, 141, 144],
      [187, 173, 120],
      [253, 226, 92],
    ],
    count,
  );
}

/** Colours evenly spread over the stops (red, green, blue); a single one is the last stop. */
function blend(stops: readonly (readonly number[])[], count: number): string[] {
  return Array.from({ length: count }, (_, index) => {
    const at = count === 1 ? stops.length - 1 : (index / (count - 1)) * (stops.length - 1);
    const below = Math.min(Math.floor(at), stops.length - 2);
    const channels = stops[below].map((from, c) => Math.round(from + (at - below) * (stops[below + 1][c] - from)));
    return `#${channels.map(channel => channel.toString(16).padStart(2, '0')).join('')}`;
  });
}
