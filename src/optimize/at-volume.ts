/** Predicting and proposing as the library offers them: a law that needs a data volume cannot be asked without one. */

import { type FittedLaw, predictLosses } from '../laws/index.ts';
import { alignMixture, type Mixture } from '../mixture/index.ts';
import type { OptimizeOptions } from './mixture-problem.ts';
import { proposeMixture } from './optimize-mixture.ts';
import type { Proposal } from './proposal.ts';
import { resolveVolume, type TrainingVolume } from './training-volume.ts';

/** A law fitted to runs whose data volume is not known: it answers for runs as long as those. */
export type LawWithoutVolume = FittedLaw & { readonly volume: { readonly unit: 'none' } };

/** What `proposeMixture` takes for a law that needs a volume. */
export type OptimizeAtVolume = OptimizeOptions & { readonly volume: TrainingVolume };

/**
 * Whether a law was fitted without a data volume, and so needs none.
 *
 * @example
 * ```js
 * import { isWithoutVolume, proposeMixture } from 'bimix';
 *
 * const volume = { unit: 'tokens', value: 20e9 };
 * const { mixture } = isWithoutVolume(law) ? proposeMixture(law) : proposeMixture(law, { volume });
 * ```
 */
export function isWithoutVolume(fitted: FittedLaw): fitted is LawWithoutVolume {
  return fitted.volume.unit === 'none';
}

/**
 * Predicted loss of each target, by evaluation domain: nats per token, unless the target has a metric of its own.
 *
 * @param mixture shares of tokens; domains it does not name get none
 * @param volume of the training, in tokens or steps; left out only for a law fitted without one
 * @throws BimixError `unknown-domain` for a domain the law does not know; `missing-volume`, `invalid-volume`
 *
 * @example
 * ```js
 * import { makeMixture, predict } from 'bimix';
 *
 * const mixture = makeMixture({ web: 0.5, code: 0.2, books: 0.3 });
 * const losses = predict(law, mixture, { unit: 'tokens', value: 20e9 });
 * ```
 */
export function predict(fitted: LawWithoutVolume, mixture: Mixture, volume?: TrainingVolume): Record<string, number>;
export function predict(fitted: FittedLaw, mixture: Mixture, volume: TrainingVolume): Record<string, number>;
export function predict(fitted: FittedLaw, mixture: Mixture, volume?: TrainingVolume): Record<string, number> {
  const { atFit } = resolveVolume(fitted, volume);
  return predictLosses(fitted, alignMixture(mixture, fitted.trainingDomains), atFit, fitted.size);
}

/**
 * The best mixture for a budget: it minimizes the weighted mean of the predicted losses over the allowed mixtures. The optimum
 * is global; `gap` is the proof, in the unit of the losses.
 *
 * @param options the volume of the training, needed unless the law was fitted without one; limits, weights, targets
 * @throws BimixError `missing-volume`, `invalid-volume`; `unknown-domain`, `invalid-bounds`, `invalid-weights`,
 * `invalid-targets`, `invalid-epochs`; `invalid-law` for a law that is not convex
 *
 * @example
 * ```js
 * import { proposeMixture } from 'bimix';
 *
 * const { mixture, losses, gap } = proposeMixture(law, { volume: { unit: 'tokens', value: 20e9 } });
 * ```
 */
export function proposeAtVolume(fitted: LawWithoutVolume, options?: OptimizeOptions): Proposal;
export function proposeAtVolume(fitted: FittedLaw, options: OptimizeAtVolume): Proposal;
export function proposeAtVolume(fitted: FittedLaw, options: OptimizeOptions = {}): Proposal {
  return proposeMixture(fitted, options);
}
