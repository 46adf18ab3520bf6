/**
 * What repeated tokens are worth, and losses that know it. A training that draws N tokens of a domain that has U learns from
 * them as much as from this many new ones:
 *
 *   u(N) = N                                            for N <= U
 *   u(N) = U + U R* (1 - exp(-(N / U - 1) / R*))        beyond
 *
 * Muennighoff et al. 2023 (arXiv 2305.16264), Eq. 5: N / U - 1 repetitions after the first epoch, R* the decay. At most
 * U (1 + R*) however often the tokens are drawn.
 *
 * A law is evaluated at the *effective shares* e_j(r_j) = u_j(r_j D) / D and at the budget D itself. They sum to 1 or less:
 * what repetition loses is counted once, through the shares, as tokens that teach nothing. The data volume stays D, because
 * sum_j u_j in its place would count the loss twice, and shares renormalized by it would let one domain's repetition raise
 * another's share.
 *
 * The loss stays convex: each e_j is concave in r_j, and a convex function that falls in each of its arguments is convex in
 * concave functions of single shares. Laws that rise in some share are refused: to them, fewer effective tokens can look better.
 */

import { BimixError } from '../errors/index.ts';
import { effectiveShareLoss } from './effective-share.ts';
import type { FittedLaw } from './fitted-law.ts';
import type { LossOfShares } from './law.ts';
import { lossesAtVolume, type TargetLoss } from './predict.ts';
import { findLaw } from './registry.ts';

/** R* of data: about 15 repetitions take 1 - 1/e of all that repeating can give. Muennighoff et al. 2023, section 5. */
export const REPEAT_DECAY = 15.4;

export interface Repetition {
  /** D: tokens that the whole training draws. */
  readonly tokens: number;
  /** m: tokens there are of each training domain; Infinity where there is no limit. */
  readonly available: Float64Array;
  /** R*, positive. */
  readonly decay: number;
}

/** u(N): how many new tokens `drawn` tokens are worth, when `available` are all there are. */
export function worthAsNew(drawn: number, available: number, decay: number): number {
  if (drawn <= available) return drawn;
  return available === 0 ? 0 : available * (1 - decay * Math.expm1((1 - drawn / available) / decay));
}

/** m: what the drawn shares count for in the law, u_j(r_j D) / D; they sum to 1 or less. */
export function effectiveShares(drawn: Float64Array, { tokens, available, decay }: Repetition): Float64Array {
  return drawn.map((share, j) => worthAsNew(share * tokens, available[j], decay) / tokens);
}

/**
 * Each target's loss as a function of the drawn shares, repeated tokens counted at their worth.
 *
 * @param volume, size as in `lossesAtVolume`
 * @throws BimixError `invalid-law` for a law under which some loss rises with a share, and as `lossesAtVolume`
 */
export function lossesUnderRepetition(
  fitted: FittedLaw,
  volume: number,
  repetition: Repetition,
  size?: number,
): TargetLoss[] {
  const { smallestShare } = findLaw(fitted.law);
  return lossesAtVolume(fitted, volume, size).map(({ target, loss }) => {
    if (loss.falling !== true) {
      const message = `invalid law "${fitted.law}" for counting repetition: the loss of "${target}" can rise with a share, so fewer effective tokens could look like an improvement`;
      throw new BimixError('invalid-law', message, {
        hint: 'Fit a law whose losses only fall, such as bimix-transfer, or leave repetition out and limit the epochs.',
      });
    }
    return { target, loss: lossUnderRepetition(loss, repetition, smallestShare) };
  });
}

/**
 * @param loss convex and falling in each share
 * @param smallestShare what the law counts smaller shares as
 */
export function lossUnderRepetition(loss: LossOfShares, repetition: Repetition, smallestShare: number): LossOfShares {
  const { tokens, available, decay } = repetition;
  const m = available.length;
  if (available.every(count => count >= tokens)) return loss;
  const inner = withoutFloor(loss, m);
  const ratio = available.map(count => count / tokens);
  const shares = new Float64Array(m);
  const slope = new Float64Array(m);
  const curvature = new Float64Array(m);
  const own = new Float64Array(m);

  /** Effective shares, with their slopes and curvatures in the drawn ones. */
  const differentiate = (r: Float64Array): void => {
    for (let j = 0; j < m; j++) {
      const share = Math.max(r[j], smallestShare);
      const moves = r[j] >= smallestShare ? 1 : 0;
      curvature[j] = 0;
      if (ratio[j] === 0) {
        shares[j] = smallestShare;
        slope[j] = 0;
      } else if (share <= ratio[j]) {
        shares[j] = share;
        slope[j] = moves;
      } else {
        const left = Math.exp((1 - share / ratio[j]) / decay);
        shares[j] = worthAsNew(share, ratio[j], decay);
        slope[j] = moves * left;
        curvature[j] = (-moves * left) / (decay * ratio[j]);
      }
    }
  };
  const ownGradient = (): number => {
    own.fill(0);
    return inner.addGradient(shares, 1, own);
  };

  return {
    falling: true,
    value: r => {
      differentiate(r);
      return inner.value(shares);
    },
    addGradient: (r, weight, gradient) => {
      differentiate(r);
      const value = ownGradient();
      for (let j = 0; j < m; j++) if (slope[j] !== 0) gradient[j] += weight * own[j] * slope[j];
      return value;
    },
    addHessian: (r, weight, hessian) => {
      differentiate(r);
      ownGradient();
      const inShares = new Float64Array(m * m);
      inner.addHessian(shares, weight, inShares);
      for (let i = 0; i < m; i++) {
        if (slope[i] === 0) continue;
        for (let j = 0; j < m; j++) {
          if (slope[j] !== 0) hessian[i * m + j] += inShares[i * m + j] * slope[i] * slope[j];
        }
        if (curvature[i] !== 0) hessian[i * m + i] += weight * own[i] * curvature[i];
      }
    },
  };
}

/** A power of one share as it stands: its floor, flat and then falling, would not be convex in effective shares. */
function withoutFloor(loss: LossOfShares, m: number): LossOfShares {
  if (loss.power === undefined) return loss;
  const { domain, constant, scale, exponent } = loss.power;
  const weights = Float64Array.from({ length: m }, (_, j) => (j === domain ? 1 : 0));
  return effectiveShareLoss(weights, new Float64Array(m).fill(1), 0, constant, scale, exponent);
}
