/** Fits one law to one target: multistart, robust weights, noise counted by runs. */

import type { Law, Parameter, PriorTerm } from '../laws/index.ts';
import { type LeastSquaresOptions, type LeastSquaresSolution, leastSquares } from './least-squares.ts';
import { type LeastSquaresProblem, Linearization } from './linearization.ts';
import { type MultistartSolution, multistart } from './multistart.ts';
import { type KnownNoise, knownVariance, type RunNoise, runNoise } from './noise.ts';
import { ridge } from './ridge.ts';
import { huberWeights } from './robust.ts';
import { everyNthRun, type TargetData } from './target-data.ts';

export interface FitTargetOptions {
  /** Huber's weights for large residuals; defaults to what the law asks for. */
  readonly robust?: boolean;
  /**
   * Noise that the law's ridge is weighed against: standard deviation of a log loss, in units that count a run once.
   * Estimated from the runs by default.
   */
  readonly lambda?: number;
  /** Priors instead of the law's own. */
  readonly priors?: readonly PriorTerm[];
  /** Noise known before the runs are seen, as where they are too few to tell it. */
  readonly noise?: KnownNoise;
  /** The only starting point, instead of the law's; clipped to the bounds. */
  readonly start?: Float64Array;
}

export interface TargetFit {
  readonly theta: Float64Array;
  readonly parameters: readonly Parameter[];
  /** Objective at lambda and weights of the last round. */
  readonly objective: number;
  readonly converged: boolean;
  readonly iterations: number;
  readonly starts: number;
  /** Starts followed to the end; the others were left behind after a few iterations. */
  readonly startsFollowed: number;
  readonly startsAtBest: number;
  readonly lambda: number;
  readonly noise: RunNoise;
  /** Noise that was known before. */
  readonly known?: KnownNoise;
  /** What held the coefficients; empty for laws without priors. */
  readonly priors: readonly PriorTerm[];
  /** The least-squares problem of the last round, with its weights and noise. */
  readonly problem: LeastSquaresProblem;
  /** Gradient, normal matrix and residuals at theta. */
  readonly at: Linearization;
  /** n: predicted minus observed log losses, without weights. */
  readonly residuals: Float64Array;
}

/** Noise assumed before any residual is known, as a standard deviation of a run's log losses. */
const FIRST_NOISE = 0.05;
/** Rounds of new weights and new noise, each from the last round's fit. */
const ROUNDS = 3;
/** Tables of more runs than this, and than four a parameter, are searched for the right basin on every k-th run only. */
const SEARCHED_RUNS = 600;

/** The best fit over the law's starting points; deterministic. */
export function fitTarget(law: Law, data: TargetData, options: FitTargetOptions = {}): TargetFit {
  const { shape, design, logLosses } = data;
  const { robust = law.robust } = options;
  const rows = logLosses.length;
  const runs = data.tableRuns.length;
  const parameters = law.parameters(shape);
  const { priors = law.priors(shape) } = options;
  const problem = problemOf(law, data, parameters, priors);

  const plain = new Float64Array(rows).fill(1);
  const estimated = options.lambda === undefined && priors.length > 0;
  const settled = !estimated && !robust;
  const rough = settled ? { maxIterations: 300, tolerance: 1e-10 } : { maxIterations: 60, tolerance: 1e-5 };
  let lambda = options.lambda ?? (priors.length > 0 ? firstNoise(rows / runs, options.noise) : 0);
  const first = problem(plain, lambda);
  const step = Math.floor(runs / Math.max(SEARCHED_RUNS, 4 * parameters.length));
  const starts = options.start === undefined ? law.starts(shape, design, logLosses) : [options.start];
  const thin = step > 1 && options.start === undefined;
  const found = thin ? searchThinned(law, data, priors, step, lambda, starts, rough) : multistart(first, starts, rough);
  let best: LeastSquaresSolution = thin ? leastSquares(first, found.theta, rough) : found;
  let iterations = thin ? found.iterations + best.iterations : best.iterations;

  let weights: Float64Array = plain;
  let last = first;
  for (let round = 0; round < (settled ? 0 : ROUNDS); round++) {
    if (robust) weights = huberWeights(residualsAt(last, best));
    if (estimated) {
      const at = new Linearization(problem(weights, lambda));
      at.linearize(best.theta);
      lambda = Math.sqrt(runNoise(at, options.noise).lambdaSquared);
    }
    last = problem(weights, lambda);
    best = leastSquares(
      last,
      best.theta,
      round < ROUNDS - 1 ? { tolerance: 1e-6 } : { tolerance: 1e-9, maxIterations: 500 },
    );
    iterations += best.iterations;
  }

  const at = new Linearization(last);
  at.linearize(best.theta);
  return {
    theta: best.theta,
    parameters,
    objective: best.objective,
    converged: best.converged,
    iterations,
    starts: starts.length,
    startsFollowed: found.startsFollowed,
    startsAtBest: found.startsAtBest,
    lambda,
    noise: runNoise(at, options.noise),
    ...(options.noise === undefined ? {} : { known: options.noise }),
    priors,
    problem: last,
    at,
    residuals: residualsAt(last, best),
  };
}

/** In units that count a run once. */
function firstNoise(rowsOfRun: number, known: KnownNoise | undefined): number {
  return known === undefined ? FIRST_NOISE * Math.sqrt(rowsOfRun) : Math.sqrt(knownVariance(known, rowsOfRun));
}

/** The least-squares problem of a target's data, given the rows' weights (n) and the noise its ridge is weighed against. */
function problemOf(
  law: Law,
  { shape, design, logLosses }: TargetData,
  parameters: readonly Parameter[],
  priors: readonly PriorTerm[],
): (weights: Float64Array, lambda: number) => LeastSquaresProblem {
  const model = law.bind(shape, design);
  const lower = Float64Array.from(parameters, parameter => parameter.lower);
  const upper = Float64Array.from(parameters, parameter => parameter.upper);
  return (weights, lambda) => ({
    model,
    rowRun: design.rowRun,
    observed: logLosses,
    weights,
    lower,
    upper,
    penalty: ridge(priors, parameters.length, lambda * lambda),
  });
}

function searchThinned(
  law: Law,
  data: TargetData,
  priors: readonly PriorTerm[],
  step: number,
  lambda: number,
  starts: readonly Float64Array[],
  options: LeastSquaresOptions,
): MultistartSolution {
  const thinned = everyNthRun(data, step);
  const rows = thinned.logLosses.length;
  // The ridge keeps the weight it has beside all rows.
  const problem = problemOf(
    law,
    thinned,
    law.parameters(data.shape),
    priors,
  )(new Float64Array(rows).fill(1), lambda * Math.sqrt(rows / data.logLosses.length));
  return multistart(problem, starts, options);
}

/** n: predicted minus observed, without weights. */
function residualsAt(problem: LeastSquaresProblem, solution: LeastSquaresSolution): Float64Array {
  const residuals = new Float64Array(problem.observed.length);
  problem.model.predict(solution.theta, residuals);
  for (let n = 0; n < residuals.length; n++) residuals[n] -= problem.observed[n];
  return residuals;
}
