/**
 * What the optimizer minimizes: the weighted mean of domain losses, plus a pull to a reference mixture q,
 *
 *   F(r) = sum_i w_i L_i(r) + pull x sum_j r_j ln(r_j / q_j),        sum_i w_i = 1
 *
 * in nats per token. Convex in r, because each L_i and the Kullback-Leibler divergence are.
 */

import type { LossOfShares } from '../laws/index.ts';
import { klDivergence } from '../mixture/index.ts';

/** A convex function of m shares. */
export interface ConvexFunction {
  value(r: Float64Array): number;
  /** Overwrites `gradient` (m) and returns the value. A slope at r_j = 0 may be -Infinity. */
  gradient(r: Float64Array, gradient: Float64Array): number;
  /** Overwrites `hessian` (m x m, row-major). */
  hessian(r: Float64Array, hessian: Float64Array): void;
}

/** One term scale x r^-exponent of a separable objective. */
export interface PowerTerm {
  readonly scale: number;
  readonly exponent: number;
}

/** An objective that is a sum of functions of one share each. */
export interface SeparableParts {
  /** m: the power terms of each domain's share, those that fall; often one, none for a domain without a loss. */
  readonly powers: readonly (readonly PowerTerm[])[];
  /** Nats per token; 0 for no pull. */
  readonly pull: number;
  /** m: q of the pull. */
  readonly reference: Float64Array;
}

export interface Objective extends ConvexFunction {
  /** Present when every loss depends on one share only. */
  readonly separable: SeparableParts | null;
}

export interface ObjectiveOptions {
  /** m: the pull's mixture. */
  readonly reference?: Float64Array;
  /** Strength of the pull in nats per token of objective per nat of divergence; 0 unless said. */
  readonly pull?: number;
}

/** Smaller parts of the weights move the objective by less than rounding does, and underflow in the solvers. */
const MIN_WEIGHT = 1e-18;

/**
 * @param losses k losses of m shares
 * @param weights k, non-negative with a positive sum; scaled to sum to 1
 * @param m number of training domains
 */
export function makeObjective(
  losses: readonly LossOfShares[],
  weights: ArrayLike<number>,
  m: number,
  options: ObjectiveOptions = {},
): Objective {
  const { reference = new Float64Array(m).fill(1 / m), pull = 0 } = options;
  const total = Array.from(weights).reduce((sum, weight) => sum + weight, 0);
  const weighted = losses.flatMap((loss, i) =>
    weights[i] > total * MIN_WEIGHT ? [{ loss, weight: weights[i] / total }] : [],
  );
  return {
    value(r) {
      let value = pull > 0 ? pull * klDivergence(r, reference) : 0;
      for (const { loss, weight } of weighted) value += weight * loss.value(r);
      return value;
    },
    gradient(r, gradient) {
      gradient.fill(0);
      let value = 0;
      for (const { loss, weight } of weighted) value += weight * loss.addGradient(r, weight, gradient);
      if (pull > 0) {
        value += pull * klDivergence(r, reference);
        for (let j = 0; j < m; j++) if (reference[j] > 0) gradient[j] += pull * (Math.log(r[j] / reference[j]) + 1);
      }
      return value;
    },
    hessian(r, hessian) {
      hessian.fill(0);
      for (const { loss, weight } of weighted) loss.addHessian(r, weight, hessian);
      if (pull > 0) for (let j = 0; j < m; j++) hessian[j * m + j] += pull / r[j];
    },
    separable: separableParts(weighted, m, pull, reference),
  };
}

function separableParts(
  weighted: readonly { loss: LossOfShares; weight: number }[],
  m: number,
  pull: number,
  reference: Float64Array,
): SeparableParts | null {
  const powers: PowerTerm[][] = Array.from({ length: m }, () => []);
  for (const { loss, weight } of weighted) {
    if (loss.power === undefined) return null;
    const { domain, scale, exponent } = loss.power;
    if (scale > 0 && exponent > 0) powers[domain].push({ scale: weight * scale, exponent });
  }
  return { powers, pull, reference };
}
