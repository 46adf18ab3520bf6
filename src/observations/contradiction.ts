/** The refusal of two rows that give different losses for one checkpoint: one of them belongs to another run. */

import { BimixError, describePlace, type Place } from '../errors/index.ts';
import type { Draft } from './draft.ts';

/**
 * @param checkpoint which one: `a (70M) at step 1000`
 * @param values of one evaluation domain, in the rows at `one` and at `other`
 * @param explain what tells the rows apart, where the importer knows
 */
export function contradiction(
  checkpoint: string,
  { domain, before, now }: { readonly domain: string; readonly before: number; readonly now: number },
  one: Place,
  other: Place,
  explain?: Draft['explainContradiction'],
): BimixError {
  const first = describePlace(one);
  const message = `ambiguous checkpoint: ${checkpoint} has two values of "${domain}", ${before}${first === '' ? '' : ` at ${first}`} and ${now}`;
  const why = explain?.(one, other) ?? 'Give rows of different runs different run names, sizes, steps or tokens.';
  return new BimixError('ambiguous-checkpoint', message, {
    hint: `${why} If the later row corrects the earlier, pass --on-contradiction last.`,
    where: other,
  });
}
