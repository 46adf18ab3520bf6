/** How the best mixture moves with the budget. */

import { BimixError } from '../errors/index.ts';
import type { FittedLaw, Warning } from '../laws/index.ts';
import { makeProblem, type OptimizeOptions } from './mixture-problem.ts';
import { objectiveUnit, objectiveWeights } from './objective-weights.ts';
import { findOptimum } from './optimum.ts';
import type { LossByDomain } from './proposal.ts';
import { epochsByDomain } from './repetition.ts';
import type { TrainingVolume } from './training-volume.ts';

export interface BudgetPoint {
  /** In the unit of the path. */
  readonly volume: number;
  /** The same in tokens; null where it cannot be known. */
  readonly tokens: number | null;
  /** Share of tokens by training domain. */
  readonly mixture: Readonly<Record<string, number>>;
  /** Tokens drawn / tokens available by training domain; null where not known. */
  readonly epochs: Readonly<Record<string, number | null>>;
  /** By evaluation domain, nats per token. */
  readonly losses: LossByDomain;
  readonly objective: number;
  /** Duality gap, nats per token. */
  readonly gap: number;
  readonly warnings: readonly Warning[];
}

export interface BudgetPath {
  readonly unit: TrainingVolume['unit'];
  /** Unit of the objective; null where the weights mix several. */
  readonly objectiveUnit: string | null;
  /** In the order of the volumes given. */
  readonly points: readonly BudgetPoint[];
}

/**
 * The optimum at each of several volumes, each search beginning at the optimum before.
 *
 * @param volumes all in `unit`; a geometric series from `geometricVolumes` moves evenly
 * @throws BimixError `invalid-volume` when the law was fitted without a volume, and as `proposeMixture`
 *
 * @example
 * ```js
 * import { budgetPath } from 'bimix';
 *
 * const { points } = budgetPath(law, 'tokens', [10e9, 30e9, 100e9]);
 * ```
 */
export function budgetPath(
  fitted: FittedLaw,
  unit: TrainingVolume['unit'],
  volumes: readonly number[],
  options: Omit<OptimizeOptions, 'volume'> = {},
): BudgetPath {
  if (fitted.volume.unit === 'none') {
    const message =
      'invalid volume: the law was fitted without a data volume, so its optimum does not move with the budget';
    throw new BimixError('invalid-volume', message, { hint: 'Fit on runs with several checkpoints.' });
  }
  let near: Float64Array | undefined;
  const points = volumes.map((value): BudgetPoint => {
    const { volume, losses, objective, constraints, ceilings, warnings } = makeProblem(fitted, {
      ...options,
      volume: { unit, value },
    });
    const optimum = findOptimum(objective, constraints, near, ceilings);
    near = optimum.shares;
    return {
      volume: value,
      tokens: volume.tokens,
      mixture: Object.fromEntries(fitted.trainingDomains.map((domain, j) => [domain, optimum.shares[j]])),
      epochs: epochsByDomain(fitted.trainingDomains, optimum.shares, volume.tokens, options.tokensAvailable),
      losses: Object.fromEntries(losses.map(({ target, loss }) => [target, loss.value(optimum.shares)])),
      objective: optimum.value,
      gap: optimum.gap,
      warnings,
    };
  });
  return { unit, objectiveUnit: objectiveUnit(fitted, objectiveWeights(fitted, options.weights)), points };
}

/**
 * `count` volumes from one end to the other, each the same factor from the last.
 *
 * @throws BimixError `invalid-volume` when an end is not positive or they are the wrong way round
 */
export function geometricVolumes(from: number, to: number, count: number): number[] {
  if (!(from > 0 && to >= from && Number.isFinite(to / from))) {
    throw new BimixError('invalid-volume', `invalid volumes: ${from} to ${to}, expected a smaller and a larger count`);
  }
  if (count < 2) return [to];
  return Array.from({ length: count }, (_, i) =>
    i === 0 ? from : i === count - 1 ? to : from * (to / from) ** (i / (count - 1)),
  );
}
