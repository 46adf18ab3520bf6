/** Losses the mixture must reach: ceilings given by evaluation domain, or set against the reference. */

import { BimixError, didYouMean } from '../errors/index.ts';
import type { TargetLoss } from '../laws/index.ts';
import type { ShareBounds } from '../mixture/index.ts';
import { namedValue } from '../mixture/index.ts';
import type { Ceilings } from './ceilings.ts';
import { insideCeilings } from './inside-ceilings.ts';
import { solveInteriorPoint } from './interior-point.ts';
import { makeObjective } from './objective.ts';

/** Below it lies no loss that an import takes. */
const MIN_CEILING = 1e-9;

/** A ceiling is met when the loss is above it by at most this part: a reference that cannot be bettered still meets itself. */
const CEILING_TOLERANCE = 1e-6;

export interface TargetOptions {
  /** The largest loss allowed, by evaluation domain, nats per token. */
  readonly targets?: Readonly<Record<string, number>>;
  /** No loss may be above that at the reference by more than this part of it: 0.01 for 1 %. */
  readonly noWorse?: number;
}

export interface LossTarget {
  /** Evaluation domain, and its place among the targets of the law. */
  readonly target: string;
  readonly index: number;
  /** Largest loss allowed, nats per token. */
  readonly ceiling: number;
  /** What set it: a target of its own, or the reference. */
  readonly from: 'target' | 'reference';
}

/**
 * The tighter of a loss's own target and what the reference allows it.
 *
 * @param atReference losses at the reference, in the order of `losses`
 * @throws BimixError `unknown-domain`, `invalid-targets`
 */
export function lossTargets(
  losses: readonly TargetLoss[],
  { targets = {}, noWorse }: TargetOptions,
  atReference: ArrayLike<number>,
): LossTarget[] {
  const names = losses.map(({ target }) => target);
  for (const [name, ceiling] of Object.entries(targets)) {
    if (!names.includes(name)) {
      const message = `unknown evaluation domain "${name}" in the targets`;
      throw new BimixError('unknown-domain', message, { hint: didYouMean(name, names) });
    }
    if (!(ceiling >= MIN_CEILING && Number.isFinite(ceiling))) {
      const message = `invalid targets: that of "${name}" is ${ceiling}, expected a loss of at least ${MIN_CEILING}, in nats per token`;
      throw new BimixError('invalid-targets', message);
    }
  }
  if (noWorse !== undefined && !(noWorse >= 0 && Number.isFinite(noWorse))) {
    const message = `invalid targets: no worse than the reference by ${noWorse}, expected 0 or more, such as 0.01 for 1 %`;
    throw new BimixError('invalid-targets', message);
  }
  return names.flatMap((target, index): LossTarget[] => {
    const own = namedValue(targets, target) ?? Number.POSITIVE_INFINITY;
    const allowed = noWorse === undefined ? Number.POSITIVE_INFINITY : atReference[index] * (1 + noWorse);
    if (own === Number.POSITIVE_INFINITY && !Number.isFinite(allowed)) return [];
    return own <= allowed
      ? [{ target, index, ceiling: own, from: 'target' }]
      : [{ target, index, ceiling: allowed, from: 'reference' }];
  });
}

/**
 * The ceilings of the targets, with a mixture inside them all.
 *
 * @throws BimixError `invalid-targets` when no allowed mixture meets them: which cannot be met, and how near one can come
 */
export function makeCeilings(
  targets: readonly LossTarget[],
  losses: readonly TargetLoss[],
  bounds: ShareBounds,
): Ceilings | undefined {
  if (targets.length === 0) return undefined;
  const list = targets.map(({ index, ceiling }) => ({
    loss: losses[index].loss,
    limit: ceiling * (1 + CEILING_TOLERANCE),
  }));
  const { inside, excess, conflicting } = insideCeilings(list, bounds);
  if (inside !== undefined) return { list, inside };
  for (const { target, index, ceiling } of conflicting.map(i => targets[i])) {
    const alone = makeObjective([losses[index].loss], [1], bounds.lower.length);
    const least = alone.value(solveInteriorPoint(alone, bounds, { tolerance: 1e-7 }).shares);
    if (least <= ceiling * (1 + CEILING_TOLERANCE)) continue;
    const message = `invalid targets: no allowed mixture brings "${target}" to ${readable(ceiling)} nats per token; the least it can have is ${readable(least)}`;
    throw new BimixError('invalid-targets', message, {
      hint: `Ask for ${roundedUp(least)} or more, or widen the bounds.`,
    });
  }
  const named = conflicting.map(i => `"${targets[i].target}" (${readable(targets[i].ceiling)})`);
  const missing = Number((100 * excess).toPrecision(2));
  const message = `invalid targets: no allowed mixture meets those of ${named.join(' and ')} together; at the nearest one, some loss is ${missing} % above its target`;
  throw new BimixError('invalid-targets', message, {
    hint: `Loosen them by ${missing} % or more, or widen the bounds.`,
  });
}

function readable(loss: number): number {
  return Number(loss.toPrecision(5));
}

function roundedUp(loss: number): number {
  const unit = 10 ** (Math.floor(Math.log10(loss)) - 3);
  return Number((Math.ceil(loss / unit) * unit).toPrecision(4));
}
