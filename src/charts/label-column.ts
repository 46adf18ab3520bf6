/** Heights of labels at the end of lines, moved apart until none covers another. */

/**
 * Positions as near as possible to `wanted` with at least `gap` between neighbours, all within [low, high]
 * (where they fit).
 */
export function spreadLabels(wanted: readonly number[], gap: number, low: number, high: number): number[] {
  const order = wanted.map((_, index) => index).sort((a, b) => wanted[a] - wanted[b] || a - b);
  const placed = wanted.slice();
  let floor = low;
  for (const index of order) {
    placed[index] = Math.max(wanted[index], floor);
    floor = placed[index] + gap;
  }
  let ceiling = high;
  for (const index of order.toReversed()) {
    placed[index] = Math.min(placed[index], ceiling);
    ceiling = placed[index] - gap;
  }
  return placed;
}
