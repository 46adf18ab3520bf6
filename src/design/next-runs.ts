/** The runs worth their compute: chosen one by one, each as if those before it had been made. */

import { afterRun, type Belief } from './belief.ts';
import type { Candidate } from './candidate.ts';
import { dot } from './conditioning.ts';
import { dOptimal } from './d-optimal.ts';
import { mostPromising, recommended } from './decision.ts';
import { regretReduction } from './regret-reduction.ts';
import { meanVariance, varianceReduction } from './variance-reduction.ts';

/** `optimum`: find the best mixture. `intervals`: predict all candidates well. `coefficients`: D-optimal for the law. */
export type Goal = 'optimum' | 'intervals' | 'coefficients';

export interface NextRunsOptions {
  readonly goal: Goal;
  /** How many runs; fewer come back where there are fewer candidates. Defaults to 1. */
  readonly runs?: number;
  /** Of the draws that the worth of a run is estimated from; defaults to 0. */
  readonly seed?: number;
}

export interface NextRun {
  readonly candidate: Candidate;
  /** Expected weighted mean of its losses, nats per token, and the standard deviation of that before the run. */
  readonly expected: number;
  readonly sd: number;
  /**
   * How much lower the expected mean loss of the mixture decided on is by this run, after those before it: a part of the loss.
   */
  readonly regretReduction: number;
  /** How much narrower the standard errors of predictions become by this run: a part of them. */
  readonly errorReduction: number;
  /** The target whose loss at the mixture decided on this run tells most about. */
  readonly teaches: { readonly target: string; readonly before: number; readonly after: number };
}

export interface NextRuns {
  readonly goal: Goal;
  /** The mixture to decide on if no more runs were made. */
  readonly now: { readonly candidate: Candidate; readonly expected: number; readonly sd: number };
  readonly runs: readonly NextRun[];
  /** Root mean square standard error of the predicted log losses over targets and candidates, before and after the runs. */
  readonly standardError: { readonly before: number; readonly after: number };
  /** Relative scatter of a mean loss between seeds: expected regret reductions below it cannot be distinguished from noise. */
  readonly seedSd: number;
}

/** Deterministic for a seed. */
export function nextRuns(belief: Belief, { goal, runs = 1, seed = 0 }: NextRunsOptions): NextRuns {
  const decided = recommended(belief);
  const order = goal === 'coefficients' ? coefficientOrder(belief, runs) : undefined;
  const chosen = new Set<number>();
  const list: NextRun[] = [];
  let state = belief;
  while (list.length < runs) {
    const index = order === undefined ? choose(state, goal, chosen) : (order[list.length] ?? -1);
    if (index < 0) break;
    chosen.add(index);
    const after = afterRun(state, index);
    list.push({
      candidate: belief.candidates[index],
      expected: belief.expected[index],
      sd: state.sd[index],
      regretReduction: regretReduction(state, index, seed) / belief.expected[decided],
      errorReduction: 1 - Math.sqrt(meanVariance(after) / meanVariance(state)),
      teaches: mostTaught(state, after, decided),
    });
    state = after;
  }
  return {
    goal,
    now: { candidate: belief.candidates[decided], expected: belief.expected[decided], sd: belief.sd[decided] },
    runs: list,
    standardError: { before: Math.sqrt(meanVariance(belief)), after: Math.sqrt(meanVariance(state)) },
    seedSd: Math.sqrt(belief.misfit.seedVariance),
  };
}

function choose(belief: Belief, goal: Goal, chosen: ReadonlySet<number>): number {
  if (goal === 'optimum') return mostPromising(belief, c => !chosen.has(c));
  let best = -1;
  let most = Number.NEGATIVE_INFINITY;
  belief.candidates.forEach(({ run }, c) => {
    if (run !== undefined || chosen.has(c)) return;
    const worth = varianceReduction(belief, c);
    if (worth > most) {
      most = worth;
      best = c;
    }
  });
  return best;
}

function coefficientOrder({ candidates, targets }: Belief, runs: number): readonly number[] {
  const designs = targets.map(({ measured, noise }) => ({ rows: measured, noise }));
  return dOptimal(designs, runs, c => candidates[c].run === undefined).chosen;
}

/** By its part in the variance of the mean loss at candidate `at`; standard errors of the log loss there. */
function mostTaught(before: Belief, after: Belief, at: number): NextRun['teaches'] {
  const changes = before.targets.map(({ target, weight, losses, decided }, i) => {
    const was = dot(decided[at], decided[at]);
    const is = dot(after.targets[i].decided[at], after.targets[i].decided[at]);
    return { target, before: Math.sqrt(was), after: Math.sqrt(is), part: (weight * losses[at]) ** 2 * (was - is) };
  });
  const { part: _, ...taught } = changes.reduce((a, b) => (b.part > a.part ? b : a));
  return taught;
}
