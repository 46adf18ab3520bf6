/**
 * Priors that the targets of one table give each other: coefficients near their median over targets, as far as the targets
 * themselves scatter; training domains that help most targets help this one; and help is mutual: a domain whose own target
 * gains from this one is likely to help it in turn.
 */

import type { PriorTerm, TargetEstimate } from './law.ts';

/** Fewer targets have too little in common to tell. */
const LEAST_POOLED = 3;

/** Standard deviation of a log transfer about what the other targets say of it. */
const TRANSFER_SD = 0.7;
/**
 * Where alpha lies on public run tables, mostly between 0.05 and 0.35: with few runs alpha and the floor E trade off, and an
 * alpha that runs away spoils mixtures without the own domain.
 */
export const POOLED_ALPHA = { mean: 0.13, sd: 0.07 };
/** How much of what domain j gains from domain i is expected of i from j. */
const MUTUAL = 0.6;

/** Where a law keeps what is pooled; by target, an index into theta or -1. */
export interface Pooling {
  /** Coefficients drawn to their median over targets, and the smallest standard deviation about it. */
  readonly centred: readonly { readonly parameter: readonly number[]; readonly smallest: number }[];
  /** Coefficients with a prior of their own for the second fit. */
  readonly given: readonly { readonly parameter: readonly number[]; readonly mean: number; readonly sd: number }[];
  /**
   * Coefficients about 0 whose common standard deviation is that of the first fits of all targets, within bounds; by target,
   * a list.
   */
  readonly scattered?: {
    readonly parameters: readonly (readonly number[])[];
    readonly smallest: number;
    readonly largest: number;
  };
  /** Log transfer of each training domain. */
  readonly transfers: readonly (readonly number[])[];
  /** The typical log transfer of the target. */
  readonly transferMean: readonly number[];
}

/**
 * @param priors by target: the law's own, of which those of pooled coefficients are replaced
 * @returns by target; undefined with fewer than 3 targets
 */
export function pooledPriors(
  estimates: readonly TargetEstimate[],
  priors: readonly (readonly PriorTerm[])[],
  { centred, given, scattered, transfers, transferMean }: Pooling,
): readonly (readonly PriorTerm[])[] | undefined {
  if (estimates.length < LEAST_POOLED) return undefined;
  const centres = [
    ...centred.map(({ parameter, smallest }) => {
      const values = estimates.flatMap(({ theta }, i) => (parameter[i] < 0 ? [] : [theta[parameter[i]]]));
      return { parameter, ...centreOf(values, smallest) };
    }),
    ...given,
  ];
  const sources = sourceEffects(estimates, transfers, transferMean);
  const scatter = scattered === undefined ? 0 : commonScatter(estimates, scattered);
  return priors.map((terms, i) =>
    terms.map(term => {
      const [[parameter], ...others] = term.terms;
      if (others.length > 0) {
        const source = transfers[i].indexOf(parameter);
        if (source < 0) return term;
        const mean = sources[source] + MUTUAL * gainFrom(i, source);
        return { ...term, mean, sd: TRANSFER_SD };
      }
      if (scattered?.parameters[i].includes(parameter)) return { ...term, sd: scatter };
      const common = centres.find(centre => centre.parameter[i] === parameter);
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

function commonScatter(
  estimates: readonly TargetEstimate[],
  { parameters, smallest, largest }: NonNullable<Pooling['scattered']>,
): number {
  const squares = estimates.flatMap(({ theta }, i) => parameters[i].map(q => theta[q] ** 2));
  const rms = Math.sqrt(squares.reduce((sum, square) => sum + square, 0) / squares.length);
  return Math.min(largest, Math.max(smallest, rms));
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

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
