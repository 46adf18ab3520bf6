/**
 * D-optimal choice: the runs that together tell most about all coefficients of a law,
 *
 *   maximise  sum over targets of log det (I + sum over chosen n of row_n row_n' / noise)
 *
 * with rows in units of what is believed before: `LogDeviations.coefficients` of a fit, or slopes times a factor of the priors'
 * covariance where there is no run yet. Greedy, then Fedorov's exchanges (Fedorov 1972; Atkinson, Donev & Tobias 2007, 12.3)
 * until none helps.
 */

import { afterObservation, dot } from './conditioning.ts';

/** One target: how its loss at each candidate answers to its coefficients. */
export interface DesignTarget {
  /** N rows of q: log loss in standard deviations of q independent directions. */
  readonly rows: readonly Float64Array[];
  /** Variance of a run's log loss about the law; above 0. */
  readonly noise: number;
}

export interface DOptimalDesign {
  /** Indices of candidates, ascending. */
  readonly chosen: readonly number[];
  /** The maximised sum: twice the entropy, in nats, that the runs take off the coefficients. */
  readonly information: number;
}

/** Exchanges that gain less than this, in nats, are rounding. */
const LEAST_GAIN = 1e-9;

/**
 * @param targets at least one, all of the same N candidates
 * @param count runs to choose, at most N
 * @param allowed which candidates may be chosen; all unless said
 */
export function dOptimal(
  targets: readonly DesignTarget[],
  count: number,
  allowed: (candidate: number) => boolean = () => true,
): DOptimalDesign {
  const open = targets[0].rows.map((_, n) => n).filter(allowed);
  const chosen: number[] = [];
  let state = targets;
  let information = 0;
  const choose = (n: number): void => {
    information += gain(state, n);
    state = observed(state, n);
    chosen.push(n);
  };
  while (chosen.length < Math.min(count, open.length)) choose(bestOf(open, chosen, state));
  for (let exchanged = true; exchanged; ) {
    exchanged = false;
    for (const out of [...chosen]) {
      const rest = chosen.filter(n => n !== out);
      const without = rest.reduce(observed, targets);
      const best = bestOf(open, rest, without);
      if (gain(without, best) <= gain(without, out) + LEAST_GAIN) continue;
      chosen.splice(0, chosen.length);
      state = targets;
      information = 0;
      for (const n of [...rest, best]) choose(n);
      exchanged = true;
    }
  }
  return { chosen: chosen.toSorted((a, b) => a - b), information };
}

/** What one more run adds to the sum of log determinants. */
export function gain(targets: readonly DesignTarget[], candidate: number): number {
  return targets.reduce((sum, { rows, noise }) => {
    const row = rows[candidate];
    return sum + Math.log1p(dot(row, row) / noise);
  }, 0);
}

function observed(targets: readonly DesignTarget[], candidate: number): readonly DesignTarget[] {
  return targets.map(({ rows, noise }) => ({ rows: afterObservation(rows, rows[candidate], noise), noise }));
}

function bestOf(open: readonly number[], chosen: readonly number[], targets: readonly DesignTarget[]): number {
  let best = -1;
  let most = Number.NEGATIVE_INFINITY;
  for (const n of open) {
    if (chosen.includes(n)) continue;
    const value = gain(targets, n);
    if (value > most) {
      most = value;
      best = n;
    }
  }
  return best;
}
