/** Fits one law to one target: multistart, robust weights, noise counted by runs. */

import type { Law, Parameter } from '../laws/index.ts';
import { type LeastSquaresProblem, type LeastSquaresSolution, Linearisation, leastSquares } from './least-squares.ts';
import { type RunNoise, runNoise } from './noise.ts';
import { ridge } from './ridge.ts';
import { huberWeights } from './robust.ts';
import type { TargetData } from './target-data.ts';

export interface FitTargetOptions {
  /** Huber's weights for large residuals; defaults to what the law asks for. */
  readonly robust?: boolean;
  /**
   * Noise that the law's ridge is weighed against: standard deviation of a log loss, in units that count a run once.
   * Estimated from the runs by default.
   */
  readonly lambda?: number;
  /** How many of the law's starting points to try; defaults to all. */
  readonly starts?: number;
  /** Parameters of an earlier fit to begin from instead of the law's starting points. */
  readonly from?: Float64Array;
}

export interface TargetFit {
  readonly theta: Float64Array;
  readonly parameters: readonly Parameter[];
  /** Objective at lambda and weights of the last round. */
  readonly objective: number;
  readonly converged: boolean;
  readonly iterations: number;
  readonly starts: number;
  readonly startsAtBest: number;
  readonly lambda: number;
  readonly noise: RunNoise;
  /** Whether the law has priors that hold its coefficients. */
  readonly ridged: boolean;
  /** n: run of each row. */
  readonly rowRun: Int32Array;
  /** Gradient, normal matrix, Jacobian and residuals at theta. */
  readonly at: Linearisation;
  /** n: predicted minus observed log losses, without weights. */
  readonly residuals: Float64Array;
}

/** Noise assumed before any residual is known, as a standard deviation of a run's log losses. */
const FIRST_NOISE = 0.05;
/** Rounds of new weights and new noise, each from the last round's fit. */
const ROUNDS = 3;

/** Iterations every start gets before only the best go on. */
const SCOUT_ITERATIONS = 10;
/** How many starts are followed to the end. */
const FINALISTS = 2;

/** The best fit over the law's starting points; deterministic. */
export function fitTarget(law: Law, data: TargetData, options: FitTargetOptions = {}): TargetFit {
  const { shape, design, logLosses } = data;
  const { robust = law.robust, from } = options;
  const rows = logLosses.length;
  const parameters = law.parameters(shape);
  const p = parameters.length;
  const priors = law.priors(shape);
  const model = law.bind(shape, design);
  const perRun = rows / data.tableRuns.length;
  const problem = (weights: Float64Array, lambda: number): LeastSquaresProblem => ({
    model,
    observed: logLosses,
    weights,
    lower: Float64Array.from(parameters, parameter => parameter.lower),
    upper: Float64Array.from(parameters, parameter => parameter.upper),
    penalty: ridge(priors, p, lambda * lambda),
  });

  const plain = new Float64Array(rows).fill(1);
  const estimated = options.lambda === undefined && priors.length > 0;
  const settled = !estimated && !robust;
  let lambda = options.lambda ?? (priors.length > 0 ? FIRST_NOISE * Math.sqrt(perRun) : 0);
  const first = problem(plain, lambda);
  const starts = from === undefined ? law.starts(shape, design, logLosses).slice(0, options.starts) : [from];
  const rough = settled ? { maxIterations: 300, tolerance: 1e-10 } : { maxIterations: 60, tolerance: 1e-5 };
  const scouts = starts.map(start => leastSquares(first, start, { ...rough, maxIterations: SCOUT_ITERATIONS }));
  const finalists = [...scouts].sort((a, b) => a.objective - b.objective).slice(0, FINALISTS);
  const solutions = finalists.map(scout => (scout.converged ? scout : leastSquares(first, scout.theta, rough)));
  let best = solutions.reduce((a, b) => (b.objective < a.objective ? b : a));
  const bestObjective = best.objective;
  const startsAtBest = solutions.filter(({ objective }) => objective <= bestObjective * 1.001).length;
  let iterations = [...scouts, ...solutions].reduce((sum, solution) => sum + solution.iterations, 0);

  let weights: Float64Array = plain;
  let last = first;
  for (let round = 0; round < (settled ? 0 : ROUNDS); round++) {
    if (robust) weights = huberWeights(residualsAt(last, best));
    if (estimated) {
      const at = new Linearisation(problem(weights, lambda), p);
      at.linearise(best.theta);
      lambda = Math.sqrt(runNoise(at, design.rowRun).lambdaSquared);
    }
    last = problem(weights, lambda);
    best = leastSquares(
      last,
      best.theta,
      round < ROUNDS - 1 ? { tolerance: 1e-6 } : { tolerance: 1e-9, maxIterations: 500 },
    );
    iterations += best.iterations;
  }

  const at = new Linearisation(last, p);
  at.linearise(best.theta);
  return {
    theta: best.theta,
    parameters,
    objective: best.objective,
    converged: best.converged,
    iterations,
    starts: starts.length,
    startsAtBest,
    lambda,
    noise: runNoise(at, design.rowRun),
    ridged: priors.length > 0,
    rowRun: design.rowRun,
    at,
    residuals: residualsAt(last, best),
  };
}

/** n: predicted minus observed, without weights. */
function residualsAt(problem: LeastSquaresProblem, solution: LeastSquaresSolution): Float64Array {
  const residuals = new Float64Array(problem.observed.length);
  problem.model.predict(solution.theta, residuals);
  for (let n = 0; n < residuals.length; n++) residuals[n] -= problem.observed[n];
  return residuals;
}
