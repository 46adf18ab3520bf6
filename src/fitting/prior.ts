/** What a fit takes from a fit of the same law to other runs: starting points, priors and noise, target by target. */

import { BimixError } from '../errors/index.ts';
import {
  type FittedLaw,
  type FittedTarget,
  isStack,
  type Law,
  type Stack,
  shapeOfTarget,
  thetaOfTarget,
} from '../laws/index.ts';
import type { RunTable } from '../observations/index.ts';
import type { FitTargetOptions } from './fit-target.ts';
import type { KnownNoise } from './noise.ts';
import type { TargetData } from './target-data.ts';

/** Fewer runs cannot tell warm-up, and take it from the prior. */
const RUNS_FOR_WARM_UP = 4;
/** As in warm-up.ts. */
const MIN_VOLUMES = 6;
const MIN_PART = 0.6;

/**
 * The law, when it can take this prior for these runs.
 *
 * @throws BimixError `invalid-prior` when the law takes no priors, or the prior is of another law, of other training domains,
 * or in another unit of volume
 */
export function lawOfPrior(table: RunTable, law: Law | Stack, prior: FittedLaw): Law {
  const invalid = (reason: string, hint: string): BimixError =>
    new BimixError('invalid-prior', `invalid prior: ${reason}`, { hint });
  if (isStack(law) || law.transfer === undefined) {
    throw invalid(`${law.name} takes none`, 'Fit bimix-transfer or bimix-eps to both sets of runs.');
  }
  if (prior.law !== law.name) {
    throw invalid(`it is a fit of ${prior.law}, and ${law.name} is asked for`, `Pass --law ${prior.law}.`);
  }
  const [missing, other] = [
    table.trainingDomains.filter(domain => !prior.trainingDomains.includes(domain)),
    prior.trainingDomains.filter(domain => !table.trainingDomains.includes(domain)),
  ];
  if (missing.length > 0 || other.length > 0) {
    const parts = [
      ...(missing.length === 0 ? [] : [`it does not know ${missing.join(', ')}`]),
      ...(other.length === 0 ? [] : [`these runs have no ${other.join(', ')}`]),
    ];
    throw invalid(
      `its training domains are others: ${parts.join('; ')}`,
      'A prior needs the same training domains; rename them at import.',
    );
  }
  if (tokensPerUnit(prior.volume, table) === undefined) {
    throw invalid(
      `it counts volume in ${prior.volume.unit}, these runs in ${table.volumeUnit}`,
      'Import both with one unit of volume, or say how many tokens a step has: --tokens-per-step.',
    );
  }
  return law;
}

/** Whether the prior has a fit of the target `name` whose own domain is the one it has here. */
export function priorOfTarget(prior: FittedLaw, table: RunTable, target: number): FittedTarget | undefined {
  const name = table.evaluationDomains[target];
  const own = table.ownDomain[target] < 0 ? null : table.trainingDomains[table.ownDomain[target]];
  return prior.targets.find(candidate => candidate.target === name && candidate.own === own);
}

/**
 * What the fit of one target takes; nothing where the prior has no such target.
 *
 * @param width multiplies the standard deviations of the priors
 */
export function takeFrom(
  prior: FittedLaw,
  law: Law,
  table: RunTable,
  target: number,
  { shape }: TargetData,
  width = 1,
): Pick<FitTargetOptions, 'start' | 'priors' | 'noise'> {
  const found = priorOfTarget(prior, table, target);
  if (found === undefined || law.transfer === undefined) return {};
  const scale = table.rowVolume.reduce((a, b) => Math.max(a, b), 0);
  const ratio = (scale * (tokensPerUnit(prior.volume, table) ?? 1)) / prior.volume.scale;
  // Coefficients are read by name, so that the prior's domains may stand in another order.
  const from = { ...shapeOfTarget(prior, found), domains: shape.domains, own: shape.own };
  const theta = thetaOfTarget(law, from, found);
  const { start, priors } = law.transfer(shape, { shape: from, theta }, ratio);
  return { start, priors: priors.map(prior => ({ ...prior, sd: prior.sd * width })), noise: knownNoise(found) };
}

/** Without a measured scatter, all of the residual counts as the run's: rows of one run err together. */
function knownNoise({ uncertainty, quality }: FittedTarget): KnownNoise {
  const { runSd, withinSd } = uncertainty ?? { runSd: quality.rms, withinSd: 0 };
  return { runSd, withinSd };
}

/** How many of the prior's units of volume one unit of the table is; undefined where it cannot be known. */
function tokensPerUnit(volume: FittedLaw['volume'], table: RunTable): number | undefined {
  const { volumeUnit, tokensPerStep } = table;
  if (volume.unit === 'none' || volumeUnit === 'none') return volume.unit === volumeUnit ? 1 : undefined;
  const here = volumeUnit === 'tokens' ? 1 : tokensPerStep;
  const there = volume.unit === 'tokens' ? 1 : volume.tokensPerStep;
  // Steps of one table of runs are taken for those of the other where neither says how large they are.
  if (here === undefined || there === undefined) return volume.unit === volumeUnit ? 1 : undefined;
  return here / there;
}

/** The volume to fit from, where runs are too few to tell their warm-up: the prior's runs had it at the same volumes. */
export function warmUpOfPrior(table: RunTable, prior: FittedLaw): number {
  if (table.runs.length >= RUNS_FOR_WARM_UP) return 0;
  const perUnit = tokensPerUnit(prior.volume, table) ?? 1;
  const last = prior.warmUp.excluded.reduce((a, b) => Math.max(a, b), 0) / perUnit;
  const volumes = [...new Set(table.rowVolume)].sort((a, b) => a - b);
  const kept = volumes.filter(volume => volume > last);
  return kept.length >= Math.max(MIN_VOLUMES, MIN_PART * volumes.length) ? kept[0] : 0;
}
