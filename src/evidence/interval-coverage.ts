/** How often intervals of held-out losses cover them, beside the level asked for. */

import type { RowIntervals } from '../laws/index.ts';
import type { IntervalScores, LawEvidence } from './evidence-types.ts';
import type { HeldOutPoints } from './held-out-points.ts';
import { joined } from './held-out-scores.ts';

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
  const bounded = domains.map(domain =>
    points[domain].within({
      lower: joined(intervals[domain].map(({ lower }) => lower)),
      upper: joined(intervals[domain].map(({ upper }) => upper)),
    }),
  );
  const counts = bounded.map(countsOf);
  const byDomain = <T>(values: readonly T[]): Record<string, T> =>
    Object.fromEntries(domains.map((domain, i) => [domain, values[i]]));
  const all = counts.reduce((a, b) => ({
    points: a.points + b.points,
    covered: a.covered + b.covered,
    width: a.width + b.width,
  }));
  return {
    points: byDomain(bounded),
    interval: { level, ...coverageOf(all), targets: byDomain(counts.map(coverageOf)) },
  };
}

interface Counts {
  readonly points: number;
  readonly covered: number;
  /** Sum of widths over predicted losses. */
  readonly width: number;
}

function countsOf(points: HeldOutPoints): Counts {
  let covered = 0;
  let width = 0;
  for (const { observed, predicted, lower = Number.NaN, upper = Number.NaN } of points) {
    if (observed >= lower && observed <= upper) covered++;
    width += (upper - lower) / predicted;
  }
  return { points: points.length, covered, width };
}

function coverageOf({ points, covered, width }: Counts): { coverage: number; width: number } {
  return { coverage: covered / points, width: width / points };
}
