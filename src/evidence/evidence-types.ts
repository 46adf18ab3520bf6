/** What `bimix evaluate` measures: laws side by side on held-out data. */

import type { HeldOutPoints } from './held-out-points.ts';

/** Scores over held-out rows of one target. */
export interface Scores {
  /** Mean relative error, a fraction: mean |predicted - observed| / observed. */
  readonly mre: number;
  /** Mean relative error at last checkpoints of runs alone; null when none is held out. */
  readonly mreAtLast: number | null;
  /** Mean absolute error, nats per token. */
  readonly mae: number;
  /** 1 - SSE/SST on losses, over all held-out rows; null when all losses are equal. */
  readonly r2: number | null;
  /** The same on log losses. */
  readonly r2Log: number | null;
  /** Rank correlation over held-out mixtures at each run's last checkpoint; null with fewer than 3 runs. */
  readonly spearman: number | null;
  /** Held-out rows. */
  readonly n: number;
  /** Held-out runs. */
  readonly runs: number;
}

/** How intervals did on held-out points. */
export interface IntervalCoverage {
  /** Part of the points inside their intervals. */
  readonly coverage: number;
  /** Mean width of the intervals over the predicted loss. */
  readonly width: number;
}

export interface IntervalScores extends IntervalCoverage {
  /** Part they should cover. */
  readonly level: number;
  /** By evaluation domain. */
  readonly targets: Readonly<Record<string, IntervalCoverage>>;
}

export interface LawEvidence {
  readonly law: string;
  readonly kind: 'law' | 'baseline';
  /** Plain mean over targets. */
  readonly mean: Omit<Scores, 'n' | 'runs'>;
  /** By evaluation domain. */
  readonly targets: Readonly<Record<string, Scores>>;
  /**
   * Relative excess loss of the mixture the law would pick among the held-out runs over the best of them (mean over
   * targets at the last checkpoint), averaged over folds; null when a split holds out no whole runs.
   */
  readonly regretAt1: number | null;
  /** Over all held-out points; where intervals were asked for and the law has them. */
  readonly interval?: IntervalScores;
  /** By evaluation domain; left out of `--json` unless asked for. */
  readonly points: Readonly<Record<string, HeldOutPoints>>;
  readonly fitSeconds: number;
}

export interface Evidence {
  /** As given, for example `kfold:5`. */
  readonly split: string;
  /** What the split holds out, in words. */
  readonly meaning: string;
  /** Held-out runs, over all folds. */
  readonly runs: number;
  /** Held-out rows, over all folds and targets. */
  readonly points: number;
  readonly laws: readonly LawEvidence[];
}
