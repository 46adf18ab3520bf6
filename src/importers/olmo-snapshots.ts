/** Snapshots of OLMo-core repeat the latest value of every metric, whenever it was measured. */

import type { Place } from '../errors/index.ts';
import type { LoggedLoss } from './logged-losses.ts';

/** One that repeats another. */
export interface StaleLoss {
  readonly domain: string;
  readonly where: Place;
  readonly before: Place;
}

export interface FreshLosses {
  /** By volume. */
  readonly losses: readonly LoggedLoss[];
  /** What was left out. */
  readonly stale: readonly StaleLoss[];
}

/**
 * Losses without those that repeat, to the last digit, what the snapshot before of the same run has for the domain.
 *
 * @param snapshots losses of each file
 */
export function freshLosses(snapshots: readonly (readonly LoggedLoss[])[]): FreshLosses {
  const byVolume = snapshots.flat().sort((a, b) => (a.volume ?? 0) - (b.volume ?? 0));
  const latest = new Map<string, LoggedLoss>();
  const losses: LoggedLoss[] = [];
  const stale: StaleLoss[] = [];
  for (const loss of byVolume) {
    const key = JSON.stringify([folderOf(loss), loss.domain]);
    const before = latest.get(key);
    if (before !== undefined && Object.is(before.loss, loss.loss)) {
      stale.push({ domain: loss.domain, where: loss.where, before: before.where });
      continue;
    }
    latest.set(key, loss);
    losses.push(loss);
  }
  return { losses, stale };
}

function folderOf({ where }: LoggedLoss): string {
  return (where.file ?? '').replace(/[^\\/]*$/, '');
}
