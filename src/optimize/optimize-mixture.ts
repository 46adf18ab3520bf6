/** The best mixture for a fitted law and a budget, with what is known of its worth. */

import { type FittedLaw, findLaw, noIntervals } from '../laws/index.ts';
import { bestRun, weightedMean } from './best-run.ts';
import { activeBounds } from './certificate.ts';
import { FREEDOM_TOLERANCE, shareFreedom } from './freedom.ts';
import { type MixtureProblem, makeProblem, type OptimizeOptions } from './mixture-problem.ts';
import { objectiveUnit } from './objective-weights.ts';
import { findOptimum, type Optimum } from './optimum.ts';
import { optimumIntervals } from './optimum-intervals.ts';
import type { LossByDomain, Proposal, ReachedTarget } from './proposal.ts';
import {
  boundWarnings,
  coefficientWarnings,
  coverageWarnings,
  epochWarnings,
  flatnessWarnings,
  referenceWarnings,
} from './proposal-warnings.ts';
import { epochsByDomain, worthByDomain } from './repetition.ts';

/** Multipliers of targets that do not bind end near 0, not on it. */
const NOT_BINDING = 1e-6;

/**
 * Minimizes the weighted mean of the domains' predicted losses, plus the pull, over the allowed mixtures: those within the
 * bounds that meet the targets. The optimum is global; its duality gap is the proof.
 *
 * @throws BimixError `missing-volume` or `invalid-volume` (see `resolveVolume`); `unknown-domain`, `invalid-bounds`,
 *   `invalid-tokens-available`, `invalid-epochs`, `missing-tokens-available`, `missing-token-budget` (see `makeConstraints`); `invalid-weights`, `ambiguous-objective`;
 *   `invalid-pull`, `missing-reference`, `invalid-reference`; `invalid-targets` when no allowed mixture meets them;
 *   `invalid-repetition`, and `invalid-law` for a law that cannot count repetition; as `optimumIntervals`
 */
export function proposeMixture(fitted: FittedLaw, options: OptimizeOptions = {}): Proposal {
  const problem = makeProblem(fitted, options);
  const { volume, repetition, constraints, objective, ceilings, reference } = problem;
  const { tokensAvailable = {}, interval } = options;
  const domains = fitted.trainingDomains;
  const optimum = findOptimum(objective, constraints, undefined, ceilings);
  const byDomain = <T>(value: (j: number) => T): Record<string, T> =>
    Object.fromEntries(domains.map((domain, j) => [domain, value(j)]));
  const lossesAt = (shares: Float64Array): LossByDomain =>
    Object.fromEntries(problem.losses.map(({ target, loss }) => [target, loss.value(shares)]));
  const drawn = volume.tokens === null ? null : optimum.shares.map(share => share * (volume.tokens ?? 0));
  const epochs = epochsByDomain(domains, optimum.shares, volume.tokens, tokensAvailable);
  const counted =
    repetition === undefined
      ? null
      : { decay: repetition.decay, worth: worthByDomain(domains, optimum.shares, repetition) };
  const ranges = shareFreedom(objective, constraints, optimum.shares, FREEDOM_TOLERANCE, ceilings);
  const freedom = byDomain(j => ranges[j]);
  const without = interval === undefined ? undefined : noIntervals(fitted, volume.atFit);
  const active = activeBounds(optimum.shares, constraints);
  return {
    mixture: byDomain(j => optimum.shares[j]),
    tokens: drawn === null ? null : byDomain(j => drawn[j]),
    epochs,
    repetition: counted,
    losses: lossesAt(optimum.shares),
    objective: optimum.value,
    unit: objectiveUnit(fitted, problem.weights),
    meanLoss: weightedMean(
      problem.losses.map(({ loss }) => loss.value(optimum.shares)),
      problem.weights,
    ),
    bestRun: bestRun(fitted, problem),
    reference: {
      name: reference.name,
      mixture: byDomain(j => reference.shares[j]),
      epochs: epochsByDomain(domains, reference.shares, volume.tokens, tokensAvailable),
      losses: lossesAt(reference.shares),
      objective: objective.value(reference.shares),
    },
    gap: optimum.gap,
    method: optimum.method,
    iterations: optimum.iterations,
    targets: reachedTargets(problem, optimum),
    activeBounds: active,
    freedom,
    ...(interval === undefined || without !== undefined
      ? {}
      : { intervals: optimumIntervals(fitted, problem, optimum.shares, options, interval) }),
    warnings: [
      ...problem.warnings,
      ...referenceWarnings(reference, constraints, findLaw(fitted.law).smallestShare),
      ...coverageWarnings(fitted, optimum.shares),
      ...boundWarnings(active, constraints),
      ...flatnessWarnings(freedom),
      ...coefficientWarnings(fitted, problem.weights),
      ...epochWarnings(epochs, tokensAvailable, counted),
      ...(without === undefined ? [] : [without]),
    ],
    law: fitted.law,
    volume: { unit: fitted.volume.unit, value: fitted.volume.unit === 'none' ? null : volume.atFit },
    extrapolation: volume.extrapolation,
  };
}

function reachedTargets({ targets, losses }: MixtureProblem, { shares, multipliers }: Optimum): ReachedTarget[] {
  return targets.map(({ target, index, ceiling, from }, i) => {
    const multiplier = multipliers[i] < NOT_BINDING ? 0 : multipliers[i];
    const worthOfOnePercent = 0.01 * ceiling * multiplier;
    return { target, ceiling, from, loss: losses[index].loss.value(shares), multiplier, worthOfOnePercent };
  });
}
