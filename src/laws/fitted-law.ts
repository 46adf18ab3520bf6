/**
 * A law with its coefficients for every target: what `bimix fit` writes to `law.json`, and all that prediction,
 * optimization and the report need to know of the runs it was fitted on.
 */

import type { Metric, Provenance, Schedule, VolumeUnit } from '../observations/index.ts';
import type { Correction } from './correction.ts';

/** A sentence the user should read before trusting a number. */
export interface Warning {
  /** Stable, for example `at-bound`, `not-identified`, `outside-runs`. */
  readonly code: string;
  readonly message: string;
  /** The domain it is about, if one. */
  readonly domain?: string;
}

/** How the fit of one target went. */
export interface FitQuality {
  readonly rows: number;
  readonly runs: number;
  /** Mean of |predicted - observed| / observed over the rows of the fit: an in-sample figure. */
  readonly mre: number;
  /** Root mean square of the log residuals. */
  readonly rms: number;
  /** On losses, in sample; null when all losses are equal. */
  readonly r2: number | null;
  /** Largest relative error of a row, in sample, and its run. */
  readonly worst: { readonly run: string; readonly relativeError: number };
}

export interface FitConvergence {
  readonly converged: boolean;
  readonly iterations: number;
  /** Final objective: sum of weighted squared log residuals, plus the prior's part. */
  readonly objective: number;
  /** Starting points tried. */
  readonly starts: number;
  /** How many of them were followed to the end: the best after a few iterations. */
  readonly startsFollowed: number;
  /** How many of those ended within 0.1 % of the best objective. */
  readonly startsAtBest: number;
  /** Largest over smallest singular value of the column-scaled Jacobian of the coefficients off their bounds, ridge included. */
  readonly conditionNumber: number;
}

/** What all runs share at one checkpoint: coefficients that differ from the fit there. */
export interface CheckpointEffect {
  /** In the fit's unit. */
  readonly volume: number;
  /** By parameter name: what is added to theta, that is to the logarithm of a coefficient on a log scale. */
  readonly shifts: Readonly<Record<string, number>>;
}

/** How far losses of runs scatter around a law, beyond its coefficients. Standard deviations of log losses. */
export interface RunScatter {
  /** What a run as a whole is off by: its seed, and the law's own misfit at its mixture. */
  readonly runSd: number;
  /** A checkpoint within its run. */
  readonly withinSd: number;
  /** Of Student's t for intervals; a whole number. */
  readonly degrees: number;
  /** Where mixtures were run more than once: the part of `runSd` that runs of one mixture differ by. */
  readonly seed?: SeedNoise;
}

export interface SeedNoise {
  readonly sd: number;
  /** Runs beyond the first of each mixture. */
  readonly degrees: number;
}

/**
 * What predictions of a target can be off by: how uncertain its coefficients are, and how runs scatter around the law.
 *
 * - `bootstrap`: thetas refitted to resampled mixtures, one row each; the n-th of all targets are of one resampling.
 * - `laplace`: `factor` is the lower triangle, row by row, of the Cholesky factor of the covariance of theta; `parameters`
 *   names its rows. Parameters at a bound are left out.
 * - `members`: a stack; its members say how uncertain the coefficients are.
 * - `held-out`: `quantiles` are those of the absolute log residuals of runs held out, at 0 %, 1 %, ... 100 % of rows; they
 *   are all there is.
 */
export type Uncertainty = RunScatter &
  (
    | { readonly method: 'laplace'; readonly parameters: readonly string[]; readonly factor: readonly number[] }
    | {
        readonly method: 'bootstrap';
        readonly parameters: readonly string[];
        readonly replicates: readonly (readonly number[])[];
      }
    | { readonly method: 'members' }
    | { readonly method: 'held-out'; readonly quantiles: readonly number[] }
  );

export interface FittedTarget {
  /** Evaluation domain. */
  readonly target: string;
  /** Its training domain, or null. */
  readonly own: string | null;
  /** What its numbers are, where they are no losses in nats per token. */
  readonly metric?: Metric;
  /** Whether the volume term was fitted. */
  readonly volumeVaries: boolean;
  /** Whether the own share differed between the runs. */
  readonly shareVaries: boolean;
  /** By parameter name. */
  readonly coefficients: Readonly<Record<string, number>>;
  /** By parameter name; null where a coefficient is at a bound or not identified. Rows of one run count as one unit. */
  readonly standardErrors: Readonly<Record<string, number | null>>;
  /** Names of coefficients that ended on a bound. */
  readonly atBound: readonly string[];
  /** Names of coefficients the runs do not determine. */
  readonly notIdentified: readonly string[];
  /** Ascending in volume; left out where the law has none. */
  readonly checkpointEffects?: readonly CheckpointEffect[];
  /**
   * Added to the law's log losses. Null where the law has corrections and the runs gave none; left out where the law has none.
   */
  readonly correction?: Correction | null;
  readonly uncertainty?: Uncertainty;
  readonly quality: FitQuality;
  readonly convergence: FitConvergence;
}

/** Which fit priors were taken from, and what they were worth. */
export interface PriorRecord {
  readonly law: string;
  readonly size?: number;
  readonly runs: number;
  /** Lowest and highest share of each training domain of the law in its runs; left out where the priors were. */
  readonly covered?: { readonly lowest: readonly number[]; readonly highest: readonly number[] };
  /** Mean relative errors on whole runs held out, mean over targets, with and without the priors; from three runs on. */
  readonly heldOut?: { readonly folds: number; readonly mre: number; readonly mreWithout: number };
  /** True where the priors predicted worse and were left out. */
  readonly dropped?: boolean;
}

/** How a law and naive baselines predict whole mixtures held out: mean relative errors, mean over targets. */
export interface HeldOutCheck {
  readonly folds: number;
  readonly mre: number;
  /** By name: `mean`, of the other runs; `nearest`, the run with the nearest mixture. */
  readonly baselines: Readonly<Record<string, number>>;
}

export interface FittedLaw {
  readonly kind: 'bimix-law';
  readonly schemaVersion: 2;
  /** Name of the law, for example `bimix-transfer`. */
  readonly law: string;
  readonly trainingDomains: readonly string[];
  /** Share weights are of tokens; losses are nats per token. */
  readonly units: { readonly share: 'tokens'; readonly loss: 'nats per token' };
  readonly volume: {
    readonly unit: VolumeUnit;
    readonly tokensPerStep?: number;
    /** s_max: the volume that x = 1 stands for. */
    readonly scale: number;
    readonly smallest: number;
    readonly largest: number;
    /** Learning-rate schedule of the runs, where it is known. */
    readonly schedule?: Schedule;
    /** True where runs had checkpoints before their last. */
    readonly insideRuns?: boolean;
  };
  /**
   * Model size in parameters of the runs, where known and one. Never in the file of a law that knows several: there, the size
   * that the law is asked about.
   */
  readonly size?: number;
  /** Model sizes of the runs, ascending, where a law that knows the size was fitted to several; the last is N_max. */
  readonly sizes?: readonly number[];
  /** Of a stack: its members, fitted to the same runs; the weight of member M in a target is its coefficient `weight.M`. */
  readonly members?: readonly FittedLaw[];
  readonly targets: readonly FittedTarget[];
  /**
   * Correlation of what the targets are off by at one checkpoint of one run: the rows of the lower triangle without its
   * diagonal, in the order of `targets`. With uncertainties only.
   */
  readonly residualCorrelation?: readonly number[];
  /**
   * By what part the continuation of loss curves beyond the largest volume and the largest size is off, as a standard
   * deviation: measured by leaving those out of the fit, see `beyond-runs.ts`. With uncertainties, and where runs are enough.
   */
  readonly extrapolation?: { readonly volume?: number; readonly size?: number };
  /** The mixtures the law has seen. */
  readonly covered: {
    readonly runs: readonly string[];
    /** One row a run: shares of tokens in the order of `trainingDomains`. */
    readonly mixtures: readonly (readonly number[])[];
    /** One row a run: loss of each target at the run's last checkpoint that has all, or else its last; null where it was not measured. */
    readonly lastLosses: readonly (readonly (number | null)[])[];
    /** One a run: the volume of that checkpoint, in the fit's unit; 1 where there is none. */
    readonly lastVolumes: readonly number[];
    /** One a run: its model size in parameters, null where not known; left out where all runs have one size. */
    readonly sizes?: readonly (number | null)[];
  };
  /** Checkpoints left out of the fit as warm-up. */
  readonly warmUp: { readonly rule: string; readonly excluded: readonly number[] };
  readonly settings: {
    /** Huber's weights for large residuals, or plain squares. */
    readonly robust: boolean;
    /** Noise the ridge was weighed against, where it was given instead of estimated. */
    readonly lambda?: number;
    /** Selection of rows, as given to `--where`. */
    readonly where?: string;
    /** Whether targets were fitted again with priors from each other. */
    readonly pooled?: boolean;
    /** The fit that priors were taken from. */
    readonly prior?: PriorRecord;
  };
  /** What the verdict rests on; left out with fewer than three mixtures. */
  readonly heldOut?: HeldOutCheck;
  /** Plain sentences: are there enough runs for this law? */
  readonly verdict: string;
  readonly warnings: readonly Warning[];
  readonly provenance: Provenance;
}
