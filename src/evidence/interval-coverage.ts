/** How often intervals of held-out losses cover them, beside the level asked for. */

import type { RowIntervals } from '../laws/index.ts';
import type { HeldOutPoint, IntervalScores, LawEvidence } from './evidence-types.ts';

/**
 * Held-out points with their intervals, and how these did.
 *
 * @param points by evaluation domain
 * @param intervals by evaluation domain, one entry a fold, in the order of the points
 */
export function scoreIntervals(
  points: LawEvidence['points'],
  intervals: Readonly<Record<string, readonly RowIntervals[]>>,
  level: number,
): { readonly points: LawEvidence['points']; readonly interval: IntervalScores } {
  const domains = Object.keys(points);
  const lists = domains.map(domain => {
    const lower = intervals[domain].flatMap(fold => [...fold.lower]);
    const upper = intervals[domain].flatMap(fold => [...fold.upper]);
    return points[domain].map((point, n) => ({ ...point, lower: lower[n], upper: upper[n] }));
  });
  const byDomain = <T>(values: readonly T[]): Record<string, T> =>
    Object.fromEntries(domains.map((domain, i) => [domain, values[i]]));
  return {
    points: byDomain(lists),
    interval: { level, ...coverageOf(lists.flat()), targets: byDomain(lists.map(coverageOf)) },
  };
}

type BoundedPoint = HeldOutPoint & { readonly lower: number; readonly upper: number };

function coverageOf(points: readonly BoundedPoint[]): { coverage: number; width: number } {
  let covered = 0;
  let width = 0;
  for (const { observed, predicted, lower, upper } of points) {
    if (observed >= lower && observed <= upper) covered++;
    width += (upper - lower) / predicted;
  }
  return { coverage: covered / points.length, width: width / points.length };
}
