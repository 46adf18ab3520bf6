/**
 * Decimals of a mixture that sum to exactly 1. Each share is cut to the digits asked for and the units still missing go,
 * one each, to the shares that lost most (largest remainders, Hamilton's method): no decimal is off by a whole last
 * digit and none is negative. Sums are counted in whole units, so no rounding of binary fractions enters.
 */

import { BimixError } from '../errors/index.ts';

/** Digits after the point unless said otherwise. */
export const DIGITS = 6;

/** Largest number of digits: 10^15 units are still counted exactly. */
const MAX_DIGITS = 15;

/**
 * @param proportions shares that sum to 1 within rounding
 * @param digits after the point, 1 to 15
 * @returns one decimal a share, such as `0.250000`; written out, never with an exponent
 * @throws BimixError `invalid-digits`
 */
export function exactDecimals(proportions: Float64Array, digits = DIGITS): string[] {
  if (!Number.isInteger(digits) || digits < 1 || digits > MAX_DIGITS) {
    throw new BimixError('invalid-digits', `invalid number of digits ${digits}: expected 1 to ${MAX_DIGITS}`);
  }
  const scale = 10 ** digits;
  const sum = proportions.reduce((total, share) => total + share, 0);
  const units = Array.from(proportions, share => Math.floor((share / sum) * scale));
  let missing = scale;
  for (const count of units) missing -= count;
  const remainders = Array.from(proportions, (share, j) => (share / sum) * scale - units[j]);
  const largestFirst = Array.from(units.keys()).sort((a, b) => remainders[b] - remainders[a] || a - b);
  // Rounding of the products can leave a unit too many, at 15 digits; then the smallest remainders give it back.
  for (let k = 0; missing > 0; k++, missing--) units[largestFirst[k % units.length]]++;
  for (let k = units.length - 1; missing < 0; k--) {
    const j = largestFirst[((k % units.length) + units.length) % units.length];
    if (units[j] === 0) continue;
    units[j]--;
    missing++;
  }
  return units.map(count => {
    const text = String(count).padStart(digits + 1, '0');
    return `${text.slice(0, -digits)}.${text.slice(-digits)}`;
  });
}
