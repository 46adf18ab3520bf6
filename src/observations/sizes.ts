/** The model sizes of a table. A law without a size term is fitted to one size at a time. */

import { BimixError } from '../errors/index.ts';
import { formatQuantity } from '../mixture/index.ts';
import { counted } from './finding-group.ts';
import type { RunTable } from './run-table.ts';

/** Sizes nearer than this part are one: embedding and rounding conventions differ. */
const SAME_SIZE = 0.005;

/** Whether two model sizes are the same within 0.5 %. */
export function sameSize(a: number, b: number): boolean {
  return Math.abs(a - b) <= SAME_SIZE * Math.max(a, b);
}

/** Model sizes in parameters, ascending, each once; runs without a known size do not count. */
export function modelSizes(table: RunTable): number[] {
  const sizes: number[] = [];
  for (const size of table.runs.flatMap(run => run.size ?? []).sort((a, b) => a - b)) {
    if (sizes.length === 0 || !sameSize(sizes[sizes.length - 1], size)) sizes.push(size);
  }
  return sizes;
}

/**
 * The one model size of a table, or undefined when it is not known.
 *
 * @throws BimixError `ambiguous-size` when there are several, listing them
 */
export function requireOneSize(table: RunTable): number | undefined {
  const sizes = modelSizes(table);
  const unknown = table.runs.filter(({ size }) => size === undefined).length;
  if (sizes.length === 0 || (sizes.length === 1 && unknown === 0)) return sizes[0];
  const named = sizes.map(formatQuantity);
  const found =
    unknown === 0 ? named.join(', ') : `${named.join(', ')}, and ${counted(unknown, 'run')} of unknown size`;
  throw new BimixError('ambiguous-size', `ambiguous model size: the table has ${found}`, {
    hint: `A law is fitted to one size. Pass ${named.map(size => `--where 'size=${size}'`).join(' or ')}.`,
  });
}

/**
 * For laws that know the size: each run has one, or none does.
 *
 * @throws BimixError `missing-size` naming a run without
 */
export function requireKnownSizes(table: RunTable): void {
  const unknown = table.runs.filter(({ size }) => size === undefined);
  if (unknown.length === 0 || unknown.length === table.runs.length) return;
  const message = `missing model size of ${counted(unknown.length, 'run')}, "${unknown[0].name}" for one: the others have theirs`;
  throw new BimixError('missing-size', message, {
    hint: 'Add it to their rows and import again, or leave these runs out with --where.',
  });
}
