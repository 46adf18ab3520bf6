/**
 * The stack: laws that are wrong in different ways, averaged.
 *
 *   log L(r, x) = sum_k w_k log L_k(r, x)        w_k >= 0, sum_k w_k = 1, for each target its own
 *
 * The weights come from cross-validation over whole runs inside the training runs: stacked regression (Wolpert 1992,
 * Breiman 1996). With few runs the transfer coefficients are not determined and the simplest member carries the weight; with
 * many it fades.
 */

import { bimixEps } from './bimix-eps.ts';
import { bimixSkills } from './bimix-skills.ts';
import { bimixTransfer } from './bimix-transfer.ts';
import { isStack, type Law, type Parameter, type Stack, type TargetShape } from './law.ts';

/**
 * Several laws predicting together: the weighted geometric mean of their losses.
 *
 * @example
 * ```js
 * import { stack } from 'bimix';
 *
 * const names = stack.members.map(({ name }) => name);
 * ```
 */
export const stack: Stack = {
  name: 'stack',
  title: 'Stack of BiMix with an offset, with transfer, and with two skills',
  formula: 'log L = Σ w_k · log L_k   over bimix-eps, bimix-transfer and bimix-skills',
  source: 'stacked regression, Wolpert 1992 and Breiman 1996, on the logarithms of losses',
  zeroShares: 'as its members: finite at 0, exact',
  convexity:
    'each member is log-convex in r, so their geometric mean is; any weighted mean of losses is convex and its optimum is global',
  convex: true,
  needsOwnDomain: false,
  knowsSize: false,
  smallestShare: 0,
  runsWanted: domains => domains,
  members: [bimixEps, bimixTransfer, bimixSkills],
};

/** Name of the coefficient that holds a member's weight. */
export function weightName(member: string): string {
  return `weight.${member}`;
}

/** The coefficients a target has under a law, or its weights in a stack. */
export function parametersOf(law: Law | Stack, shape: TargetShape): readonly Parameter[] {
  if (!isStack(law)) return law.parameters(shape);
  return law.members.map(({ name }) => ({
    name: weightName(name),
    symbol: `w[${name}]`,
    scale: 'linear',
    lower: 0,
    upper: 1,
    meaning: `weight of ${name} in the geometric mean`,
  }));
}
