/**
 * D-optimal choice: the runs that together tell most about all coefficients of a law,
 *
 *   maximize  sum over targets of log det (I + sum over chosen n of row_n row_n' / noise)
 *
 * with rows in units of what is believed before: `LogDeviations.coefficients` of a fit, or slopes times a factor of the priors'
 * covariance where there is no run yet. Greedy from several first runs, then exchanges one by one (Fedorov 1972; Atkinson, Donev
 * & Tobias 2007, 12.3) until none helps.
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
  /** The maximized sum: twice the entropy, in nats, that the runs take off the coefficients. */
  readonly information: number;
}

/** First runs tried, times the runs to choose: small designs are searched more. */
const STARTS = 64;
/** Exchanges that gain less than this, in nats, are rounding. */
const MIN_GAIN = 1e-9;

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
  const size = Math.min(count, open.length);
  if (size === 0) return { chosen: [], information: 0 };
  const starts = size === 1 ? 1 : Math.max(1, Math.floor(STARTS / size));
  const firsts = open.toSorted((a, b) => gain(targets, b) - gain(targets, a)).slice(0, starts);
  const { chosen, information } = firsts
    .map(first => exchanged(targets, open, greedy(targets, open, [first], size)))
    .reduce((a, b) => (b.information > a.information + MIN_GAIN ? b : a));
  return { chosen: chosen.toSorted((a, b) => a - b), information };
}

function greedy(
  targets: readonly DesignTarget[],
  open: readonly number[],
  chosen: readonly number[],
  size: number,
): readonly number[] {
  const list = [...chosen];
  let state = chosen.reduce(observed, targets);
  while (list.length < size) {
    list.push(bestOf(open, list, state));
    state = observed(state, list[list.length - 1]);
  }
  return list;
}

/** Each run in turn for the best that is not chosen, until none helps. */
function exchanged(
  targets: readonly DesignTarget[],
  open: readonly number[],
  start: readonly number[],
): DOptimalDesign {
  let chosen = start;
  for (let turn = 0, kept = 0; kept < chosen.length; turn = (turn + 1) % chosen.length) {
    const rest = chosen.filter((_, k) => k !== turn);
    const without = rest.reduce(observed, targets);
    const best = bestOf(open, rest, without);
    const helps = gain(without, best) > gain(without, chosen[turn]) + MIN_GAIN;
    kept = helps ? 0 : kept + 1;
    if (helps) chosen = chosen.map((n, k) => (k === turn ? best : n));
  }
  return { chosen, information: informationOf(targets, chosen) };
}

function informationOf(targets: readonly DesignTarget[], chosen: readonly number[]): number {
  let state = targets;
  let sum = 0;
  for (const n of chosen) {
    sum += gain(state, n);
    state = observed(state, n);
  }
  return sum;
}

/** What one more run adds to the sum of log determinants. */
function gain(targets: readonly DesignTarget[], candidate: number): number {
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
