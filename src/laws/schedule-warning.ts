/** What the learning-rate schedule of the runs means for a law's volume term. */

import { formatQuantity } from '../mixture/index.ts';
import type { Schedule, VolumeUnit } from '../observations/index.ts';
import type { Warning } from './fitted-law.ts';

/** What matters of the volumes of runs; a law file's `volume` has it. */
interface RunVolumes {
  readonly unit: VolumeUnit;
  readonly largest: number;
  readonly schedule?: Schedule | undefined;
  readonly insideRuns?: boolean | undefined;
}

/**
 * A warning where checkpoints inside runs took part and the learning rate decays, or may; none for runs of a constant rate,
 * or of one checkpoint each.
 */
export function scheduleWarnings({ unit, largest, schedule = 'unknown', insideRuns = false }: RunVolumes): Warning[] {
  if (unit === 'none' || !insideRuns || schedule === 'constant') return [];
  const beyond = `predictions beyond ${formatQuantity(largest)} ${unit} are unreliable`;
  if (schedule === 'unknown') {
    const message = `the learning-rate schedule of the runs is not known. If the rate decays, a checkpoint inside a run differs from a run that ends there, and ${beyond}. State the schedule with bimix import --schedule.`;
    return [{ code: 'schedule-unknown', message }];
  }
  const name = schedule === 'wsd' ? 'a warm-up-stable-decay' : `a ${schedule}`;
  const message = `the fit includes checkpoints inside ${name} schedule: a run that ends there reaches another loss, and ${beyond}.`;
  return [{ code: 'mid-schedule', message }];
}
