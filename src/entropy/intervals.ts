/**
 * 95 % intervals of estimates from groups of documents. An interval has two parts.
 *
 * The *scatter* over other samples of documents: a jackknife over groups, with Student's t.
 *
 * The *bias left*, which no estimator knows. If rare symbols thin out like a power of their rank, what is unseen shrinks with
 * the sample size to the power 2 f_2 / f_1, and the best estimator's bias no slower; the jackknife sees that power of it, so the
 * bias is at most f_1 / (2 f_2) times what it sees. Every simulated source kept to this, or to once what the jackknife sees
 * where nearly all is seen. The factor is at least 2, because words repeat within documents, which f_1 and f_2 do not know:
 * there up to 1.6 was found.
 *
 * So the interval of a corrected estimate holds the best estimate's too, and that one goes on to where the best estimate
 * would be with this bias gone.
 */

import type { Jackknife } from './jackknife.ts';
import { symbolsSeenTimes } from './sample-coverage.ts';
import type { Spectrum } from './spectrum.ts';

/** Least factor between what the jackknife sees of a bias and what there may be. */
const MIN_DOUBT = 2;

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

/** How many times what the jackknife sees of the bias there may be, by how rare symbols thin out in a sample. */
export function biasDoubt(spectrum: Spectrum): number {
  const once = symbolsSeenTimes(spectrum, 1);
  const twice = symbolsSeenTimes(spectrum, 2);
  return Math.max(MIN_DOUBT, twice > 0 ? once / (2 * twice) : (once - 1) / 2);
}

/** Scatter alone: of what the estimate is over samples of this size, not of what it estimates. */
export function scatterInterval(scatter: Jackknife): EntropyInterval {
  return withEnds(scatter, scatter.estimate - scatter.margin, scatter.estimate + scatter.margin);
}

/**
 * Scatter and the bias left.
 *
 * @param best the scatter of the best estimate of the same entropy; that of the estimate itself when there is no other
 * @param most what no entropy of this kind can exceed, nats
 * @param doubt from `biasDoubt`; the least one unless given
 */
export function biasInterval(scatter: Jackknife, best: Jackknife, most: number, doubt = MIN_DOUBT): EntropyInterval {
  const reach = Math.min(most, best.estimate + doubt * (best.jackknifed - best.estimate));
  const lower = Math.min(scatter.estimate - scatter.margin, Math.min(best.estimate, reach) - best.margin);
  const upper = Math.max(scatter.estimate + scatter.margin, Math.max(best.estimate, reach) + best.margin);
  return withEnds(scatter, lower, upper);
}

function withEnds(scatter: Jackknife, lower: number, upper: number): EntropyInterval {
  const { standardError, jackknifed, groups } = scatter;
  return { lower: Math.max(0, lower), upper: Math.max(0, upper), standardError, jackknifed, groups };
}
