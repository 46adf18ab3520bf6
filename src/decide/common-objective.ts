/** What to minimize where targets have several units and nobody said what each is worth. */

import { type FittedLaw, targetsByUnit, type Warning } from '../laws/index.ts';

export interface CommonObjective {
  /** Weight of each evaluation domain that counts. */
  readonly weights: Readonly<Record<string, number>>;
  readonly warning: Warning;
}

/** The mean over the targets of the unit that most of them have. Null where all have one. */
export function commonObjective({ targets }: FittedLaw): CommonObjective | null {
  const units = [...targetsByUnit(targets)];
  if (units.length < 2) return null;
  const [unit, group] = units.reduce((a, b) => (b[1].length > a[1].length ? b : a));
  const names = group.map(({ target }) => target);
  const others = units.flatMap(([other]) => (other === unit ? [] : [other]));
  const message = `the objective is the mean over the targets in ${unit}: ${names.join(', ')}; the others, in ${others.join(' and ')}, are predicted and carry no weight. Pass --weights to choose.`;
  return {
    weights: Object.fromEntries(names.map(name => [name, 1])),
    warning: { code: 'objective-of-one-unit', message },
  };
}
