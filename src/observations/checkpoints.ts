/** The checkpoints of one run: sorted, each volume once, no checkpoint written twice under two volumes. */

import { describePlace } from '../errors/index.ts';
import { contradiction } from './contradiction.ts';
import type { Draft } from './draft.ts';
import type { Checkpoint, RunGroup } from './run-group.ts';
import { runLabel, volumeLabel } from './run-label.ts';

/** Two consecutive checkpoints nearer than this part of their volume, with the same losses, are one. */
const REPEATED_WITHIN = 0.002;

/** Losses this near each other, as a part of them, are one number written with different digits. */
const SAME_LOSS = 1e-6;

/** What was done to the checkpoints, one item each. */
export interface CheckpointRepairs {
  /** Rows equal to another, or that fill its gaps. */
  readonly merged: string[];
  /** Losses that another row of the same checkpoint contradicts; the later in the file was kept. */
  readonly conflicting: string[];
  /** Checkpoints dropped because the next one, hardly later, holds the very same losses. */
  readonly repeated: string[];
}

/**
 * Sorts the checkpoints of a run by volume and mends repetitions, adding to `repairs`.
 *
 * A table may hold a run's last evaluation twice, under two volumes. Left in, the earlier copy of the last checkpoint
 * would tell a fit the answer it is tested on; so the earlier is dropped.
 *
 * @throws BimixError `ambiguous-checkpoint` where two rows of one volume differ and the draft says `stop`
 */
export function tidyCheckpoints(group: RunGroup, draft: Draft, repairs: CheckpointRepairs): Checkpoint[] {
  const { evaluationDomains, volumeUnit: unit, onContradiction = 'last' } = draft;
  const label = runLabel(group.name, group.size);
  const sorted = group.checkpoints.toSorted((a, b) => a.volume - b.volume);
  const unique: Checkpoint[] = [];
  for (const checkpoint of sorted) {
    const last = unique.at(-1);
    if (last === undefined || last.volume !== checkpoint.volume) {
      unique.push(checkpoint);
      continue;
    }
    const place = describePlace(checkpoint.where);
    const name = `${label} at ${volumeLabel(checkpoint.volume, unit)}${place === '' ? '' : ` (${place})`}`;
    repairs.merged.push(name);
    checkpoint.losses.forEach((loss, i) => {
      if (Number.isNaN(loss)) return;
      const before = last.losses[i];
      if (Math.abs(before - loss) > SAME_LOSS * Math.abs(loss)) {
        if (onContradiction === 'stop') {
          const what = `${label} at ${volumeLabel(checkpoint.volume, unit)}`;
          const values = { domain: evaluationDomains[i], before, now: loss };
          throw contradiction(what, values, last.where, checkpoint.where, draft.explainContradiction);
        }
        repairs.conflicting.push(`${name}: loss of ${evaluationDomains[i]} ${before} replaced by ${loss}`);
      }
      last.losses[i] = loss;
    });
  }
  return unique.filter((checkpoint, index) => {
    const next = unique[index + 1];
    if (next === undefined || next.volume - checkpoint.volume >= REPEATED_WITHIN * next.volume) return true;
    if (!checkpoint.losses.every((loss, i) => Object.is(loss, next.losses[i]))) return true;
    const what = unit === 'none' ? '' : ` ${unit}`;
    repairs.repeated.push(`${label}: the checkpoint at ${checkpoint.volume}${what}, repeated at ${next.volume}`);
    return false;
  });
}
