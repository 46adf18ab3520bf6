import { describe, expect, test } from 'vitest';
import { DARK_COLOURS, DARK_SURFACE } from './dark-colours.ts';
import { DOMAIN_COLOURS, INK, MATRIX_COLOURS, MUTED } from './theme.ts';

const dark = (colour: string): string => DARK_COLOURS.get(colour) ?? '';

describe('on a dark page', () => {
  test('words have the contrast of WCAG AA, 4.5 to 1', () => {
    for (const ink of [INK, MUTED]) expect(contrast(dark(ink), DARK_SURFACE)).toBeGreaterThan(4.5);
  });

  test('marks of domains have the contrast of WCAG AA, 3 to 1, and stay apart', () => {
    for (const colour of DOMAIN_COLOURS) expect(contrast(dark(colour), DARK_SURFACE)).toBeGreaterThan(3);
    expect(new Set(DOMAIN_COLOURS.map(dark)).size).toBe(DOMAIN_COLOURS.length);
  });

  test('numbers in the cells of a matrix can be read: light ones on the dark cells, dark ones on the two light ones', () => {
    for (const cell of MATRIX_COLOURS.slice(0, -2)) expect(contrast(dark(INK), dark(cell))).toBeGreaterThan(4.5);
    for (const cell of MATRIX_COLOURS.slice(-2)) expect(contrast(dark('white'), dark(cell))).toBeGreaterThan(4.5);
  });
});

/** Relative luminances by WCAG 2.1, https://www.w3.org/TR/WCAG21/#dfn-contrast-ratio */
function contrast(a: string, b: string): number {
  const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (high + 0.05) / (low + 0.05);
}

function luminance(colour: string): number {
  const [red, green, blue] = [1, 3, 5].map(at => {
    const channel = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
