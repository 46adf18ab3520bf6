/** Whether the evaluations of a run look thinned out: a sampled history keeps some steps and omits others. */

/** Fewer than this many evaluations say nothing. */
const MIN_STEPS = 5;

/**
 * The gaps between the steps of a run's evaluations in words, where they look sampled; undefined where they are even,
 * or never shrink as those of a geometric grid. The first and the last gap do not count: trainers evaluate at the start and at
 * the end, wherever these fall.
 *
 * @param steps in any order, repetitions allowed
 */
export function sampledGaps(steps: Iterable<number>): string | undefined {
  const sorted = [...new Set(steps)].sort((a, b) => a - b);
  if (sorted.length < MIN_STEPS) return undefined;
  const gaps = sorted.slice(1).map((step, i) => step - sorted[i]);
  const inner = gaps.slice(1, -1);
  const isGrowing = inner.every((gap, i) => i === 0 || gap >= inner[i - 1]);
  if (isGrowing) return undefined;
  const [least, most] = [Math.min(...inner), Math.max(...inner)];
  const areMultiples = inner.every(gap => gap % least === 0);
  return `gaps of ${least} to ${most} steps${areMultiples ? `, all multiples of ${least}` : ', not regular'}`;
}
