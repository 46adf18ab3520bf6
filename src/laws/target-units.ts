/** Which unit each target's numbers have: means over targets add numbers of one unit only. */

import type { FittedLaw, FittedTarget } from './fitted-law.ts';

/** In the order in which units first occur: `nats per token`, or the metric. */
export function targetsByUnit(targets: readonly FittedTarget[]): Map<string, FittedTarget[]> {
  const units = new Map<string, FittedTarget[]>();
  for (const target of targets) {
    const unit = target.metric ?? 'nats per token';
    const group = units.get(unit);
    if (group === undefined) units.set(unit, [target]);
    else group.push(target);
  }
  return units;
}

/** The unit of all targets; null where they have several. */
export function commonUnit({ targets }: Pick<FittedLaw, 'targets'>): string | null {
  const units = [...targetsByUnit(targets).keys()];
  return units.length === 1 ? units[0] : null;
}
