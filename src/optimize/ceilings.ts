/**
 * Convex functions of the mixture that may not exceed a limit, as an interior-point method sees them: their slacks
 * limit_i - L_i(r), one multiplier lambda_i > 0 each, and what they add to the barrier, to Newton's system and to the proof.
 */

import type { LossOfShares } from '../laws/index.ts';
import type { ShareBounds } from '../mixture/index.ts';
import { dualityGap } from './certificate.ts';

export interface Ceiling {
  /** Convex in r. */
  readonly loss: LossOfShares;
  /** L(r) <= limit. */
  readonly limit: number;
}

export interface Ceilings {
  readonly list: readonly Ceiling[];
  /** m: a mixture strictly inside every ceiling and every bound. */
  readonly inside: Float64Array;
}

export function withinCeilings(list: readonly Ceiling[], r: Float64Array): boolean {
  return list.every(({ loss, limit }) => loss.value(r) < limit);
}

/** The state of k ceilings along the iterations; slacks and slopes are those of the mixture last given to `at`. */
export interface CeilingBarrier {
  /** k. */
  readonly count: number;
  at(r: Float64Array): void;
  /** Sets the multipliers of a fresh start. */
  begin(mu: number): void;
  /** sum_i ln slack_i; -Infinity outside. */
  logSlacks(): number;
  /** Adds the curvature of the Lagrangian and of the slacks to the m x m `hessian`. */
  addHessian(r: Float64Array, hessian: Float64Array): void;
  addBarrierGradient(mu: number, gradient: Float64Array): void;
  /** Fixes the direction of the multipliers for a step of the free shares. */
  aim(mu: number, free: readonly number[], step: Float64Array): void;
  /** The longest part of that direction, at most 1, that keeps the multipliers positive by `toBound`. */
  longestStep(toBound: number): number;
  move(length: number, mu: number, keep: (multiplier: number, barrier: number) => number): void;
  multipliers(): number[];
  /**
   * The Lagrangian's Frank-Wolfe bound: for every lambda >= 0 and every allowed v, F(v) >= F(v) + sum_i lambda_i (L_i(v) -
   * limit_i), convex in v, so F(r) - min F <= gap of grad F + sum_i lambda_i grad L_i at r, plus sum_i lambda_i slack_i.
   *
   * @param gradient of F at r
   */
  gap(gradient: Float64Array, r: Float64Array, bounds: ShareBounds): number;
}

export function ceilingBarrier(ceilings: Ceilings | undefined, m: number): CeilingBarrier {
  const list = ceilings?.list ?? [];
  const k = list.length;
  const slack = new Float64Array(k);
  const slope = list.map(() => new Float64Array(m));
  const multiplier = new Float64Array(k);
  const direction = new Float64Array(k);
  const lagrangian = new Float64Array(m);
  return {
    count: k,
    at: r => {
      for (let i = 0; i < k; i++) {
        slope[i].fill(0);
        slack[i] = list[i].limit - list[i].loss.addGradient(r, 1, slope[i]);
      }
    },
    begin: mu => {
      for (let i = 0; i < k; i++) multiplier[i] = mu / slack[i];
    },
    logSlacks: () => {
      let total = 0;
      for (let i = 0; i < k; i++) total += slack[i] > 0 ? Math.log(slack[i]) : Number.NEGATIVE_INFINITY;
      return total;
    },
    addHessian: (r, hessian) => {
      for (let i = 0; i < k; i++) {
        list[i].loss.addHessian(r, multiplier[i], hessian);
        const stiffness = multiplier[i] / slack[i];
        for (let a = 0; a < m; a++) {
          for (let b = 0; b < m; b++) hessian[a * m + b] += stiffness * slope[i][a] * slope[i][b];
        }
      }
    },
    addBarrierGradient: (mu, gradient) => {
      for (let i = 0; i < k; i++) for (let j = 0; j < m; j++) gradient[j] += (mu / slack[i]) * slope[i][j];
    },
    aim: (mu, free, step) => {
      for (let i = 0; i < k; i++) {
        let rise = 0;
        for (let a = 0; a < free.length; a++) rise += slope[i][free[a]] * step[a];
        direction[i] = mu / slack[i] - multiplier[i] + (multiplier[i] / slack[i]) * rise;
      }
    },
    longestStep: toBound => {
      let longest = 1;
      for (let i = 0; i < k; i++) {
        if (direction[i] < 0) longest = Math.min(longest, (-toBound * multiplier[i]) / direction[i]);
      }
      return longest;
    },
    move: (length, mu, keep) => {
      for (let i = 0; i < k; i++) multiplier[i] = keep(multiplier[i] + length * direction[i], mu / slack[i]);
    },
    multipliers: () => Array.from(multiplier),
    gap: (gradient, r, bounds) => {
      if (k === 0) return dualityGap(gradient, r, bounds);
      lagrangian.set(gradient);
      let complement = 0;
      for (let i = 0; i < k; i++) {
        complement += multiplier[i] * slack[i];
        for (let j = 0; j < m; j++) lagrangian[j] += multiplier[i] * slope[i][j];
      }
      return dualityGap(lagrangian, r, bounds) + complement;
    },
  };
}
