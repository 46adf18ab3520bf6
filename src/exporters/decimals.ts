/** Shares as decimals that sum to exactly one, for files that people and trainers add up. */

import type { Mixture } from '../mixture/index.ts';

/** Decimals of an exported share unless more are asked for: a millionth of the tokens. */
export const SHARE_DECIMALS = 6;

/**
 * Each share with `digits` decimals, as text: `0.234313`. Rounded by largest remainders (Hamilton's method), so the
 * decimals sum to exactly 1 and none is off by more than one in the last place.
 *
 * @param digits 1 to 12, where counts of the last place are still exact
 */
export function decimalShares({ proportions }: Mixture, digits = SHARE_DECIMALS): string[] {
  const whole = 10 ** digits;
  const units = Array.from(proportions, share => Math.floor(share * whole));
  const remainders = Array.from(proportions, (share, j) => share * whole - units[j]);
  const order = remainders.map((_, j) => j).sort((a, b) => remainders[b] - remainders[a] || a - b);
  let missing = whole - units.reduce((sum, count) => sum + count, 0);
  for (let turn = 0; missing > 0; turn = (turn + 1) % order.length) {
    units[order[turn]]++;
    missing--;
  }
  return units.map(count => {
    const text = String(count).padStart(digits + 1, '0');
    return `${text.slice(0, -digits)}.${text.slice(-digits)}`;
  });
}
