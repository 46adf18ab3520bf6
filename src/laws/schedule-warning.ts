/** What the learning-rate schedule of the runs makes of a law's volume term. */

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
  const beyond = `losses beyond ${formatQuantity(largest)} ${unit} are not safe`;
  if (schedule === 'unknown') {
    const message = `the learning-rate schedule of the runs is not known: where it decays, checkpoints inside a run are not what a run that ends there reaches, and ${beyond}; say it with bimix import --schedule.`;
    return [{ code: 'schedule-unknown', message }];
  }
  const name = schedule === 'wsd' ? 'a warm-up-stable-decay' : `a ${schedule}`;
  const message = `checkpoints inside ${name} schedule took part: a run that ends there reaches another loss, and ${beyond}.`;
  return [{ code: 'mid-schedule', message }];
}
