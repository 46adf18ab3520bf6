/** What the other laws that beat the baselines say of a mixture. */

import { BimixError } from '../errors/index.ts';
import type { Comparison } from '../evidence/index.ts';
import { type FitLawOptions, fitLaw } from '../fitting/index.ts';
import { type FittedLaw, findLaw } from '../laws/index.ts';
import { totalVariation } from '../mixture/index.ts';
import type { RunTable } from '../observations/index.ts';
import { findOptimum, makeProblem, type OptimizeOptions } from '../optimize/index.ts';
import type { Opinion } from './decision.ts';

/** Enough to see whether they agree. */
const MAX_OPINIONS = 3;

/**
 * Convex laws of the comparison that beat every baseline, best first, without the chosen one.
 *
 * @param shares m: the mixture
 * @param other m: the mixture it has to beat
 */
export function otherOpinions(
  table: RunTable,
  { laws }: Comparison,
  chosen: string,
  fit: FitLawOptions,
  options: OptimizeOptions,
  shares: Float64Array,
  other: Float64Array,
): Opinion[] {
  const bar = laws.find(({ kind }) => kind === 'baseline')?.mean.mre ?? Number.POSITIVE_INFINITY;
  return laws
    .filter(({ law, kind, convex, mean }) => kind === 'law' && convex && law !== chosen && mean.mre < bar)
    .slice(0, MAX_OPINIONS)
    .flatMap(({ law, mean }): Opinion[] => {
      const fitted = fitLaw(table, findLaw(law), { ...fit, check: false, uncertainty: false });
      const solved = solvedBy(fitted, options);
      if (solved === null) return [];
      const { objective, optimum } = solved;
      return [
        {
          law,
          mre: mean.mre,
          change: objective.value(shares) / objective.value(other) - 1,
          distance: totalVariation(optimum, shares),
        },
      ];
    });
}

/** Null where no mixture reaches the target losses by this law. */
function solvedBy(fitted: FittedLaw, { interval: _, ...options }: OptimizeOptions) {
  try {
    const { objective, constraints, ceilings } = makeProblem(fitted, options);
    return { objective, optimum: findOptimum(objective, constraints, undefined, ceilings).shares };
  } catch (error) {
    if (error instanceof BimixError && error.code === 'invalid-targets') return null;
    throw error;
  }
}
