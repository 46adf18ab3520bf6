/**
 * What each colour of a chart becomes on a dark page. Charts are drawn once, for white paper; a style sheet exchanges the colours
 * where the reader's screen is dark, so that a chart saved by itself stays light.
 */

import { MAX_CLASSES } from './share-classes.ts';
import {
  DOMAIN_COLOURS,
  darkSequentialColours,
  FAINT,
  GREY,
  INK,
  MATRIX_COLOURS,
  MUTED,
  NO_VALUE,
  OBSERVED,
  OTHER_DOMAIN,
  PALE_BLUE,
  PALE_GREY,
  PALE_ORANGE,
  sequentialColours,
  THREAD,
} from './theme.ts';

export const DARK_SURFACE = '#14191e';

/** By the colour in the chart. */
export const DARK_COLOURS: ReadonlyMap<string, string> = new Map([
  ['white', DARK_SURFACE],
  [INK, '#e6eaed'],
  [MUTED, '#a5b0ba'],
  [FAINT, '#303941'],
  [GREY, '#7d8892'],
  [THREAD, '#4d5862'],
  [NO_VALUE, '#3a434b'],
  [OBSERVED, '#f0824e'],
  [OTHER_DOMAIN, '#8fb0d0'],
  [PALE_BLUE, '#2f6488'],
  [PALE_ORANGE, '#7a5a22'],
  [PALE_GREY, '#3f4851'],
  ...pairs(DOMAIN_COLOURS, ['#4aa3df', '#ee7d35', '#2dc295', '#d993bb', '#e8ac2c', '#86cdf5', '#c3c9ce', '#e0709b']),
  ...pairs(MATRIX_COLOURS, ['#1a2127', '#1f2e3a', '#244055', '#295474', '#316a92', '#6fb1dd', '#b9def6']),
  ...Array.from({ length: MAX_CLASSES }, (_, index) =>
    pairs(sequentialColours(index + 1), darkSequentialColours(index + 1)),
  ).flat(),
]);

function pairs(light: readonly string[], dark: readonly string[]): (readonly [string, string])[] {
  return light.map((colour, index) => [colour, dark[index]] as const);
}
