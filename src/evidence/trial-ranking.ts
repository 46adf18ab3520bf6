/** How the mixture that a law liked best came out among the mixtures that were trained, and whether the order is more than noise. */

import type { FittedLaw } from '../laws/index.ts';
import { type RunNoise, runNoise } from './run-noise.ts';
import type { VerifiedRun } from './verified-run.ts';

/** Volumes nearer than this part are one. */
const SAME_VOLUME = 0.05;

export interface TrialRanking {
  /** The run with the lowest predicted mean loss: as a rule that of the proposed mixture. */
  readonly choice: string;
  /** Of the choice by measured mean loss; 1 is the lowest. */
  readonly rank: number;
  readonly runs: number;
  /** The run ahead of the choice by most; where the choice is first, the next one. */
  readonly other: string;
  /** Mean loss of the choice over that of `other`, minus 1. */
  readonly difference: number;
  /** By how much two runs of one mixture differ (one standard deviation), as a part of the mean loss; null where not known. */
  readonly noise: RunNoise | null;
}

/**
 * Ranks the runs that measured every target at the largest volume; null with fewer than two.
 *
 * The noise is that of runs of one mixture where the law was fitted to such; else the scatter of its runs about the law, which
 * has the law's misfit in it and is an upper bound.
 */
export function rankTrials(fitted: FittedLaw, verified: readonly VerifiedRun[]): TrialRanking | null {
  const largest = Math.max(...verified.map(({ volume }) => volume));
  const trials = verified.flatMap(({ run, mean, volume, losses }) =>
    mean === null || volume < largest * (1 - SAME_VOLUME) ? [] : [{ run, mean, losses }],
  );
  if (trials.length < 2) return null;
  const choice = trials.reduce((a, b) => (b.mean.predicted < a.mean.predicted ? b : a));
  const measured = [...trials].sort((a, b) => a.mean.observed - b.mean.observed);
  const rank = measured.indexOf(choice) + 1;
  const other = rank === 1 ? measured[1] : measured[0];
  return {
    choice: choice.run,
    rank,
    runs: trials.length,
    other: other.run,
    difference: choice.mean.observed / other.mean.observed - 1,
    noise: runNoise(
      fitted,
      fitted.targets.map(({ target }) => choice.losses[target].observed),
    ),
  };
}

/** `The law's choice, optimum, came 2nd of 4: 0.07 % above the first, size. That is within seed noise: ...` */
export function rankingInWords({ choice, rank, runs, other, difference, noise }: TrialRanking): string {
  const apart = `${(100 * Math.abs(difference)).toFixed(2)} %`;
  const place = rank === 1 ? `${apart} below the second, ${other}` : `${apart} above the first, ${other}`;
  const ranked = `The law's choice, ${choice}, came ${ordinal(rank)} of ${runs} by measured mean loss, ${place}.`;
  if (noise === null) return ranked;
  const ratio = Math.abs(difference) / noise.difference;
  const verdict =
    ratio <= 1 ? 'within seed noise' : ratio <= 2 ? 'less than twice the seed noise' : 'beyond seed noise';
  const source =
    noise.source === 'replicates'
      ? 'from replicates in the fit'
      : 'from the scatter of the runs about the law, its misfit included';
  return `${ranked} The difference is ${verdict} (${(100 * noise.difference).toFixed(2)} % between two runs of one mixture, ${source}).`;
}

function ordinal(rank: number): string {
  const tens = rank % 100;
  const ending = tens >= 11 && tens <= 13 ? 'th' : (['th', 'st', 'nd', 'rd'][rank % 10] ?? 'th');
  return `${rank}${ending}`;
}
