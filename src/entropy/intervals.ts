/**
 * 95 % intervals of estimates from groups of documents. An interval has two parts.
 *
 * The *scatter* over other samples of documents: a jackknife over groups, with Student's t.
 *
 * The *bias left*, which no estimator knows: the interval of a corrected estimate also reaches to the best estimate, and from
 * there as far as three times the bias that the jackknife sees in it. On simulated sources (uniform, Zipf with exponents 0.7
 * to 1.5, log-normal, products of these, documents about topics) the bias was 0 to 3 times what the jackknife sees, as long
 * as the sample coverage was at least 2/3.
 */

import type { Jackknife } from './jackknife.ts';

/** How many times what the jackknife sees the bias may be. */
const BIAS_DOUBT = 3;

/** Sample coverage below which the bias may be more than that. */
export const LEAST_COVERAGE = 2 / 3;

/** 95 % interval of an entropy, in nats. */
export interface EntropyInterval {
  readonly lower: number;
  readonly upper: number;
  /** Of the scatter over samples of documents alone. */
  readonly standardError: number;
  /** The estimate less the part of its bias that falls like 1 / n. */
  readonly jackknifed: number;
  /** Groups of documents it rests on. */
  readonly groups: number;
}

/** Scatter alone: of what the estimate is over samples of this size, not of what it estimates. */
export function scatterInterval(scatter: Jackknife): EntropyInterval {
  return around([scatter.estimate], scatter);
}

/**
 * Scatter and the bias left.
 *
 * @param best the scatter of the best estimate of the same entropy; that of the estimate itself when there is no other
 */
export function biasInterval(scatter: Jackknife, best: Jackknife): EntropyInterval {
  const reach = best.estimate + BIAS_DOUBT * (best.jackknifed - best.estimate);
  return around([scatter.estimate, best.estimate, reach], scatter);
}

function around(values: readonly number[], scatter: Jackknife): EntropyInterval {
  const { standardError, jackknifed, margin, groups } = scatter;
  return {
    lower: Math.max(0, Math.min(...values) - margin),
    upper: Math.max(0, Math.max(...values) + margin),
    standardError,
    jackknifed,
    groups,
  };
}
