/** Losses that a fitted law predicts, and the same as functions of the mixture for the optimiser. */

import { BimixError } from '../errors/index.ts';
import type { FittedLaw, FittedTarget } from './fitted-law.ts';
import type { Law, LossOfShares, TargetShape } from './law.ts';
import { findLaw } from './registry.ts';

/** What the law needs to know of a fitted target. */
export function shapeOfTarget(fitted: FittedLaw, target: FittedTarget): TargetShape {
  return {
    domains: fitted.trainingDomains,
    own: target.own === null ? -1 : fitted.trainingDomains.indexOf(target.own),
    volumeVaries: target.volumeVaries,
    shareVaries: target.shareVaries,
  };
}

/**
 * The parameter vector of a fitted target.
 *
 * @throws BimixError `missing-coefficient` when `law.json` lacks one of the law's coefficients, `invalid-coefficient` when a
 * scale is negative
 */
export function thetaOfTarget(law: Law, shape: TargetShape, target: FittedTarget): Float64Array {
  return Float64Array.from(law.parameters(shape), parameter => {
    const value = target.coefficients[parameter.name];
    if (value === undefined || !Number.isFinite(value)) {
      const message = `missing coefficient "${parameter.name}" of target "${target.target}" in a ${law.name} law`;
      throw new BimixError('missing-coefficient', message, { hint: 'Fit the law again with bimix fit.' });
    }
    if (parameter.scale === 'linear') return value;
    if (value >= 0) return Math.log(value);
    const message = `invalid coefficient ${parameter.name} = ${value} of target "${target.target}": expected 0 or more`;
    throw new BimixError('invalid-coefficient', message, { hint: 'Fit the law again with bimix fit.' });
  });
}

export interface TargetLoss {
  /** Evaluation domain. */
  readonly target: string;
  readonly loss: LossOfShares;
}

/**
 * Each target's loss as a function of the mixture.
 *
 * @param volume in the fit's unit; ignored by a law fitted at one volume
 */
export function lossesAtVolume(fitted: FittedLaw, volume: number): TargetLoss[] {
  const law = findLaw(fitted.law);
  return fitted.targets.map(target => {
    const shape = shapeOfTarget(fitted, target);
    const theta = thetaOfTarget(law, shape, target);
    return { target: target.target, loss: law.atVolume(shape, theta, volume / fitted.volume.scale) };
  });
}

/**
 * Predicted loss of each target, nats per token.
 *
 * @param shares share of tokens in the order of the law's training domains
 * @param volume in the fit's unit
 */
export function predictLosses(fitted: FittedLaw, shares: Float64Array, volume: number): Record<string, number> {
  return Object.fromEntries(lossesAtVolume(fitted, volume).map(({ target, loss }) => [target, loss.value(shares)]));
}
