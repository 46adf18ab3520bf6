/** Merging count files by several workers: first groups of files side by side, then ranges of first tokens side by side. */

import { rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { WorkerTask } from './count-worker.ts';
import { MAX_AT_A_TIME } from './merge-counts.ts';
import { rangesOf } from './merge-ranges.ts';

/** Less is merged by one worker before several are told what to do. */
const FEW_BYTES = 16 << 20;

/**
 * @param scratch folder for what is not finished; names in it begin with `name`
 * @param run has a worker do a task
 */
export async function mergeInThreads(
  paths: readonly string[],
  out: string,
  { workers, scratch, name }: { readonly workers: number; readonly scratch: string; readonly name: string },
  run: (task: WorkerTask) => Promise<void>,
): Promise<void> {
  const made: string[] = [];
  const inScratch = () => {
    made.push(join(scratch, `${name}-${made.length}`));
    return made[made.length - 1];
  };
  let left = paths;
  while (left.length > MAX_AT_A_TIME) {
    left = await Promise.all(
      groupsOf(left, MAX_AT_A_TIME).map(async group => {
        const merged = inScratch();
        await run({ kind: 'merge', paths: group, out: merged });
        return merged;
      }),
    );
  }
  if (workers === 1 || left.reduce((sum, path) => sum + statSync(path).size, 0) < FEW_BYTES) {
    await run({ kind: 'merge', paths: left, out });
  } else {
    const runs = await Promise.all(
      rangesOf(largestOf(left), workers).map(async range => {
        const merged = inScratch();
        await run({ kind: 'merge-range', paths: left, range, run: merged });
        return merged;
      }),
    );
    await run({ kind: 'join-ranges', paths: left, runs, out, scratch: inScratch() });
  }
  for (const path of made) rmSync(path, { recursive: true, force: true });
}

function groupsOf(paths: readonly string[], most: number): (readonly string[])[] {
  const groups = Math.ceil(paths.length / most);
  return Array.from({ length: groups }, (_, group) => paths.filter((_, i) => i % groups === group));
}

function largestOf(paths: readonly string[]): string {
  const sizes = paths.map(path => statSync(path).size);
  return paths[sizes.indexOf(Math.max(...sizes))];
}
