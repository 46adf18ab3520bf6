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
/** Points that stand behind others. */
export const GREY = '#97a3ae';
/** Domains that have no colour of their own. */
const OTHER_DOMAIN = '#5f7f9f';

/** Okabe & Ito 2008 without yellow, which white paper swallows, and Tol's wine. */
const DOMAIN_COLOURS = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9', '#3b3b3b', '#882255'];

/** How many domains can be told apart by colour. */
export const COLOURED_DOMAINS = DOMAIN_COLOURS.length;

/** The colour of each domain: the first `COLOURED_DOMAINS` have their own, the rest share one. */
export type Palette = ReadonlyMap<string, string>;

/** @param domains most important first */
export function domainPalette(domains: readonly string[]): Palette {
  return new Map(domains.map((domain, index) => [domain, DOMAIN_COLOURS[index] ?? OTHER_DOMAIN]));
}

/** Few to many: cividis without its yellow end, told apart in grey print and by colour-blind readers. */
export function sequentialColours(count: number): string[] {
  const stops = [
    [199, 170, 60],
    [150, 143, 119],
    [95, 99, 113],
    [0, 45, 102],
  ];
  return Array.from({ length: count }, (_, index) => {
    const at = count === 1 ? stops.length - 1 : (index / (count - 1)) * (stops.length - 1);
    const below = Math.min(Math.floor(at), stops.length - 2);
    const channels = stops[below].map((from, c) => Math.round(from + (at - below) * (stops[below + 1][c] - from)));
    return `#${channels.map(channel => channel.toString(16).padStart(2, '0')).join('')}`;
  });
}
