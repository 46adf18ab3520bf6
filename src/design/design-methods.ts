/** Ways to choose the mixtures of runs from scratch. A new one is one file and one line here. */

import { BimixError, didYouMean } from '../errors/index.ts';
import type { DesignedMixture, DesignProblem } from './design-problem.ts';
import { dirichletDesign } from './dirichlet-design.ts';
import { entropyDesign } from './entropy-design.ts';
import { givenDesign } from './given-design.ts';
import { leaveOneOutDesign } from './leave-one-out-design.ts';
import { optimalDesign } from './optimal-design.ts';
import { sizeDesign } from './size-design.ts';
import { spreadDesign } from './spread-design.ts';
import { uniformDesign } from './uniform-design.ts';

export interface DesignMethod {
  /** As on the command line. */
  readonly name: string;
  readonly title: string;
  /** Runs that a law is not to be fitted to but tried on: nobody asks what they identify. */
  readonly isTrial?: true;
  /** So many mixtures as there are runs, or those there are where the method knows a few only. */
  mixtures(problem: DesignProblem, runs: number): readonly DesignedMixture[];
}

export const DESIGN_METHODS: readonly DesignMethod[] = [
  spreadDesign,
  dirichletDesign,
  optimalDesign,
  entropyDesign,
  uniformDesign,
  sizeDesign,
  leaveOneOutDesign,
  givenDesign,
];

/** @throws BimixError `unknown-method` */
export function findDesignMethod(name: string): DesignMethod {
  const found = DESIGN_METHODS.find(method => method.name === name);
  if (found !== undefined) return found;
  const names = DESIGN_METHODS.map(method => method.name);
  throw new BimixError('unknown-method', `unknown method "${name}"`, { hint: didYouMean(name, names) });
}
