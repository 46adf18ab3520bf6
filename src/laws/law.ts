/**
 * What a mixing law is: the loss of one evaluation domain (the *target*) as a function of the mixture and the data
 * volume, with gradients. A law is one file that exports one `Law`; fitting and optimization know nothing else of it.
 *
 * Symbols: m training domains, n rows, R runs, p parameters; r is the mixture (shares of tokens), x = s / s_max the data
 * volume in units of the largest volume in the fit, L the loss in nats per token.
 */

/** One target as a law sees it. */
export interface TargetShape {
  /** m training domains, by name. */
  readonly domains: readonly string[];
  /** Index of the training domain that the target measures, or -1 when it has none. */
  readonly own: number;
  /** False when all rows have one volume: the volume term is then not identified and left out. */
  readonly volumeVaries: boolean;
  /** False when all runs give the target's own domain one share: a law that knows no other then leaves its exponent out. */
  readonly shareVaries: boolean;
  /** True when runs of several model sizes are fitted together; only laws that know the size are given such runs. */
  readonly sizeVaries: boolean;
}

/** One coefficient. The fit moves theta between `lower` and `upper`; the coefficient is theta or, on a log scale, exp(theta). */
export interface Parameter {
  /** Key in `law.json`, for example `alpha` or `t.code`. */
  readonly name: string;
  /** As written in the formula. */
  readonly symbol: string;
  readonly scale: 'linear' | 'log';
  /** Bounds of theta: of the logarithm on a log scale. */
  readonly lower: number;
  readonly upper: number;
  /** What it says, for humans, with its unit. */
  readonly meaning: string;
}

/** The data of one target's fit. Rows of one run share its mixture. */
export interface Design {
  /** R x m, row-major. */
  readonly shares: Float64Array;
  /** n: index of the run of each row, ascending. */
  readonly rowRun: Int32Array;
  /** n: x = s / s_max. */
  readonly volume: Float64Array;
  /** R: model size N / N_max; 1 throughout where the runs have one size or none known. */
  readonly size: Float64Array;
}

/**
 * Log losses and their derivatives in the parameters. The first h parameters have a column each; the others act through the
 * mixture alone, so that rows of one run differ in them by a factor only: d log L_n / d theta_q = factor_n x perRun[run of n, q].
 */
export interface Slopes {
  /** n. */
  readonly logLosses: Float64Array;
  /** n x h, row-major. */
  readonly perRow: Float64Array;
  /** n. */
  readonly factor: Float64Array;
  /** R x (p - h), row-major. */
  readonly perRun: Float64Array;
}

/** A law bound to one design. */
export interface Model {
  /** h: how many leading parameters have a derivative of their own in every row; p where a law has no others. */
  readonly rowParameters: number;
  /** Writes n log losses at `theta` (p). */
  predict(theta: Float64Array, logLosses: Float64Array): void;
  /** Fills `slopes` at `theta`; cheapest right after `predict` at the same point. */
  linearize(theta: Float64Array, slopes: Slopes): void;
}

/**
 * One Gaussian prior residual, linear in the parameters: (sum of coefficient x theta - mean) / sd. The fit adds its
 * square times lambda^2, so a law's priors fade as the noise they are weighed against shrinks.
 */
export interface PriorTerm {
  readonly terms: readonly (readonly [parameter: number, coefficient: number])[];
  readonly mean: number;
  readonly sd: number;
}

/** The loss of one target as a function of the mixture alone, at a fixed volume. */
export interface LossOfShares {
  /** Loss in nats per token at the mixture r (m). */
  value(r: Float64Array): number;
  /** Adds weight x gradient to `gradient` (m) and returns the loss. Slopes at r_j = 0 may be -Infinity. */
  addGradient(r: Float64Array, weight: number, gradient: Float64Array): number;
  /** Adds weight x Hessian to `hessian` (m x m, row-major). */
  addHessian(r: Float64Array, weight: number, hessian: Float64Array): void;
  /**
   * True when the loss falls or stays as any one share grows and the others stay, also where shares sum to less than 1:
   * only then can repeated tokens count for less. Left out: not known.
   */
  readonly falling?: boolean;
  /** Present when the loss depends on one share only: constant + scale x max(r_domain, floor)^-exponent. */
  readonly power?: {
    readonly domain: number;
    readonly constant: number;
    readonly scale: number;
    readonly exponent: number;
  };
}

/** What users read about a law, and what the optimizer must know. */
export interface LawDescription {
  /** As on the command line. */
  readonly name: string;
  readonly title: string;
  /** In symbols. */
  readonly formula: string;
  /** Paper and equation. */
  readonly source: string;
  /** What the law does with a proportion of zero. */
  readonly zeroShares: string;
  /** Why its optimum is global, or why it is not. */
  readonly convexity: string;
  /** Whether each loss is convex in the mixture: only then is the law optimized. */
  readonly convex: boolean;
  /** Whether a target without a training domain of its own can be fitted. */
  readonly needsOwnDomain: boolean;
  /** Whether runs of several model sizes are fitted together. */
  readonly knowsSize: boolean;
  /** The smallest share the optimizer may give a domain under this law. */
  readonly smallestShare: number;
  /** How many runs, of different mixtures of m domains, the law wants before its predictions can be relied on. */
  runsWanted(domains: number): number;
}

/** A target's fit as pooling sees it. */
export interface TargetEstimate {
  readonly shape: TargetShape;
  readonly theta: Float64Array;
}

/** What a fit takes from a fit to other runs. */
export interface Transfer {
  /** Theta before any of the new runs is known. */
  readonly start: Float64Array;
  readonly priors: readonly PriorTerm[];
}

/** A law with coefficients for each target. */
export interface Law extends LawDescription {
  /** Whether fits weigh large residuals down (Huber) by default; false where the source fits plain squares. */
  readonly robust: boolean;
  parameters(shape: TargetShape): readonly Parameter[];
  priors(shape: TargetShape): readonly PriorTerm[];
  bind(shape: TargetShape, design: Design): Model;
  /** Starting points of the multistart, best guess first; the fit clips them to the bounds. `logLosses` are the n observed ones. */
  starts(shape: TargetShape, design: Design, logLosses: Float64Array): readonly Float64Array[];
  /** The loss as a function of the mixture at volume x = s / s_max and model size N / N_max. */
  atVolume(shape: TargetShape, theta: Float64Array, volume: number, size: number): LossOfShares;
  /**
   * Priors for a second fit of each target, from the first fits of all: what targets have in common. In the order of
   * `estimates`; undefined where there are too few.
   */
  pool?(estimates: readonly TargetEstimate[]): readonly (readonly PriorTerm[])[] | undefined;
  /**
   * What a fit to few runs, as of a larger model, takes from a fit to many. Left out: nothing.
   *
   * @param shape of the new fit
   * @param from the fit to many runs; its domains are those of `shape`, in the same order
   * @param volumeRatio s_max of the new fit over that of the other
   */
  transfer?(shape: TargetShape, from: TargetEstimate, volumeRatio: number): Transfer;
  /**
   * Directions in theta, each a list of parameters that move by one amount, in which a checkpoint may differ from the law
   * in all runs alike, as where each checkpoint is evaluated on documents of its own. Left out: no checkpoint effects.
   */
  checkpointEffects?(shape: TargetShape): readonly (readonly number[])[];
  /** True where the formula says nothing of the mixture, which is left to the correction: fits give each run its own level. */
  readonly blind?: boolean;
  /** A regression of what the law leaves unexplained, added to its log losses. */
  readonly correction?: 'gaussian-process' | 'boosted-trees';
}

/** Laws that predict together: the weighted geometric mean of their losses, with weights of their own for each target. */
export interface Stack extends LawDescription {
  readonly members: readonly Law[];
}

export function isStack(law: Law | Stack): law is Stack {
  return 'members' in law;
}
