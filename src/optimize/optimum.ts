/** The best allowed mixture for an objective, by the exact method where there is one, with its certificate. */

import { projectToSimplex } from '../mixture/index.ts';
import { type Ceilings, withinCeilings } from './ceilings.ts';
import { dualityGap } from './certificate.ts';
import type { ShareConstraints } from './constraints.ts';
import { solveDualRoot } from './dual-root.ts';
import { solveInteriorPoint } from './interior-point.ts';
import type { Objective } from './objective.ts';
import type { Proposal } from './proposal.ts';

export interface Optimum {
  /** m: shares of tokens. */
  readonly shares: Float64Array;
  readonly value: number;
  /** Duality gap: `value` is at most this far above the minimum. */
  readonly gap: number;
  readonly method: Proposal['method'];
  readonly iterations: number;
  /** One a ceiling: what the optimum would fall by, at first, for each unit the ceiling rose; 0 for those that do not bind. */
  readonly multipliers: readonly number[];
}

/**
 * @param near a mixture to begin near, for instance the optimum of a similar problem; need not be allowed
 * @param ceilings that the mixture must stay below too
 */
export function findOptimum(
  objective: Objective,
  constraints: ShareConstraints,
  near?: Float64Array,
  ceilings?: Ceilings,
): Optimum {
  const free = withoutCeilings(objective, constraints, near);
  if (ceilings === undefined || withinCeilings(ceilings.list, free.shares)) {
    return { ...free, multipliers: ceilings?.list.map(() => 0) ?? [] };
  }
  const { shares, gap, iterations, multipliers } = solveInteriorPoint(objective, constraints, { ceilings });
  return { shares, value: objective.value(shares), gap, method: 'interior point', iterations, multipliers };
}

function withoutCeilings(
  objective: Objective,
  constraints: ShareConstraints,
  near: Float64Array | undefined,
): Omit<Optimum, 'multipliers'> {
  if (objective.separable !== null) {
    const { shares, iterations } = solveDualRoot(objective.separable, constraints);
    const gradient = new Float64Array(shares.length);
    const value = objective.gradient(shares, gradient);
    return { shares, value, gap: dualityGap(gradient, shares, constraints), method: 'dual root', iterations };
  }
  const start = near === undefined ? {} : { start: projectToSimplex(near, constraints) };
  const { shares, gap, iterations } = solveInteriorPoint(objective, constraints, start);
  return { shares, value: objective.value(shares), gap, method: 'interior point', iterations };
}
