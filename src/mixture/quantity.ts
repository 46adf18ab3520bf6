/** Counts of tokens, steps and parameters as people write them: `100B`, `1.5e11`, `300M`. */

import { BimixError } from '../errors/index.ts';

const SCALE: Record<string, number> = { '': 1, K: 1e3, M: 1e6, B: 1e9, G: 1e9, T: 1e12 };

/**
 * Reads `100B`, `1.5e11`, `300M`, `20_000` or a number as a positive count.
 * Suffixes K, M, B (or G), T are powers of 1000, in either case.
 *
 * @param what what the count is, for the error
 * @throws BimixError `invalid-quantity` when the text is not a positive finite count
 */
export function parseQuantity(text: string | number, what = 'quantity'): number {
  const match = /^\s*([0-9][0-9_,]*(?:\.[0-9]+)?(?:e[+-]?[0-9]+)?)\s*([kmbgt]?)\s*$/i.exec(String(text));
  const value = match === null ? Number.NaN : Number(match[1].replace(/[_,]/g, '')) * SCALE[match[2].toUpperCase()];
  if (!Number.isFinite(value) || value <= 0) {
    throw new BimixError('invalid-quantity', `invalid ${what} "${text}": expected a positive count`, {
      hint: 'Write it as 100B, 1.5e11 or 300M.',
    });
  }
  return value;
}

/** The shortest usual form with at most four significant digits: 1.5e11 is `150B`. */
export function formatQuantity(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  for (const [suffix, scale] of [
    ['T', 1e12],
    ['B', 1e9],
    ['M', 1e6],
    ['K', 1e3],
  ] as const) {
    if (Math.abs(value) >= scale * 0.99995) return `${Number((value / scale).toPrecision(4))}${suffix}`;
  }
  return String(Number(value.toPrecision(4)));
}
