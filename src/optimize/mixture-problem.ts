/** The objective and constraints that follow from a fitted law and what the user asks for. */

import { BimixError } from '../errors/index.ts';
import { type FittedLaw, findLaw, type Repetition, type TargetLoss, type Warning } from '../laws/index.ts';
import { alignMixture, type Mixture } from '../mixture/index.ts';
import type { Ceilings } from './ceilings.ts';
import { makeConstraints, type ShareConstraints, type ShareRange } from './constraints.ts';
import { type LossTarget, lossTargets, makeCeilings, type TargetOptions } from './loss-targets.ts';
import { makeObjective, type Objective } from './objective.ts';
import { objectiveWeights, weightWarnings } from './objective-weights.ts';
import { MEAN_OF_RUNS } from './reference-name.ts';
import { lossesOfDraw, type RepetitionOptions, resolveRepetition } from './repetition.ts';
import { type ResolvedVolume, resolveVolume, type TrainingVolume } from './training-volume.ts';

export interface OptimizeOptions extends RepetitionOptions, TargetOptions {
  /** How long the model will be trained. Needed unless the law was fitted without a volume. */
  readonly volume?: TrainingVolume;
  /** How often each available token may be drawn; unlimited unless said. */
  readonly maxEpochs?: number;
  /** Smallest and largest share of tokens by training domain. */
  readonly bounds?: Readonly<Record<string, ShareRange>>;
  /** Weight of each evaluation domain in the mean loss, in any scale; 0 for those left out. Equal unless given. */
  readonly weights?: Readonly<Record<string, number>>;
  /** A mixture to compare with and to be pulled to; the mean of the runs' mixtures unless given. */
  readonly reference?: { readonly name: string; readonly mixture: Mixture };
  /** Nats per token of objective for each nat of divergence from the reference; 0 unless said. */
  readonly pull?: number;
  /** Coverage probability of the intervals of the optimum; none are computed unless it is given. */
  readonly interval?: number;
}

export interface MixtureProblem {
  readonly volume: ResolvedVolume;
  /** How repeated tokens count; undefined where they count as new. */
  readonly repetition: Repetition | undefined;
  /** Losses of the drawn shares. */
  readonly losses: readonly TargetLoss[];
  /** One weight a target; they sum to 1. */
  readonly weights: readonly number[];
  readonly reference: { readonly name: string; readonly shares: Float64Array };
  readonly constraints: ShareConstraints;
  readonly objective: Objective;
  readonly targets: readonly LossTarget[];
  /** Of the targets, in their order; undefined without any. */
  readonly ceilings: Ceilings | undefined;
  readonly warnings: readonly Warning[];
}

/** Far beyond what any loss weighs against; the sum would drown the losses in rounding. */
const MAX_PULL = 1e4;

/** Below the certificate's own precision: such a pull moves nothing and only underflows. */
const MIN_PULL = 1e-12;

/** @throws BimixError as `proposeMixture` */
export function makeProblem(fitted: FittedLaw, options: OptimizeOptions): MixtureProblem {
  const { tokensAvailable, maxEpochs, bounds, pull = 0 } = options;
  const domains = fitted.trainingDomains;
  const law = findLaw(fitted.law);
  const volume = resolveVolume(fitted, options.volume);
  const constraints = makeConstraints(domains, {
    smallestShare: law.smallestShare,
    law: law.name,
    ...(bounds === undefined ? {} : { bounds }),
    ...(tokensAvailable === undefined ? {} : { tokensAvailable }),
    ...(maxEpochs === undefined ? {} : { maxEpochs }),
    ...(volume.tokens === null ? {} : { tokenBudget: volume.tokens }),
  });
  const weights = objectiveWeights(fitted, options.weights);
  const reference =
    options.reference === undefined
      ? { name: MEAN_OF_RUNS, shares: meanMixture(fitted) }
      : {
          name: options.reference.name,
          shares: alignMixture(options.reference.mixture, domains, `reference "${options.reference.name}"`),
        };
  checkPull(pull, options.reference !== undefined, reference, constraints);
  const repetition = resolveRepetition(domains, options, volume.tokens);
  const losses = lossesOfDraw(fitted, volume.atFit, repetition);
  requireFiniteLosses(losses, reference.shares, volume.atFit);
  const objective = makeObjective(
    losses.map(target => target.loss),
    weights,
    domains.length,
    { reference: reference.shares, pull: pull < MIN_PULL ? 0 : pull },
  );
  const targets = lossTargets(
    losses,
    options,
    losses.map(({ loss }) => loss.value(reference.shares)),
  );
  const ceilings = makeCeilings(targets, losses, constraints);
  const warnings = [...evidenceWarnings(fitted), ...volume.warnings, ...weightWarnings(fitted, weights)];
  return { volume, repetition, losses, weights, reference, constraints, objective, targets, ceilings, warnings };
}

/** A volume far from the runs can take a power of it beyond what numbers hold. */
function requireFiniteLosses(losses: readonly TargetLoss[], shares: Float64Array, volume: number): void {
  for (const { target, loss } of losses) {
    const value = loss.value(shares);
    if (Number.isFinite(value) && value > 0) continue;
    const message = `invalid volume ${volume}: the law gives a loss of ${value} of "${target}" there`;
    throw new BimixError('invalid-volume', message, { hint: 'Ask for a volume nearer to those of the runs.' });
  }
}

/** A law that a naive baseline beats on mixtures held out is no guide to a mixture. */
function evidenceWarnings({ warnings }: FittedLaw): Warning[] {
  return warnings.filter(({ code }) => code === 'beaten-by-baseline');
}

function meanMixture(fitted: FittedLaw): Float64Array {
  const { mixtures } = fitted.covered;
  return Float64Array.from(
    fitted.trainingDomains,
    (_, j) => mixtures.reduce((sum, mixture) => sum + mixture[j], 0) / mixtures.length,
  );
}

function checkPull(
  pull: number,
  given: boolean,
  reference: MixtureProblem['reference'],
  { domains, upper }: ShareConstraints,
): void {
  if (!(pull >= 0 && pull <= MAX_PULL)) {
    throw new BimixError('invalid-pull', `invalid pull ${pull}: expected 0 to ${MAX_PULL}, in nats per token`, {
      hint: 'At 100 the best mixture is next to the reference already.',
    });
  }
  if (pull === 0) return;
  if (!given) {
    throw new BimixError('missing-reference', 'missing reference: a pull needs a mixture to pull to', {
      hint: 'Give one with --reference, as a file or a preset.',
    });
  }
  const empty = domains.findIndex((_, j) => reference.shares[j] === 0 && upper[j] > 0);
  if (empty >= 0) {
    const message = `invalid reference "${reference.name}": it gives no tokens to "${domains[empty]}", so any pull towards it keeps that share at 0`;
    throw new BimixError('invalid-reference', message, {
      hint: `Give "${domains[empty]}" a small share in the reference, bound it to 0, or leave the pull out.`,
    });
  }
}
