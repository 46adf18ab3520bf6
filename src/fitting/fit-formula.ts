/** Fits a law with coefficients of its own to every target of a run table. */

import { BimixError } from '../errors/index.ts';
import { type FittedLaw, type FittedTarget, type Law, shapeOfTarget, thetaOfTarget } from '../laws/index.ts';
import {
  evaluationTargets,
  lossAt,
  modelSizes,
  type RunTable,
  requireKnownSizes,
  requireOneSize,
  sameSize,
  selectRuns,
} from '../observations/index.ts';
import { beyondErrors } from './beyond-errors.ts';
import { describeFits } from './described-fit.ts';
import { type FitTargetOptions, fitTarget, type TargetFit } from './fit-target.ts';
import { fitLevelled } from './level-runs.ts';
import { takeFrom, warmUpOfPrior } from './prior.ts';
import { missingLosses, type TargetData, targetData } from './target-data.ts';
import { endOfWarmUp, volumesToKeep } from './warm-up.ts';

export interface FitLawOptions {
  /** Huber's weights for large residuals; defaults to what the law asks for. */
  readonly robust?: boolean;
  /**
   * Noise that the law's ridge is weighed against: standard deviation of a log loss, in units that count a run once.
   * Estimated from the runs by default.
   */
  readonly lambda?: number;
  /** Evaluation domains to fit; defaults to those with a training domain. */
  readonly targets?: readonly string[];
  /** Leave warm-up checkpoints out of the fit by the rule of warm-up.ts; defaults to true. */
  readonly warmUp?: boolean;
  /** Fit targets again with priors from each other, where the law knows how; defaults to true. */
  readonly pool?: boolean;
  /** A fit of the same law to many of the same runs: its coefficients are the only start, instead of a search. */
  readonly near?: FittedLaw;
  /**
   * Estimate how uncertain the fit is, as intervals need; defaults to false. `laplace` takes what priors leave open into
   * account where runs are few, `held-out` errors on runs held out, which is also done where a regression corrects the law.
   */
  readonly uncertainty?: boolean | 'laplace' | 'held-out';
  /**
   * A fit of the same law to many runs of a smaller model: its coefficients become priors, see `fit-with-prior.ts`. The same
   * training domains, in any order.
   */
  readonly prior?: FittedLaw;
  /** What the standard deviations of those priors are multiplied by; defaults to 1. */
  readonly priorWidth?: number;
  /** Hold mixtures out and compare with naive baselines, for the verdict; defaults to true. */
  readonly check?: boolean;
  /** How the rows were selected, for the record. */
  readonly where?: string;
  /** Called after each target of each round of fits. */
  readonly onProgress?: (done: number, total: number) => void;
}

/** One target's data and fit. */
export interface FitOfTarget {
  /** Index of the evaluation domain. */
  readonly target: number;
  readonly data: TargetData;
  readonly fit: TargetFit;
}

/**
 * Fits `law` to each target. Deterministic, no randomness.
 *
 * @throws BimixError `ambiguous-size` when the table holds several model sizes and the law does not know them, `missing-size`
 * when it does and some runs have none,
 * `unknown-domain` for a target that is no evaluation domain, `missing-domain` when the law needs the target's own training
 * domain and there is none, `missing-losses` for a target with no losses
 */
export function fitFormula(table: RunTable, law: Law, options: FitLawOptions = {}): FittedLaw {
  const targets = targetIndices(table, law, options.targets);
  if (law.knowsSize) requireKnownSizes(table);
  else requireOneSize(table);
  const { from, fits } = fitBeyondWarmUp(table, law, targets, options);
  const pooled = options.pool === false || options.prior !== undefined ? undefined : poolTargets(law, fits, options);
  const fitted = describeFits(table, law, pooled ?? fits, from, { ...options, pool: pooled !== undefined });
  if (options.uncertainty !== true) return fitted;
  const { onProgress: _, ...quiet } = options;
  const again = { ...quiet, uncertainty: false, warmUp: false, near: fitted };
  return { ...fitted, extrapolation: beyondErrors(table, fitted, part => fitFormula(part, law, again)) };
}

/** The fits, and the smallest volume that took part in them. */
function fitBeyondWarmUp(
  table: RunTable,
  law: Law,
  targets: readonly number[],
  options: FitLawOptions,
): { readonly from: number; readonly fits: FitOfTarget[] } {
  const sizes = modelSizes(table);
  if (sizes.length > 1) {
    const from =
      options.warmUp === false ? 0 : Math.max(...sizes.map(size => warmUpOfSize(table, size, law, targets, options)));
    return { from, fits: fitRows(table, law, targets, from, options) };
  }
  const toKeep = volumesToKeep(table.rowVolume);
  let from = options.prior === undefined || options.warmUp === false ? 0 : warmUpOfPrior(table, options.prior);
  let fits = fitRows(table, law, targets, from, options);
  while (options.warmUp !== false) {
    const next = endOfWarmUp(
      fits.map(({ data, fit }) => ({
        volume: Float64Array.from(data.tableRows, row => table.rowVolume[row]),
        residuals: fit.residuals,
      })),
      toKeep,
    );
    if (next === undefined) break;
    from = next;
    fits = fitRows(table, law, targets, from, options);
  }
  return { from, fits };
}

/** Warm-up is found for each size alone: fitted together, sizes leave misfits at their first volumes that look like warm-up. */
function warmUpOfSize(
  table: RunTable,
  size: number,
  law: Law,
  targets: readonly number[],
  { onProgress: _, ...options }: FitLawOptions,
): number {
  const part = selectRuns(table, run => sameSize(table.runs[run].size ?? 0, size));
  const measured = targets.filter(target => part.rowRun.some((_run, row) => !Number.isNaN(lossAt(part, row, target))));
  return measured.length === 0 ? 0 : fitBeyondWarmUp(part, law, measured, options).from;
}

function targetIndices(table: RunTable, law: Law, names: readonly string[] | undefined): number[] {
  const chosen = evaluationTargets(table, names);
  const orphan = chosen.find(target => law.needsOwnDomain && table.ownDomain[target] < 0);
  if (orphan !== undefined) {
    const domain = table.evaluationDomains[orphan];
    const message = `missing training domain of "${domain}": ${law.name} predicts a domain from its own share`;
    throw new BimixError('missing-domain', message, {
      hint: 'Map it with --map EVAL=TRAIN at import, or fit --law bimix-transfer, which needs no own domain.',
    });
  }
  return chosen;
}

/** @param from the smallest volume that takes part */
function fitRows(
  table: RunTable,
  law: Law,
  targets: readonly number[],
  from: number,
  options: FitLawOptions,
): FitOfTarget[] {
  const volumeScale = table.rowVolume.reduce((a, b) => Math.max(a, b), 0);
  const sizeScale = modelSizes(table).at(-1);
  const rows = Array.from(table.rowRun, (_, row) => row).filter(row => table.rowVolume[row] >= from);
  return targets.map((target, index) => {
    const data = targetData(table, target, rows, volumeScale, sizeScale);
    if (data.tableRows.length === 0) throw missingLosses(table, target);
    const near = options.near?.targets.find(candidate => candidate.target === table.evaluationDomains[target]);
    const start =
      options.near === undefined || near === undefined ? undefined : startNear(law, data, options.near, near);
    const fitOne = law.blind === true ? fitLevelled : fitTarget;
    const fit = fitOne(law, data, {
      ...targetOptions(options),
      ...(start === undefined ? {} : { start }),
      ...(options.prior === undefined ? {} : takeFrom(options.prior, law, table, target, data, options.priorWidth)),
    });
    options.onProgress?.(index + 1, targets.length);
    return { target, data, fit };
  });
}

/** Theta of a fit of the same shape; undefined where these rows leave out or add a coefficient. */
function startNear(law: Law, { shape }: TargetData, near: FittedLaw, target: FittedTarget): Float64Array | undefined {
  const there = shapeOfTarget(near, target);
  const same = there.volumeVaries === shape.volumeVaries && there.shareVaries === shape.shareVaries;
  return same && there.sizeVaries === shape.sizeVaries ? thetaOfTarget(law, shape, target) : undefined;
}

/** The second round of fits, with priors that the targets give each other; undefined where the law has none to give. */
function poolTargets(law: Law, fits: readonly FitOfTarget[], options: FitLawOptions): FitOfTarget[] | undefined {
  const priors = law.pool?.(fits.map(({ data, fit }) => ({ shape: data.shape, theta: fit.theta })));
  return priors?.map((terms, i) => {
    const { target, data, fit } = fits[i];
    const again = fitTarget(law, data, { ...targetOptions(options), priors: terms, start: fit.theta });
    const { starts, startsFollowed, startsAtBest } = fit;
    return { target, data, fit: { ...again, starts, startsFollowed, startsAtBest } };
  });
}

function targetOptions({ robust, lambda }: FitLawOptions): FitTargetOptions {
  return { ...(robust === undefined ? {} : { robust }), ...(lambda === undefined ? {} : { lambda }) };
}
