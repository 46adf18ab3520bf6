/** Measures cells one after the other, but for those that were measured before. */

import { bimixVersion } from '../../src/files/index.ts';
import { type Cell, cellKey, type Measured, measure } from './cell.ts';
import type { CellCache } from './cell-cache.ts';

/** @param onProgress percent of the work that was to be done, by the effort of the cells */
export function measureCells(
  cells: readonly Cell[],
  cache: CellCache,
  onProgress: (done: number, total: number) => void = () => {},
): Measured[] {
  const version = bimixVersion();
  const keys = cells.map(cell => cellKey(cell, version));
  const total = cells.reduce((sum, { effort }, i) => sum + (cache.get(keys[i]) === undefined ? effort : 0), 0);
  let done = 0;
  return cells.map((cell, i) => {
    const known = cache.get(keys[i]);
    if (known !== undefined) return { cell, outcome: known };
    const outcome = measure(cell);
    cache.set(keys[i], outcome);
    done += cell.effort;
    onProgress(Math.floor((100 * done) / total), 100);
    return { cell, outcome };
  });
}
