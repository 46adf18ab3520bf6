/** What `bimix compare` measures: laws on the same held-out data, how sure their order is, and what follows from it. */

import type { ErrorCode } from '../errors/index.ts';
import type { IntervalScores, LawEvidence } from './evidence-types.ts';

/** A difference of mean relative errors, a fraction. */
export interface PairedDifference {
  /** This law's less the other's, over the same held-out rows: positive where this one errs more. */
  readonly difference: number;
  /** Over held-out runs; null with fewer than 3 of them. */
  readonly standardError: number | null;
  /** Held-out runs. */
  readonly runs: number;
}

/** What a law is measured by; as in `LawEvidence`. */
export type HeldOutScores = Pick<LawEvidence, 'mean' | 'targets' | 'regretAt1'>;

export interface ComparedLaw extends HeldOutScores {
  readonly law: string;
  readonly kind: LawEvidence['kind'];
  /** Whether its losses are convex in the mixture, so that it can be optimized; false for baselines. */
  readonly convex: boolean;
  /** How many different mixtures the law wants; 0 for baselines. */
  readonly runsWanted: number;
  /** Coefficients over all targets, where a fold has most; null for what has none, a baseline or a regression. */
  readonly parameters: number | null;
  /** How its intervals did, where they were asked for and the law has them. */
  readonly interval?: IntervalScores;
  /** To the law with the lowest MRE; null for that law. */
  readonly toBest: PairedDifference | null;
  /** Of all folds together; 0 without a clock, and never in JSON. */
  readonly fitSeconds: number;
}

/** A law that cannot be fitted to these runs. */
export interface FailedLaw {
  readonly law: string;
  readonly code: ErrorCode;
  readonly message: string;
  readonly hint: string;
}

export interface CurvePoint {
  /** Training runs. */
  readonly runs: number;
  /** Mean over draws; null where the law could not be fitted to one of them. */
  readonly mre: number | null;
  readonly spearman: number | null;
  /** MRE of each draw. */
  readonly draws: readonly (number | null)[];
}

export interface LearningCurve {
  readonly law: string;
  readonly kind: LawEvidence['kind'];
  readonly convex: boolean;
  readonly points: readonly CurvePoint[];
}

export interface LearningCurves {
  /** Training runs, ascending. */
  readonly runs: readonly number[];
  readonly draws: number;
  /** In the order of the comparison. */
  readonly curves: readonly LearningCurve[];
  /** Numbers of runs asked for that leave too few runs to predict. */
  readonly skipped: readonly number[];
}

/** Of the law that would have been chosen without the held-out fold, scored on that fold. */
export interface NestedChoice extends Omit<HeldOutScores, 'targets'> {
  /** Among which laws. */
  readonly among: 'convex' | 'all';
  /** The law chosen in each fold. */
  readonly chosen: readonly string[];
}

export interface Recommended {
  readonly law: string;
  readonly mre: number;
  /** The next best of the same kind, and how far behind it is; null where there is no other. */
  readonly next: (PairedDifference & { readonly law: string; readonly mre: number }) | null;
}

export interface Recommendation {
  /** The best law that can be optimized; null where none was fitted. */
  readonly optimize: Recommended | null;
  /** A law that cannot be optimized and predicts clearly better; null where there is none. */
  readonly predict: Recommended | null;
  /** In plain sentences. */
  readonly reasons: readonly string[];
}

export interface Comparison {
  readonly kind: 'bimix-comparison';
  readonly schemaVersion: 1;
  /** As given, for example `kfold:5`. */
  readonly split: string;
  /** What the split holds out, in words. */
  readonly meaning: string;
  /** Model size in parameters of the runs, where known and one. */
  readonly size?: number;
  /** Which runs, in words: `60 runs of 122M parameters, 594 checkpoints up to 26B tokens`. */
  readonly measuredOn: string;
  readonly trainingDomains: readonly string[];
  /** Evaluation domains predicted. */
  readonly targets: readonly string[];
  readonly runs: { readonly all: number; readonly heldOut: number };
  /** Held-out losses, over all folds and targets. */
  readonly points: number;
  /** Laws and baselines, lowest MRE first. */
  readonly laws: readonly ComparedLaw[];
  readonly failures: readonly FailedLaw[];
  /** Empty where no choice was nested. */
  readonly nested: readonly NestedChoice[];
  readonly curves: LearningCurves | null;
  readonly recommendation: Recommendation;
  /** bimix's version. */
  readonly version: string;
}
