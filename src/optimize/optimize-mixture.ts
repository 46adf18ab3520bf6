/** The best mixture for a fitted law and a budget, with what is known of its worth. */

import { type FittedLaw, findLaw } from '../laws/index.ts';
import { activeBounds } from './certificate.ts';
import { shareFreedom } from './freedom.ts';
import { makeProblem, type OptimizeOptions } from './mixture-problem.ts';
import { findOptimum } from './optimum.ts';
import type { LossByDomain, Proposal } from './proposal.ts';
import {
  boundWarnings,
  coefficientWarnings,
  coverageWarnings,
  epochWarnings,
  flatnessWarnings,
  referenceWarnings,
} from './proposal-warnings.ts';

/**
 * Minimises the weighted mean of the domains' predicted losses, plus the pull, over the allowed mixtures. The optimum is
 * global; its duality gap is the proof.
 *
 * @throws BimixError `missing-volume` or `invalid-volume` (see `resolveVolume`); `unknown-domain`, `invalid-bounds`,
 *   `invalid-tokens-available`, `invalid-epochs`, `missing-tokens-available`, `missing-token-budget` (see `makeConstraints`); `invalid-weights`;
 *   `invalid-pull`, `missing-reference`, `invalid-reference`
 */
export function proposeMixture(fitted: FittedLaw, options: OptimizeOptions = {}): Proposal {
  const problem = makeProblem(fitted, options);
  const { volume, constraints, objective, reference } = problem;
  const { tokensAvailable = {} } = options;
  const domains = fitted.trainingDomains;
  const optimum = findOptimum(objective, constraints);
  const byDomain = <T>(value: (j: number) => T): Record<string, T> =>
    Object.fromEntries(domains.map((domain, j) => [domain, value(j)]));
  const lossesAt = (shares: Float64Array): LossByDomain =>
    Object.fromEntries(problem.losses.map(({ target, loss }) => [target, loss.value(shares)]));
  const drawn = volume.tokens === null ? null : optimum.shares.map(share => share * (volume.tokens ?? 0));
  const epochs = byDomain(j => {
    const available = tokensAvailable[domains[j]];
    return drawn === null || available === undefined ? null : available === 0 ? 0 : drawn[j] / available;
  });
  const ranges = shareFreedom(objective, constraints, optimum.shares);
  const freedom = byDomain(j => ranges[j]);
  const active = activeBounds(optimum.shares, constraints);
  return {
    mixture: byDomain(j => optimum.shares[j]),
    tokens: drawn === null ? null : byDomain(j => drawn[j]),
    epochs,
    losses: lossesAt(optimum.shares),
    objective: optimum.value,
    reference: {
      name: reference.name,
      mixture: byDomain(j => reference.shares[j]),
      losses: lossesAt(reference.shares),
      objective: objective.value(reference.shares),
    },
    gap: optimum.gap,
    method: optimum.method,
    iterations: optimum.iterations,
    activeBounds: active,
    freedom,
    warnings: [
      ...problem.warnings,
      ...referenceWarnings(reference, constraints, findLaw(fitted.law).smallestShare),
      ...coverageWarnings(fitted, optimum.shares),
      ...boundWarnings(active, constraints),
      ...flatnessWarnings(freedom),
      ...coefficientWarnings(fitted, problem.weights),
      ...epochWarnings(epochs, tokensAvailable),
    ],
    law: fitted.law,
    volume: { unit: fitted.volume.unit, value: fitted.volume.unit === 'none' ? null : volume.atFit },
  };
}
