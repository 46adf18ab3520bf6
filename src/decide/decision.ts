/** A decision: which mixture to train, what to expect of it, how far to trust that, and what would change it. */

import type { NextRuns } from '../design/index.ts';
import type { Comparison, RunNoise } from '../evidence/index.ts';
import type { FittedLaw } from '../laws/index.ts';
import type { MixtureGain, Proposal } from '../optimize/index.ts';

/** A predicted change of the mean loss, with its 90 % interval, from a mixture that could be trained instead. */
export interface Gain extends MixtureGain {
  /** Name of the other mixture. */
  readonly over: string;
}

/** What a law other than the chosen one says of the chosen mixture. */
export interface Opinion {
  readonly law: string;
  /** Held-out mean relative error of that law, a fraction. */
  readonly mre: number;
  /** Its predicted change of the mean loss from the alternative, a fraction; negative where it agrees. */
  readonly change: number;
  /** Total variation distance from its own optimum to the chosen mixture: the part of all tokens that would have to move. */
  readonly distance: number;
}

export type ConfidenceLevel = 'high' | 'medium' | 'low';

export interface Confidence {
  readonly level: ConfidenceLevel;
  /** Why it is no higher, in clauses without a full stop; where it is high, what carries it. */
  readonly because: readonly string[];
  /** Why these runs carry no decision, in sentences; empty where they do. */
  readonly against: readonly string[];
}

/** A limit on the mixture and what it costs. */
export interface LimitCost {
  /** In words, for example `the share of code, at most 20 %`. */
  readonly limit: string;
  /** By what part of the objective the mean loss would fall without it. */
  readonly cost: number;
}

/** The training domain whose share makes most of the difference. */
export interface KeyDomain {
  readonly domain: string;
  /** Its share in the mixture and in the alternative. */
  readonly share: number;
  readonly otherShare: number;
  /** By what part the mean loss would rise with its share as in the alternative, the others in their ratios. */
  readonly cost: number;
}

export interface Decision {
  readonly kind: 'bimix-decision';
  readonly schemaVersion: 1;
  /** All laws tried, on the same runs held out. */
  readonly comparison: Comparison;
  /** The law it rests on: the best convex law on held-out runs. */
  readonly fitted: FittedLaw;
  readonly proposal: Proposal;
  /** Over the mixture of the best run at hand; null where that is not known, or the law predicts nothing for it. */
  readonly overBestRun: Gain | null;
  /** Over the reference: the one given, else the mean of the runs. */
  readonly overReference: Gain;
  /** The mixture it has to beat: the reference where one was given, else that of the best run or the mean of the runs, by which the law predicts to be better. */
  readonly alternative: Gain;
  readonly noise: RunNoise | null;
  readonly opinions: readonly Opinion[];
  readonly confidence: Confidence;
  /** The limit that costs most; null where none binds. */
  readonly limit: LimitCost | null;
  /** Null where no domain matters by as much as 0.01 %. */
  readonly keyDomain: KeyDomain | null;
  /** The runs to make next; null where no mixture is left to run. */
  readonly next: NextRuns | null;
  /** Whether those runs are expected to bring more than two seeds of one mixture differ by. */
  readonly nextIsWorthwhile: boolean;
  /** bimix's version. */
  readonly version: string;
}
