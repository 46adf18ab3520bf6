/**
 * What is believed of the candidates' losses after the runs at hand: the law's prediction, how uncertain its coefficients are
 * (Laplace), what it gets wrong at each mixture (misfit.ts), and what was measured. Everything a choice of runs needs to know.
 */

import {
  designOfMixtures,
  type FittedLaw,
  type FittedTarget,
  logDeviations,
  predictCheckpoints,
  predictDesign,
} from '../laws/index.ts';
import type { ShareBounds } from '../mixture/index.ts';
import { lossAt, mixtureOfRun, type RunTable } from '../observations/index.ts';
import { type Candidate, withRuns } from './candidate.ts';
import { afterObservation, dot } from './conditioning.ts';
import { type Misfit, misfitAt } from './misfit.ts';

export interface TargetBelief {
  /** Evaluation domain. */
  readonly target: string;
  /** In the mean loss; weights sum to 1. */
  readonly weight: number;
  /** N predicted losses at the volume of the decision, nats per token. */
  readonly losses: Float64Array;
  /** N rows of q: how the log loss at the decision's volume answers to q independent directions, in standard deviations. */
  readonly decided: readonly Float64Array[];
  /** The same at the volume that a run would be measured at. */
  readonly measured: readonly Float64Array[];
  /** Variance of a run's log loss about the law. */
  readonly noise: number;
}

export interface Belief {
  /** N: those that no run has first, then the runs' own mixtures. */
  readonly candidates: readonly Candidate[];
  readonly targets: readonly TargetBelief[];
  /** Variance of the mean loss over the variance it would have if targets erred independently. */
  readonly together: number;
  readonly misfit: Misfit;
  /** N: expected weighted mean of the losses, nats per token. */
  readonly expected: Float64Array;
  /** N: its standard deviation, of the coefficients and the misfit, not of a run's seed. */
  readonly sd: Float64Array;
  /** What the misfit was found from, and runs chosen since. */
  readonly runs: readonly { readonly shares: Float64Array; readonly residual: number }[];
}

export interface BeliefOptions {
  /** Volume of the decision, in the unit of the fit; the largest of the runs unless given. */
  readonly volume?: number;
  /** Weight of each evaluation domain in the mean loss, as the law's targets; equal unless given. */
  readonly weights?: readonly number[];
  /** What is allowed of the mixture decided on: runs outside inform, but are no candidates. */
  readonly bounds?: ShareBounds;
}

/** Relative scatter of a mean loss between seeds, where no mixture was run twice: losses are not reproducible to less. */
const SEED_SD = 1e-3;
/** What law misfits are like before any residual is seen: a mean loss off by 0.5 %, worth four runs. */
const PRIOR_MISFIT = 5e-3;
const PRIOR_RUNS = 4;

/**
 * @param fitted fitted to `table` with `uncertainty: 'laplace'`
 * @param candidates mixtures that could be run; those that a run has already are taken as measured
 * @throws BimixError `missing-uncertainty` when the fit does not say how uncertain it is
 */
export function believe(
  fitted: FittedLaw,
  table: RunTable,
  candidates: readonly Candidate[],
  options: BeliefOptions = {},
): Belief {
  const { volume = fitted.volume.largest } = options;
  const all = withRuns(candidates, table, options.bounds);
  const mixtures = all.map(({ shares }) => shares);
  const decision = designOfMixtures(fitted, mixtures, volume);
  const measurement = designOfMixtures(fitted, mixtures, fitted.volume.largest);
  const weights = normalized(options.weights ?? fitted.targets.map(() => 1));
  const targets = fitted.targets.flatMap((target, i): TargetBelief[] => {
    if (weights[i] === 0) return [];
    const { coefficients, uncertainty } = logDeviations(fitted, target, decision);
    return [
      {
        target: target.target,
        weight: weights[i],
        losses: predictDesign(fitted, target, decision).map(Math.exp),
        decided: coefficients,
        measured: logDeviations(fitted, target, measurement).coefficients,
        noise: uncertainty.runSd ** 2 + uncertainty.withinSd ** 2 + SEED_SD ** 2,
      },
    ];
  });
  const together = varianceRatio(fitted, targets);
  const runs = meanResiduals(fitted, table, weights);
  const degrees = weightedMean(fitted.targets, weights, target => target.uncertainty?.degrees ?? 1);
  const squares = runs.reduce((sum, { residual }) => sum + residual * residual, 0);
  const scatter = (squares + PRIOR_RUNS * PRIOR_MISFIT ** 2) / (degrees + PRIOR_RUNS);
  const seedVariance = seedVarianceOf(fitted, weights, together);
  const misfit = misfitAt(mixtures, runs, Math.max(scatter - seedVariance, scatter / 2), seedVariance);
  return withMoments({ candidates: all, targets, together, misfit, runs });
}

/** The belief after a run of a candidate whose losses are not known yet: the same means, smaller deviations. */
export function afterRun(belief: Belief, candidate: number): Belief {
  const { candidates, targets, misfit, runs } = belief;
  const made = [...runs, { shares: candidates[candidate].shares, residual: 0 }];
  const narrowed = misfitAt(
    candidates.map(({ shares }) => shares),
    made,
    misfit.variance,
    misfit.seedVariance,
  );
  return withMoments({
    ...belief,
    targets: targets.map(target => {
      const row = target.measured[candidate];
      const both = afterObservation([...target.decided, ...target.measured], row, target.noise);
      return { ...target, decided: both.slice(0, candidates.length), measured: both.slice(candidates.length) };
    }),
    misfit: { ...narrowed, expected: misfit.expected },
    runs: made,
  });
}

/** N: standard deviation of the mean loss by the coefficients alone, in nats per token. */
function coefficientDeviations({ candidates, targets, together }: Omit<Belief, 'expected' | 'sd'>): Float64Array {
  return Float64Array.from(candidates, (_, c) => {
    let variance = 0;
    for (const { weight, losses, decided } of targets)
      variance += (weight * losses[c]) ** 2 * dot(decided[c], decided[c]);
    return Math.sqrt(together * variance);
  });
}

function withMoments(belief: Omit<Belief, 'expected' | 'sd'>): Belief {
  const { candidates, targets, misfit } = belief;
  const byCoefficients = coefficientDeviations(belief);
  const expected = new Float64Array(candidates.length);
  const sd = new Float64Array(candidates.length);
  candidates.forEach((_, c) => {
    const predicted = targets.reduce((sum, { weight, losses }) => sum + weight * losses[c], 0);
    expected[c] = predicted * Math.exp(misfit.expected[c]);
    sd[c] = Math.hypot((1 - misfit.held[c]) * byCoefficients[c], misfit.sd[c] * predicted);
  });
  return { ...belief, expected, sd };
}

/** Variance of the mean residual over that of independent ones, from the correlation of the fit's residuals; at least 1. */
function varianceRatio({ targets, residualCorrelation }: FittedLaw, believed: readonly TargetBelief[]): number {
  const parts = believed.map(({ target, weight, losses, noise }) => ({
    index: targets.findIndex(candidate => candidate.target === target),
    part: weight * losses[losses.length - 1] * Math.sqrt(noise),
  }));
  let square = 0;
  let cross = 0;
  parts.forEach((a, i) => {
    square += a.part ** 2;
    for (const b of parts.slice(0, i)) {
      cross += 2 * a.part * b.part * (residualCorrelation?.[(a.index * (a.index - 1)) / 2 + b.index] ?? 1);
    }
  });
  return Math.max(1, (square + cross) / square);
}

/** The log of observed over predicted mean loss of each run's last checkpoint; runs that miss a target have none. */
function meanResiduals(fitted: FittedLaw, table: RunTable, weights: readonly number[]): Belief['runs'] {
  const last = new Int32Array(table.runs.length);
  table.rowRun.forEach((run, row) => {
    last[run] = row;
  });
  const evaluated = fitted.targets.map(({ target }) => table.evaluationDomains.indexOf(target));
  return table.runs.flatMap((_, run) => {
    const shares = mixtureOfRun(table, run);
    const design = designOfMixtures(fitted, [shares], table.rowVolume[last[run]]);
    let observed = 0;
    let predicted = 0;
    fitted.targets.forEach((target, i) => {
      if (weights[i] === 0) return;
      observed += weights[i] * lossAt(table, last[run], evaluated[i]);
      predicted += weights[i] * Math.exp(predictCheckpoints(fitted, target, design)[0]);
    });
    return Number.isNaN(observed) ? [] : [{ shares, residual: Math.log(observed / predicted) }];
  });
}

/** Relative variance of the mean loss between seeds of one mixture; as measured where mixtures were run more than once. */
function seedVarianceOf({ targets }: FittedLaw, weights: readonly number[], together: number): number {
  const known = targets.every(({ uncertainty }) => uncertainty?.seed !== undefined);
  if (!known) return SEED_SD ** 2;
  const squares = targets.map(({ uncertainty }, i) => (weights[i] * (uncertainty?.seed?.sd ?? 0)) ** 2);
  return Math.max(SEED_SD ** 2, together * squares.reduce((a, b) => a + b, 0));
}

function weightedMean(
  targets: readonly FittedTarget[],
  weights: readonly number[],
  of: (target: FittedTarget) => number,
): number {
  return targets.reduce((sum, target, i) => sum + weights[i] * of(target), 0);
}

function normalized(weights: readonly number[]): number[] {
  const sum = weights.reduce((a, b) => a + b, 0);
  return weights.map(weight => weight / sum);
}
