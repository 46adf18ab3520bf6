/** Fewer marks than data, always the same ones: a chart with 100,000 dots says no more than one with 2,000. */

/**
 * At most `limit` items, evenly spread over the list, first and last among them.
 * Sort the list by what matters before, so that its whole range stays.
 */
export function thin<T>(items: readonly T[], limit: number): readonly T[] {
  if (items.length <= limit) return items;
  if (limit <= 1) return items.slice(0, limit);
  return Array.from({ length: limit }, (_, index) => items[Math.round((index * (items.length - 1)) / (limit - 1))]);
}
