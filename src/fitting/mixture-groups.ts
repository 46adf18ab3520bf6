/** Runs of one mixture: replicates, which say how much of the noise is a run's own. */

import { mixtureOfRun, type RunTable } from '../observations/index.ts';

/** R: which mixture each run has, numbered from 0 in order of appearance; mixtures that differ by rounding are one. */
export function mixtureGroups(table: RunTable): Int32Array {
  const numbers = new Map<string, number>();
  return Int32Array.from(table.runs, (_, run) => {
    const key = Array.from(mixtureOfRun(table, run), share => share.toFixed(5)).join(' ');
    const number = numbers.get(key) ?? numbers.size;
    numbers.set(key, number);
    return number;
  });
}
