/** Runs and checkpoints as people call them, in findings and errors. */

import { formatQuantity } from '../mixture/index.ts';
import type { VolumeUnit } from './run-table.ts';

/** `RP_17`, or `RP_17 (70M)` where the model size is known. */
export function runLabel(name: string, size: number | undefined): string {
  return size === undefined ? name : `${name} (${formatQuantity(size)})`;
}

/** `step 6000`, `1.998B tokens`, or `its checkpoint` when the volume is not known. */
export function volumeLabel(volume: number, unit: VolumeUnit): string {
  if (unit === 'none') return 'its checkpoint';
  return unit === 'steps' ? `step ${volume}` : `${formatQuantity(volume)} tokens`;
}
