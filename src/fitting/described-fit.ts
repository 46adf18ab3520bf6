/** From fits of targets to the law file: coefficients with their errors, quality, what was covered, warnings. */

import { type FittedLaw, type FittedTarget, type Law, predictCheckpoints } from '../laws/index.ts';
import { lossAt, mixtureOfRun, modelSizes, type RunTable } from '../observations/index.ts';
import { checkpointEffects } from './checkpoint-effects.ts';
import { trainCorrection } from './correction.ts';
import type { FitLawOptions, FitOfTarget } from './fit-formula.ts';
import { meanRelativeError, rSquared } from './metrics.ts';
import { type Identification, identify } from './standard-errors.ts';
import type { TargetData } from './target-data.ts';
import { addUncertainty } from './uncertainty.ts';
import { fitWarnings, verdict } from './verdict.ts';
import { WARM_UP_RULE } from './warm-up.ts';

/** @param from the smallest volume that took part */
export function describeFits(
  table: RunTable,
  law: Law,
  fits: readonly FitOfTarget[],
  from: number,
  options: FitLawOptions,
): FittedLaw {
  const described = fits.map(fit => describeTarget(table, law, fit));
  // Where all runs have one share, a prior determines what they leave open.
  const determined = described.map((target, i) =>
    fits[i].fit.known === undefined ? target : { ...target, shareVaries: true },
  );
  const fitted: FittedLaw = {
    kind: 'bimix-law',
    schemaVersion: 2,
    law: law.name,
    ...coverage(
      table,
      fits.map(({ target }) => target),
    ),
    targets: described,
    warmUp: {
      rule: options.warmUp === false ? 'off' : WARM_UP_RULE,
      excluded: [...new Set(table.rowVolume)].filter(volume => volume < from).sort((a, b) => a - b),
    },
    settings: {
      robust: options.robust ?? law.robust,
      ...(options.lambda === undefined ? {} : { lambda: options.lambda }),
      ...(options.where === undefined ? {} : { where: options.where }),
      ...(options.pool === true ? { pooled: true } : {}),
    },
    verdict: verdict(table, law, determined),
    warnings: fitWarnings(table, law, determined),
  };
  const complete = {
    ...fitted,
    targets: described.map((target, i) => {
      const { data } = fits[i];
      const corrected = withCorrection(law, fitted, target, data);
      return { ...corrected, quality: quality(table, fitted, corrected, data) };
    }),
  };
  const { uncertainty = false } = options;
  if (uncertainty === false || uncertainty === 'held-out') return complete;
  return addUncertainty(table, complete, fits, uncertainty !== 'laplace');
}

/** What a law file says of the runs, whatever the law. */
export function coverage(
  table: RunTable,
  targets: readonly number[],
): Pick<FittedLaw, 'trainingDomains' | 'units' | 'volume' | 'size' | 'sizes' | 'covered' | 'provenance'> {
  const scale = table.rowVolume.reduce((a, b) => Math.max(a, b), 0);
  const sizes = modelSizes(table);
  return {
    trainingDomains: table.trainingDomains,
    units: { share: 'tokens', loss: 'nats per token' },
    volume: {
      unit: table.volumeUnit,
      ...(table.tokensPerStep === undefined ? {} : { tokensPerStep: table.tokensPerStep }),
      scale,
      smallest: table.rowVolume.reduce((a, b) => Math.min(a, b), scale),
      largest: scale,
      ...(table.schedule === undefined ? {} : { schedule: table.schedule }),
      ...(table.rowRun.length > table.runs.length ? { insideRuns: true } : {}),
    },
    ...(sizes.length === 1 ? { size: sizes[0] } : {}),
    ...(sizes.length > 1 ? { sizes } : {}),
    covered: {
      runs: table.runs.map(run => run.name),
      mixtures: table.runs.map((_, run) => Array.from(mixtureOfRun(table, run))),
      ...lastCheckpoints(table, targets),
      ...(sizes.length > 1 ? { sizes: table.runs.map(({ size }) => size ?? null) } : {}),
    },
    provenance: table.provenance,
  };
}

function describeTarget(table: RunTable, law: Law, { target, data, fit }: FitOfTarget): FittedTarget {
  const { parameters, theta } = fit;
  const found = identify(fit);
  const value = (q: number): number => (parameters[q].scale === 'log' ? Math.exp(theta[q]) : theta[q]);
  const error = (q: number): number | null => standardErrorOf(found, q, parameters[q].scale === 'log' ? value(q) : 1);
  const own = table.ownDomain[target];
  const metric = table.metrics?.[table.evaluationDomains[target]];
  const volumeScale = table.rowVolume.reduce((a, b) => Math.max(a, b), 0);
  const effects = checkpointEffects(law, data, fit, volumeScale);
  return {
    target: table.evaluationDomains[target],
    own: own < 0 ? null : table.trainingDomains[own],
    ...(metric === undefined ? {} : { metric }),
    volumeVaries: data.shape.volumeVaries,
    shareVaries: data.shape.shareVaries,
    coefficients: Object.fromEntries(parameters.map(({ name }, q) => [name, value(q)])),
    standardErrors: Object.fromEntries(parameters.map(({ name }, q) => [name, error(q)])),
    atBound: parameters.flatMap(({ name }, q) => (found.atBound[q] ? [name] : [])),
    notIdentified: parameters.flatMap(({ name }, q) => (found.open[q] ? [name] : [])),
    ...(effects.length === 0 ? {} : { checkpointEffects: effects }),
    quality: { rows: 0, runs: 0, mre: 0, rms: 0, r2: null, worst: { run: '', relativeError: 0 } },
    convergence: {
      converged: fit.converged,
      iterations: fit.iterations,
      objective: fit.objective,
      starts: fit.starts,
      startsFollowed: fit.startsFollowed,
      startsAtBest: fit.startsAtBest,
      conditionNumber: found.conditionNumber,
    },
  };
}

/** The target with what a regression learns of its residuals, where the law asks for one and it helps. */
function withCorrection(law: Law, fitted: FittedLaw, target: FittedTarget, data: TargetData): FittedTarget {
  if (law.correction === undefined) return target;
  const predicted = predictCheckpoints(fitted, target, data.design);
  const residuals = data.logLosses.map((logLoss, n) => logLoss - predicted[n]);
  return { ...target, correction: trainCorrection(law.correction, data, residuals) };
}

function standardErrorOf(found: Identification, q: number, factor: number): number | null {
  const error = found.standardErrors[q] * factor;
  return found.atBound[q] || !Number.isFinite(error) ? null : error;
}

/** In sample, of the law with all it has learned. */
export function quality(
  table: RunTable,
  fitted: FittedLaw,
  target: FittedTarget,
  data: TargetData,
): FittedTarget['quality'] {
  const logPredicted = predictCheckpoints(fitted, target, data.design);
  const residuals = logPredicted.map((logLoss, n) => logLoss - data.logLosses[n]);
  const observed = data.logLosses.map(Math.exp);
  const predicted = logPredicted.map(Math.exp);
  let worst = 0;
  for (let n = 0; n < observed.length; n++) {
    if (Math.abs(residuals[n]) > Math.abs(residuals[worst])) worst = n;
  }
  return {
    rows: observed.length,
    runs: data.tableRuns.length,
    mre: meanRelativeError(observed, predicted),
    rms: Math.sqrt(residuals.reduce((sum, residual) => sum + residual * residual, 0) / observed.length),
    r2: rSquared(observed, predicted),
    worst: {
      run: table.runs[table.rowRun[data.tableRows[worst]]].name,
      relativeError: predicted[worst] / observed[worst] - 1,
    },
  };
}

/** Of each run, the last checkpoint that measured every target, or else its last. */
function lastCheckpoints(
  table: RunTable,
  targets: readonly number[],
): Pick<FittedLaw['covered'], 'lastLosses' | 'lastVolumes'> {
  const last = new Int32Array(table.runs.length).fill(-1);
  const lastComplete = new Int32Array(table.runs.length).fill(-1);
  table.rowRun.forEach((run, row) => {
    last[run] = row;
    if (targets.every(target => !Number.isNaN(lossAt(table, row, target)))) lastComplete[run] = row;
  });
  const rows = Array.from(last, (row, run) => (lastComplete[run] < 0 ? row : lastComplete[run]));
  return {
    lastLosses: rows.map(row =>
      targets.map(target => {
        const loss = lossAt(table, row, target);
        return Number.isNaN(loss) ? null : loss;
      }),
    ),
    lastVolumes: rows.map(row => table.rowVolume[row]),
  };
}
