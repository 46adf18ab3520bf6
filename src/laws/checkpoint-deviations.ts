/**
 * What a checkpoint can be off the smooth curve by in all runs alike: as where each is evaluated on documents of its own, or
 * where the learning rate bends all curves at once. Known at the checkpoints of the fit, and open at any other.
 */

import type { FittedLaw, FittedTarget } from './fitted-law.ts';
import type { Design } from './law.ts';
import { predictCheckpoints, predictDesign } from './predict.ts';

/**
 * n: standard deviation of a log loss by its checkpoint, at the mixture of each row: the root mean square of the effects of
 * the fit's checkpoints there. 0 throughout for a law without them.
 *
 * @param design as for `predictDesign`; its volumes do not matter
 */
export function checkpointDeviations(fitted: FittedLaw, target: FittedTarget, design: Design): Float64Array {
  const volumes = effectVolumes(fitted, target);
  const runs = design.size.length;
  const squares = new Float64Array(runs);
  for (const volume of volumes) {
    const there = {
      ...design,
      rowRun: Int32Array.from({ length: runs }, (_, run) => run),
      volume: new Float64Array(runs).fill(volume / fitted.volume.scale),
    };
    const smooth = predictDesign(fitted, target, there);
    predictCheckpoints(fitted, target, there).forEach((logLoss, run) => {
      squares[run] += (logLoss - smooth[run]) ** 2;
    });
  }
  return Float64Array.from(design.rowRun, run => Math.sqrt(squares[run] / Math.max(1, volumes.length)));
}

/** In the fit's unit; those of the members, in a stack. */
function effectVolumes(fitted: FittedLaw, { target }: FittedTarget): number[] {
  const parts = fitted.members ?? [fitted];
  const effects = parts.flatMap(part => part.targets.find(other => other.target === target)?.checkpointEffects ?? []);
  return [...new Set(effects.map(({ volume }) => volume))];
}
