/**
 * Choices of runs replayed on a table of runs that were all made: a few at random to begin with, then one at a time by the
 * choice under test, the law refitted after each, and what the mixture decided on would cost.
 */

import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { mersenne } from 'pure-rand/generator/mersenne';
import type { RandomGenerator } from 'pure-rand/types/RandomGenerator';
import { fitLaw } from '../fitting/index.ts';
import { type FittedLaw, isStack, type Law, type Stack } from '../laws/index.ts';
import { median } from '../numerics/index.ts';
import { defaultTargets, isLastOfRun, lossAt, mixtureOfRun, type RunTable, selectRuns } from '../observations/index.ts';
import { type Belief, believe } from './belief.ts';
import type { Candidate } from './candidate.ts';
import { dOptimal } from './d-optimal.ts';
import { mostPromising, recommended } from './decision.ts';
import { regretReduction } from './regret-reduction.ts';
import { varianceReduction } from './variance-reduction.ts';

/** Ways to choose the next run. The last two are compared with, not offered. */
export type Choice = 'optimum' | 'intervals' | 'coefficients' | 'random' | 'knowledge gradient';

export interface ReplayOptions {
  readonly law: Law | Stack;
  readonly choice: Choice;
  /** Of the runs begun with and of random choices. */
  readonly seed: number;
  /** Runs begun with; defaults to 8. */
  readonly start?: number;
  /** Runs ended with, at most those of the table. */
  readonly until: number;
}

export interface ReplayPoint {
  readonly runs: number;
  /**
   * Measured mean loss over targets, at the last checkpoint, of the mixture decided on, over the least of all: 0.005 is half a
   * percent worse.
   */
  readonly regret: number;
}

/** One replay; deterministic for a seed. Every run of the table must have all losses at its last checkpoint. */
export function replay(table: RunTable, { law, choice, seed, start = 8, until }: ReplayOptions): ReplayPoint[] {
  const random = mersenne(seed);
  const order = shuffled(table.runs.length, random);
  const made = order.slice(0, start);
  const losses = meanLosses(table);
  const best = losses.reduce((a, b) => Math.min(a, b));
  const pool = table.runs.map(
    ({ name }, run): Candidate => ({ name, shares: mixtureOfRun(table, run), origin: 'pool' }),
  );
  const runOf = new Map(pool.map(({ name }, run) => [name, run]));
  const points: ReplayPoint[] = [];
  let near: FittedLaw | undefined;
  for (;;) {
    const part = selectRuns(table, run => made.includes(run));
    const fitted = fitLaw(part, law, {
      uncertainty: 'laplace',
      check: false,
      ...(near === undefined || isStack(law) ? {} : { near }),
    });
    near = fitted;
    const belief = believe(
      fitted,
      part,
      pool.filter((_, run) => !made.includes(run)),
    );
    const decided = runOf.get(belief.candidates[recommended(belief)].name) ?? 0;
    points.push({ runs: made.length, regret: losses[decided] / best - 1 });
    if (made.length >= Math.min(until, table.runs.length)) return points;
    const next = nextIndex(belief, choice, () => uniformInt(random, 0, table.runs.length - made.length - 1));
    made.push(runOf.get(belief.candidates[next].name) ?? 0);
  }
}

/** @param draw position among the candidates that no run has */
function nextIndex(belief: Belief, choice: Choice, draw: () => number): number {
  const open = belief.candidates.flatMap(({ run }, c) => (run === undefined ? [c] : []));
  switch (choice) {
    case 'random':
      return open[draw()];
    case 'optimum':
      return mostPromising(belief, () => true);
    case 'intervals':
      return most(open, c => varianceReduction(belief, c));
    case 'knowledge gradient':
      return most(open, c => regretReduction(belief, c, 0));
    case 'coefficients': {
      const designs = belief.targets.map(({ measured, noise }) => ({ rows: measured, noise }));
      return dOptimal(designs, 1, c => belief.candidates[c].run === undefined).chosen[0];
    }
  }
}

function most(candidates: readonly number[], worth: (candidate: number) => number): number {
  const values = candidates.map(worth);
  return candidates[values.indexOf(values.reduce((a, b) => Math.max(a, b)))];
}

/** R: mean loss over the default targets at each run's last checkpoint, nats per token. */
function meanLosses(table: RunTable): Float64Array {
  const targets = defaultTargets(table);
  const means = new Float64Array(table.runs.length);
  table.rowRun.forEach((run, row) => {
    if (isLastOfRun(table, row)) {
      means[run] = targets.reduce((sum, target) => sum + lossAt(table, row, target), 0) / targets.length;
    }
  });
  return means;
}

function shuffled(count: number, random: RandomGenerator): number[] {
  const order = Array.from({ length: count }, (_, i) => i);
  for (let i = count - 1; i > 0; i--) {
    const j = uniformInt(random, 0, i);
    [order[i], order[j]] = [order[j], order[i]];
  }
  return order;
}

/** The median regret over replays at each number of runs, ascending. */
export function medianRegret(replays: readonly (readonly ReplayPoint[])[]): ReplayPoint[] {
  return replays[0].map(({ runs }, i) => ({ runs, regret: median(replays.map(points => points[i].regret)) }));
}

/** The fewest runs at which a curve is at or below a regret; null where it never is. */
export function runsToReach(curve: readonly ReplayPoint[], regret: number): number | null {
  return curve.find(point => point.regret <= regret)?.runs ?? null;
}
