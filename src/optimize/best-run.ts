/**
 * The best run at hand: what a proposal has to beat. Its measured loss is the lowest of several noisy ones and flatters
 * its mixture, so what the law predicts for that mixture stands beside it.
 */

import type { FittedLaw } from '../laws/index.ts';
import { formatQuantity } from '../mixture/index.ts';
import { sameSize } from '../observations/index.ts';
import type { ShareConstraints } from './constraints.ts';
import type { MixtureProblem } from './mixture-problem.ts';

/** Volumes nearer than this part count as one: losses at them can be compared. */
const SAME_VOLUME = 0.05;
const SAME_SHARE = 1e-6;
/** Runs that end farther from the law on average are said to. */
const NOTABLE_OFFSET = 0.001;

export interface BestRun {
  readonly name: string;
  /** Share of tokens by training domain. */
  readonly mixture: Readonly<Record<string, number>>;
  /** Weighted mean of its last losses, by the weights of the objective. */
  readonly measured: number;
  /** Where that was measured, in the unit of the fit; null where the runs have no known volume. */
  readonly volume: number | null;
  /** Its model size in parameters, where the law knows several; else null. */
  readonly size: number | null;
  /** Of how many runs `measured` is the lowest: those as long as the longest, with every loss of the objective. */
  readonly runs: number;
  /** Weighted mean of the losses that the law predicts for its mixture at the volume asked about; null where it predicts none. */
  readonly predicted: number | null;
  /** Whether volume and size are those asked about, the volume within 5 %: only then can a proposal be compared with `measured`. */
  readonly isComparable: boolean;
  /**
   * Mean of measured over predicted, minus 1, over all those runs: what their last checkpoint is off the law's smooth curve by.
   * Null where they cannot be compared, or the law predicts none of them.
   */
  readonly meanOffset: number | null;
  /** Whether the bounds and the tokens available allow its mixture. */
  readonly isAllowed: boolean;
}

/** The run with the lowest weighted mean of last losses; null where no run measured all that the objective weighs. */
export function bestRun(fitted: FittedLaw, problem: MixtureProblem): BestRun | null {
  const { runs, mixtures } = fitted.covered;
  const measured = measuredMeans(fitted, problem.weights);
  const best = lowest(measured);
  if (best === null) return null;
  const shares = Float64Array.from(mixtures[best.run]);
  const predictedAt = (run: number): number =>
    weightedMean(
      problem.losses.map(({ loss }) => loss.value(Float64Array.from(mixtures[run]))),
      problem.weights,
    );
  const predicted = predictedAt(best.run);
  const isComparable =
    (best.volume === null || Math.abs(problem.volume.atFit / best.volume - 1) <= SAME_VOLUME) &&
    (best.size === null || fitted.size === undefined || sameSize(best.size, fitted.size));
  const offsets = isComparable
    ? measured.map(({ run, mean }) => mean / predictedAt(run) - 1).filter(Number.isFinite)
    : [];
  return {
    name: runs[best.run],
    mixture: Object.fromEntries(fitted.trainingDomains.map((domain, j) => [domain, shares[j]])),
    measured: best.mean,
    volume: best.volume,
    size: best.size,
    runs: measured.length,
    predicted: Number.isFinite(predicted) ? predicted : null,
    isComparable,
    meanOffset: offsets.length === 0 ? null : offsets.reduce((sum, offset) => sum + offset / offsets.length, 0),
    isAllowed: isAllowed(shares, problem.constraints),
  };
}

/**
 * Index among the covered runs of the one with the lowest weighted mean of last losses, for laws without a problem to
 * solve; null where no run measured all that is weighed.
 *
 * @param weights one a target, in their order
 */
export function bestMeasuredRun(fitted: FittedLaw, weights: readonly number[]): number | null {
  return lowest(measuredMeans(fitted, weights))?.run ?? null;
}

function lowest(measured: readonly Measured[]): Measured | null {
  return measured.reduce<Measured | null>((a, b) => (a === null || b.mean < a.mean ? b : a), null);
}

/** Sum of weight x loss over the sum of weights; losses without weight may be missing. */
export function weightedMean(losses: readonly (number | null | undefined)[], weights: readonly number[]): number {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.reduce((sum, weight, i) => {
    return weight === 0 ? sum : sum + (weight / total) * (losses[i] ?? Number.NaN);
  }, 0);
}

interface Measured {
  /** Index among the covered runs. */
  readonly run: number;
  readonly mean: number;
  readonly volume: number | null;
  readonly size: number | null;
}

/** Of the runs that measured all that counts: those of the size nearest to the one asked about, as long as the longest of them. */
function measuredMeans({ covered, volume, size }: FittedLaw, weights: readonly number[]): Measured[] {
  const { runs, lastLosses, lastVolumes, sizes } = covered;
  const complete = runs.flatMap((_, run): Measured[] => {
    const mean = weightedMean(lastLosses[run], weights);
    if (Number.isNaN(mean)) return [];
    return [{ run, mean, volume: volume.unit === 'none' ? null : lastVolumes[run], size: sizes?.[run] ?? null }];
  });
  const distance = (own: number | null): number =>
    own === null || size === undefined ? 0 : Math.abs(Math.log(own / size));
  const nearest = complete.reduce<Measured | null>(
    (a, b) => (a === null || distance(b.size) < distance(a.size) ? b : a),
    null,
  );
  const ofSize = complete.filter(run => sameSize(run.size ?? 0, nearest?.size ?? 0));
  const longest = ofSize.reduce((most, run) => Math.max(most, run.volume ?? 0), 0);
  return ofSize.filter(run => (run.volume ?? 0) >= longest * (1 - SAME_VOLUME));
}

function isAllowed(shares: Float64Array, { lower, upper }: ShareConstraints): boolean {
  return shares.every((share, j) => share >= lower[j] - SAME_SHARE && share <= upper[j] + SAME_SHARE);
}

/** A mixture to compare with the best run. */
export interface Contender {
  /** For the beginning of a sentence, for example `The proposal`. */
  readonly name: string;
  /** Weighted mean of its losses at the volume asked about, without any pull. */
  readonly loss: number;
}

/**
 * The best run and a contender in words: the one voice of `optimize`, `report` and `next`.
 *
 * @param asked the volume asked about, in the unit of the fit
 */
export function bestRunInWords(
  { name, measured, volume, size, runs, predicted, isComparable, meanOffset, isAllowed }: BestRun,
  contender: Contender,
  asked: { readonly unit: string; readonly value: number | null },
): string {
  const at = (value: number | null): string => (value === null ? '' : ` at ${formatQuantity(value)} ${asked.unit}`);
  const ofSize = size === null ? '' : `, ${formatQuantity(size)} parameters`;
  const lowest = runs === 1 ? 'the only complete run' : `the lowest of ${runs} runs`;
  const said =
    predicted === null
      ? 'the law predicts no loss for its mixture'
      : `the law predicts ${predicted.toFixed(4)} for its mixture${at(volume) === at(asked.value) ? '' : at(asked.value)}`;
  const changes = [
    ...(isComparable ? [`${changeInWords(contender.loss / measured - 1)} that measured loss`] : []),
    ...(predicted === null ? [] : [`${changeInWords(contender.loss / predicted - 1)} that prediction`]),
  ];
  const cautions = [
    ...(meanOffset !== null && Math.abs(meanOffset) >= NOTABLE_OFFSET && runs > 1
      ? [`the ${runs} runs ended ${changeInWords(meanOffset)} the law on average`]
      : []),
    ...(isComparable && runs > 1 ? ['the lowest of several noisy runs flatters its mixture'] : []),
  ];
  const flatters = cautions.length === 0 ? '' : ` (${cautions.join('; ')})`;
  return [
    `Best run at hand: ${name}, measured ${measured.toFixed(4)}${at(volume)}${ofSize}, ${lowest}; ${said}.`,
    changes.length === 0
      ? ''
      : ` ${contender.name} (${contender.loss.toFixed(4)}) is ${changes.join(' and ')}${flatters}.`,
    isAllowed ? '' : ' The bounds or the tokens available do not allow its mixture.',
  ].join('');
}

/** `0.15 % below`, `0.20 % above` or `level with`: for the sentence `A is ... B`. */
export function changeInWords(change: number): string {
  const percent = Math.abs(100 * change).toFixed(2);
  if (Number(percent) === 0) return 'level with';
  return `${percent} % ${change < 0 ? 'below' : 'above'}`;
}
