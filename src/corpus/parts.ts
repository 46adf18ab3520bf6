/** Cutting a file into parts of about equal size. */

import type { FilePart } from './documents.ts';

/**
 * At most `count` parts that cover [0, end), none empty.
 *
 * @param cutAfter the first place where a cut is allowed at or after this fraction of the file, non-decreasing
 */
export async function cutParts(
  count: number,
  end: number,
  cutAfter: (fraction: number) => number | Promise<number>,
): Promise<FilePart[]> {
  const parts: FilePart[] = [];
  let from = 0;
  for (let i = 1; i <= count && from < end; i++) {
    const to = i >= count ? end : Math.min(end, await cutAfter(i / count));
    if (to <= from) continue;
    parts.push({ from, to });
    from = to;
  }
  return parts;
}
