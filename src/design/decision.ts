/**
 * Which mixture to decide on, and which to run: the lowest expected mean loss, moved by half a standard deviation.
 *
 * The lowest of many predictions is too low as a rule, so the decision asks for a mixture that is good and known to be:
 * argmin expected + sd / 2. A run is for learning, so what is not known counts in its favour: argmin expected - sd / 2, the
 * lower confidence bound of Cox & John 1997. Where a law knows all it can, both are the optimum.
 */

import type { Belief } from './belief.ts';

/** Standard deviations. */
const CAUTION = 0.5;
/** Where runs nearby decide by more than this, within about a fiftieth of the tokens, another would show the same. */
const DECIDED = 0.8;

/** Index of the candidate to decide on if no more runs were made; measured or not. */
export function recommended({ candidates, expected, sd }: Belief): number {
  return lowest(candidates.length, c => expected[c] + CAUTION * sd[c]);
}

/**
 * Index of the candidate to run next, of those no run has yet and `open` allows; -1 where there is none. Twins of what was run
 * come last.
 */
export function mostPromising(belief: Belief, open: (candidate: number) => boolean): number {
  const { candidates, expected, sd, misfit } = belief;
  const among = (allowed: (c: number) => boolean): number =>
    lowest(candidates.length, c =>
      candidates[c].run === undefined && open(c) && allowed(c)
        ? expected[c] - CAUTION * sd[c]
        : Number.POSITIVE_INFINITY,
    );
  const best = among(c => misfit.held[c] < DECIDED);
  return best >= 0 ? best : among(() => true);
}

function lowest(count: number, value: (c: number) => number): number {
  let best = -1;
  let least = Number.POSITIVE_INFINITY;
  for (let c = 0; c < count; c++) {
    const here = value(c);
    if (here < least) {
      least = here;
      best = c;
    }
  }
  return best;
}
