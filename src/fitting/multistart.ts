/** The search for the global optimum: every starting point a little way, the most promising to the end. */

import { type LeastSquaresOptions, type LeastSquaresSolution, leastSquares } from './least-squares.ts';
import type { LeastSquaresProblem } from './linearization.ts';

/** Iterations every start gets before only the best go on. */
const SCOUT_ITERATIONS = 5;
/** How many starts are followed to the end. */
const FINALISTS = 2;

export interface MultistartSolution extends LeastSquaresSolution {
  /** How many starts were followed to the end. */
  readonly startsFollowed: number;
  /** How many of those ended within 0.1 % of the best objective. */
  readonly startsAtBest: number;
}

/**
 * The best minimum reached from `starts`; its iterations are those of all starts together.
 *
 * @param starts best guess first, which wins ties
 */
export function multistart(
  problem: LeastSquaresProblem,
  starts: readonly Float64Array[],
  options: LeastSquaresOptions,
): MultistartSolution {
  const scouts = starts.map(start => leastSquares(problem, start, { ...options, maxIterations: SCOUT_ITERATIONS }));
  const finalists = scouts.toSorted((a, b) => a.objective - b.objective).slice(0, FINALISTS);
  let iterations = scouts.reduce((sum, scout) => sum + scout.iterations, 0);
  const solutions = finalists.map(scout => {
    if (scout.converged) return scout;
    const solution = leastSquares(problem, scout.theta, options);
    iterations += solution.iterations;
    return solution;
  });
  const best = solutions.reduce((a, b) => (b.objective < a.objective ? b : a));
  return {
    ...best,
    iterations,
    startsFollowed: finalists.length,
    startsAtBest: solutions.filter(({ objective }) => objective <= best.objective * 1.001).length,
  };
}
