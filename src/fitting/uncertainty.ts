/**
 * What a fit leaves open, for intervals of predictions and of the optimum: how uncertain the coefficients are, how runs scatter
 * around the law, and how targets err together.
 *
 * The covariance of the coefficients is lambda^2 x the inverse normal matrix at the fit (Laplace), which costs nothing. With
 * fewer mixtures than four times the coefficients the posterior is far from Gaussian, and the law is refitted to resampled
 * mixtures instead (resampling.ts). Fewer than four mixtures are too few to resample, and a fit with priors from other runs
 * stays with Laplace. The choice of further runs asks for Laplace too: it needs covariances between mixtures without noise.
 */

import { type FittedLaw, predictCheckpoints, type RunScatter, type Uncertainty } from '../laws/index.ts';
import type { RunTable } from '../observations/index.ts';
import { covarianceFactor } from './covariance-factor.ts';
import type { FitOfTarget } from './fit-formula.ts';
import type { TargetFit } from './fit-target.ts';
import { mixtureGroups } from './mixture-groups.ts';
import { KNOWN_RUNS } from './noise.ts';
import { refitToResamplings, resamplings } from './resampling.ts';
import { type ResidualsOfTarget, residualCorrelation } from './residual-correlation.ts';
import { runScatter } from './run-scatter.ts';

const MIXTURES_PER_COEFFICIENT = 4;
const MIN_MIXTURES = 4;
/**
 * Laplace counts a run once, however many checkpoints tell its curve, which under priors from other runs makes intervals too
 * wide: with the whole covariance they cover 94 to 98 % on public pairs of sizes, with half of it 89 to 95 % (docs/scale.md).
 */
const UNDER_PRIORS = 0.5;
/** Digits kept in the law file. */
const DIGITS = 9;

/**
 * The law with the uncertainty of each target.
 *
 * @param fits in the order of the law's targets
 * @param resample whether the law is refitted to resampled mixtures where they are few
 */
export function addUncertainty(
  table: RunTable,
  fitted: FittedLaw,
  fits: readonly FitOfTarget[],
  resample: boolean,
): FittedLaw {
  const groups = mixtureGroups(table);
  const draws = resamplings(new Set(groups).size);
  const residuals = fits.map(({ data }, i): ResidualsOfTarget => {
    const logLosses = predictCheckpoints(fitted, fitted.targets[i], data.design);
    return { tableRows: data.tableRows, residuals: data.logLosses.map((loss, n) => loss - logLosses[n]) };
  });
  const targets = fitted.targets.map((target, i) => ({
    ...target,
    uncertainty: uncertaintyOf(fits[i], i, residuals[i].residuals, groups, draws, resample),
  }));
  return { ...fitted, targets, residualCorrelation: residualCorrelation(residuals) };
}

function uncertaintyOf(
  { data, fit }: FitOfTarget,
  index: number,
  residuals: Float64Array,
  groups: Int32Array,
  draws: readonly Int32Array[],
  resample: boolean,
): Uncertainty {
  const { rowRun } = data.design;
  const runMixture = Int32Array.from(data.tableRuns, run => groups[run]);
  const mixtures = new Set(runMixture).size;
  const found = runScatter({
    residuals,
    weights: fit.problem.weights,
    rowRun,
    runMixture,
    runParameters: fit.noise.runParameters,
  });
  const scatter = fit.known === undefined ? found : withKnownNoise(found, fit, rowRun.length / data.tableRuns.length);
  const { parameters, theta, at } = fit;
  const few = mixtures >= MIN_MIXTURES && mixtures < MIXTURES_PER_COEFFICIENT * theta.length;
  if (resample && few && fit.known === undefined) {
    const thetas = refitToResamplings(fit, rowRun, runMixture, draws, index);
    return {
      method: 'bootstrap',
      parameters: parameters.map(({ name }) => name),
      replicates: thetas.map(values => Array.from(values, rounded)),
      ...scatter,
    };
  }
  const free = parameters.flatMap(({ lower, upper }, q) =>
    theta[q] > lower && theta[q] < upper && at.normal[q * theta.length + q] > 0 ? [q] : [],
  );
  // Runs of one mixture share its misfit, and count for less than as many mixtures (Kish's design effect).
  const { runSd, seed } = scatter;
  const shared = seed === undefined || runSd === 0 ? 0 : Math.max(0, 1 - (seed.sd / runSd) ** 2);
  const designEffect = 1 + (meanSize(runMixture) - 1) * shared;
  const factor = covarianceFactor(
    at.normal,
    free,
    fit.noise.lambdaSquared * designEffect * (fit.known === undefined ? 1 : UNDER_PRIORS),
  );
  return {
    method: 'laplace',
    parameters: free.map(q => parameters[q].name),
    factor: factor.map(rounded),
    ...scatter,
  };
}

/** The scatter that the fit's noise stands for, which knew some before. */
function withKnownNoise(found: RunScatter, { noise }: TargetFit, rowsOfRun: number): RunScatter {
  const variance = (noise.lambdaSquared - found.withinSd ** 2) / rowsOfRun;
  return {
    ...found,
    runSd: Math.max(found.runSd, Math.sqrt(Math.max(0, variance))),
    degrees: found.degrees + KNOWN_RUNS,
  };
}

/** Runs of the mixture that a run has, mean over runs. */
function meanSize(runMixture: Int32Array): number {
  const sizes = new Map<number, number>();
  for (const mixture of runMixture) sizes.set(mixture, (sizes.get(mixture) ?? 0) + 1);
  return [...sizes.values()].reduce((sum, size) => sum + size * size, 0) / runMixture.length;
}

function rounded(value: number): number {
  return Number(value.toPrecision(DIGITS));
}
