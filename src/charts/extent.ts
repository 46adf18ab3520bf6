/** The range of an axis. */

/** The smallest and largest finite value, widened on both sides by `padding` of their distance. */
export function paddedExtent(values: Iterable<number>, padding = 0.05): [number, number] {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  if (low > high) return [0, 1];
  const reach = high > low ? (high - low) * padding : Math.max(Math.abs(high) * padding, 1e-3);
  return [low - reach, high + reach];
}
