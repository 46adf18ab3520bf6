/** Fits a law to every target of a run table. */

import { BimixError } from '../errors/index.ts';
import type { FittedLaw, FittedTarget, Law } from '../laws/index.ts';
import { evaluationTargets, mixtureOfRun, type RunTable, requireOneSize } from '../observations/index.ts';
import { type FitTargetOptions, fitTarget, type TargetFit } from './fit-target.ts';
import { meanRelativeError, rSquared } from './metrics.ts';
import { type Identification, identify } from './standard-errors.ts';
import { missingLosses, type TargetData, targetData } from './target-data.ts';
import { fitWarnings, verdict } from './verdict.ts';
import { endOfWarmUp, type TargetResiduals, volumesToKeep, WARM_UP_RULE } from './warm-up.ts';

export interface FitLawOptions extends FitTargetOptions {
  /** Evaluation domains to fit; defaults to those with a training domain. */
  readonly targets?: readonly string[];
  /** Leave warm-up checkpoints out of the fit by the rule of warm-up.ts; defaults to true. */
  readonly warmUp?: boolean;
  /** How the rows were selected, for the record. */
  readonly where?: string;
  /** Called after each target of each round of fits. */
  readonly onProgress?: (done: number, total: number) => void;
}

interface Fitted {
  readonly described: FittedTarget;
  readonly residuals: TargetResiduals;
}

/**
 * Fits `law` to each target. Deterministic, no randomness.
 *
 * @throws BimixError `ambiguous-size` when the table holds several model sizes, `unknown-domain` for a target that is no evaluation domain, `missing-domain` when the law needs the
 * target's own training domain and there is none, `missing-losses` for a target with no losses
 */
export function fitLaw(table: RunTable, law: Law, options: FitLawOptions = {}): FittedLaw {
  const targets = targetIndices(table, law, options.targets);
  const toKeep = volumesToKeep(table.rowVolume);
  let from = 0;
  let fitted = fitRows(table, law, targets, from, options);
  while (options.warmUp !== false) {
    const next = endOfWarmUp(
      fitted.map(({ residuals }) => residuals),
      toKeep,
    );
    if (next === undefined) break;
    from = next;
    fitted = fitRows(table, law, targets, from, options);
  }
  return describe(table, law, targets, fitted, from, options);
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
  { onProgress, ...options }: FitLawOptions,
): Fitted[] {
  const scale = volumeScale(table);
  const rows = Array.from(table.rowRun, (_, row) => row).filter(row => table.rowVolume[row] >= from);
  return targets.map((target, index) => {
    const data = targetData(table, target, rows, scale);
    if (data.tableRows.length === 0) throw missingLosses(table, target);
    const fit = fitTarget(law, data, options);
    onProgress?.(index + 1, targets.length);
    const volume = Float64Array.from(data.tableRows, row => table.rowVolume[row]);
    return { described: describeTarget(table, target, data, fit), residuals: { volume, residuals: fit.residuals } };
  });
}

/** s_max of the table: what x = 1 stands for. */
function volumeScale(table: RunTable): number {
  return table.rowVolume.reduce((a, b) => Math.max(a, b), 0);
}

function describe(
  table: RunTable,
  law: Law,
  targets: readonly number[],
  fitted: readonly Fitted[],
  from: number,
  options: FitLawOptions,
): FittedLaw {
  const scale = volumeScale(table);
  const described = fitted.map(entry => entry.described);
  const size = requireOneSize(table);
  return {
    kind: 'bimix-law',
    schemaVersion: 1,
    law: law.name,
    trainingDomains: table.trainingDomains,
    units: { share: 'tokens', loss: 'nats per token' },
    volume: {
      unit: table.volumeUnit,
      ...(table.tokensPerStep === undefined ? {} : { tokensPerStep: table.tokensPerStep }),
      scale,
      smallest: table.rowVolume.reduce((a, b) => Math.min(a, b), scale),
      largest: scale,
    },
    ...(size === undefined ? {} : { size }),
    targets: described,
    covered: {
      runs: table.runs.map(run => run.name),
      mixtures: table.runs.map((_, run) => Array.from(mixtureOfRun(table, run))),
      lastLosses: lastLosses(table, targets),
    },
    warmUp: {
      rule: options.warmUp === false ? 'off' : WARM_UP_RULE,
      excluded: [...new Set(table.rowVolume)].filter(volume => volume < from).sort((a, b) => a - b),
    },
    settings: {
      robust: options.robust ?? law.robust,
      ...(options.lambda === undefined ? {} : { lambda: options.lambda }),
      ...(options.where === undefined ? {} : { where: options.where }),
    },
    verdict: verdict(table, law, described),
    warnings: fitWarnings(table, law, described),
    provenance: table.provenance,
  };
}

function describeTarget(table: RunTable, target: number, data: TargetData, fit: TargetFit): FittedTarget {
  const { parameters, theta } = fit;
  const found = identify(fit);
  const value = (q: number): number => (parameters[q].scale === 'log' ? Math.exp(theta[q]) : theta[q]);
  const error = (q: number): number | null => standardErrorOf(found, q, parameters[q].scale === 'log' ? value(q) : 1);
  const own = table.ownDomain[target];
  return {
    target: table.evaluationDomains[target],
    own: own < 0 ? null : table.trainingDomains[own],
    volumeVaries: data.shape.volumeVaries,
    shareVaries: data.shape.shareVaries,
    coefficients: Object.fromEntries(parameters.map(({ name }, q) => [name, value(q)])),
    standardErrors: Object.fromEntries(parameters.map(({ name }, q) => [name, error(q)])),
    atBound: parameters.flatMap(({ name }, q) => (found.atBound[q] ? [name] : [])),
    notIdentified: parameters.flatMap(({ name }, q) => (found.open[q] ? [name] : [])),
    quality: quality(table, data, fit),
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

function standardErrorOf(found: Identification, q: number, factor: number): number | null {
  const error = found.standardErrors[q] * factor;
  return found.atBound[q] || !Number.isFinite(error) ? null : error;
}

function quality(table: RunTable, data: TargetData, fit: TargetFit): FittedTarget['quality'] {
  const observed = data.logLosses.map(Math.exp);
  const predicted = data.logLosses.map((loss, n) => Math.exp(loss + fit.residuals[n]));
  let worst = 0;
  for (let n = 0; n < observed.length; n++) {
    if (Math.abs(fit.residuals[n]) > Math.abs(fit.residuals[worst])) worst = n;
  }
  return {
    rows: observed.length,
    runs: data.tableRuns.length,
    mre: meanRelativeError(observed, predicted),
    rms: Math.sqrt(fit.residuals.reduce((sum, residual) => sum + residual * residual, 0) / observed.length),
    r2: rSquared(observed, predicted),
    worst: {
      run: table.runs[table.rowRun[data.tableRows[worst]]].name,
      relativeError: predicted[worst] / observed[worst] - 1,
    },
  };
}

function lastLosses(table: RunTable, targets: readonly number[]): (number | null)[][] {
  const k = table.evaluationDomains.length;
  const last = new Int32Array(table.runs.length);
  table.rowRun.forEach((run, row) => {
    last[run] = row;
  });
  return table.runs.map((_, run) =>
    targets.map(target => {
      const loss = table.losses[last[run] * k + target];
      return Number.isNaN(loss) ? null : loss;
    }),
  );
}
