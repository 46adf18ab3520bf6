/**
 * Priors that the targets of one table give each other: coefficients near their median over targets, as far as the targets
 * themselves scatter; training domains that help most targets help this one; and help is mutual: a domain whose own target
 * gains from this one is likely to help it in turn.
 */

import { median } from '../numerics/index.ts';
import type { PriorTerm, TargetEstimate } from './law.ts';

/** Fewer targets have too little in common to tell. */
const MIN_POOLED = 3;

/** Standard deviation of a log transfer about what the other targets say of it. */
const TRANSFER_SD = 0.7;
/**
 * Where alpha lies on public run tables, mostly between 0.05 and 0.35: with few runs alpha and the floor E trade off, and an
 * alpha that runs away spoils mixtures without the own domain.
 */
const ALPHA = { mean: 0.13, sd: 0.07 };
/** How much of what domain j gains from domain i is expected of i from j. */
const MUTUAL = 0.6;

/** Smallest standard deviations about the median over targets, of exponents and of the typical log transfer. */
const EXPONENT_SD = 0.08;
const TRANSFER_MEAN_SD = 0.5;
/** Smallest common standard deviation of differences between skills. */
const DIFFERENCE_SD = 0.2;

/** Where a law of effective shares keeps what is pooled: indices into theta, -1 where the target has none. */
export interface PooledLayout {
  readonly alpha: number;
  readonly beta: number;
  readonly rho: number;
  readonly sigma: number;
  /** Log transfer of each training domain. */
  readonly t: readonly number[];
  /** The typical log transfer of the target. */
  readonly transferMean: number;
  /** Coefficients about 0 that get the standard deviation which the first fits of all targets show, if it is smaller. */
  readonly differences?: readonly number[];
}

/**
 * @param priors by target: the law's own, of which those of pooled coefficients are replaced
 * @param layouts by target
 * @returns by target; undefined with fewer than 3 targets
 */
export function pooledPriors(
  estimates: readonly TargetEstimate[],
  priors: readonly (readonly PriorTerm[])[],
  layouts: readonly PooledLayout[],
): readonly (readonly PriorTerm[])[] | undefined {
  if (estimates.length < MIN_POOLED) return undefined;
  const centred = (index: (at: PooledLayout) => number, smallest: number): Centre => {
    const values = estimates.flatMap(({ theta }, i) => (index(layouts[i]) < 0 ? [] : [theta[index(layouts[i])]]));
    return { index, ...centreOf(values, smallest) };
  };
  const centres: Centre[] = [
    { index: at => at.alpha, ...ALPHA },
    centred(at => at.beta, EXPONENT_SD),
    centred(at => at.rho, EXPONENT_SD),
    centred(at => at.sigma, EXPONENT_SD),
    centred(at => at.transferMean, TRANSFER_MEAN_SD),
  ];
  const transfers = layouts.map(at => at.t);
  const transferMean = layouts.map(at => at.transferMean);
  const sources = sourceEffects(estimates, transfers, transferMean);
  const scatter = commonScatter(estimates, layouts);
  return priors.map((terms, i) =>
    terms.map(term => {
      const [[parameter], ...others] = term.terms;
      if (others.length > 0) {
        const source = transfers[i].indexOf(parameter);
        if (source < 0) return term;
        const mean = sources[source] + MUTUAL * gainFrom(i, source);
        return { ...term, mean, sd: TRANSFER_SD };
      }
      if (layouts[i].differences?.includes(parameter)) return { ...term, sd: Math.min(term.sd, scatter) };
      const common = centres.find(({ index }) => index(layouts[i]) === parameter);
      return common === undefined ? term : { ...term, mean: common.mean, sd: common.sd };
    }),
  );

  /** How much more than expected the target of training domain `source` gains from the own domain of target `i`. */
  function gainFrom(i: number, source: number): number {
    const { own } = estimates[i].shape;
    const back = own < 0 ? -1 : estimates.findIndex(({ shape }) => shape.own === source);
    if (back < 0) return 0;
    const { theta } = estimates[back];
    return theta[transfers[back][own]] - theta[transferMean[back]] - sources[own];
  }
}

interface Centre {
  readonly index: (at: PooledLayout) => number;
  readonly mean: number;
  readonly sd: number;
}

function commonScatter(estimates: readonly TargetEstimate[], layouts: readonly PooledLayout[]): number {
  const squares = estimates.flatMap(({ theta }, i) => (layouts[i].differences ?? []).map(q => theta[q] ** 2));
  return Math.max(DIFFERENCE_SD, Math.sqrt(squares.reduce((sum, square) => sum + square, 0) / squares.length));
}

/** Median, and a robust standard deviation that is never below `smallest`. */
function centreOf(values: readonly number[], smallest: number): { mean: number; sd: number } {
  const mean = median(values);
  return { mean, sd: Math.hypot(1.4826 * median(values.map(value => Math.abs(value - mean))), smallest) };
}

/** m: how much more than typical each training domain helps, shrunk to 0 where few targets tell, centred. */
function sourceEffects(
  estimates: readonly TargetEstimate[],
  transfers: readonly (readonly number[])[],
  transferMean: readonly number[],
): number[] {
  const effects = estimates[0].shape.domains.map((_, j) => {
    let sum = 0;
    let count = 0;
    estimates.forEach(({ theta }, i) => {
      const t = transfers[i][j];
      if (t < 0) return;
      sum += theta[t] - theta[transferMean[i]];
      count++;
    });
    return sum / (count + 2);
  });
  const mean = effects.reduce((sum, effect) => sum + effect, 0) / effects.length;
  return effects.map(effect => effect - mean);
}
