/** What a report holds, gathered from a table, a law and the options of the command. */

import { commonObjective } from '../decide/index.ts';
import type { EntropyResults } from '../entropy/index.ts';
import { BimixError } from '../errors/index.ts';
import {
  type Comparison,
  type Evidence,
  evaluate,
  lawForecaster,
  meanBaseline,
  nearestBaseline,
  verifyLaw,
} from '../evidence/index.ts';
import { bimixVersion } from '../files/index.ts';
import type { FitLawOptions } from '../fitting/index.ts';
import { bimix, type FittedLaw, findLaw, hasUncertainty, type Volume } from '../laws/index.ts';
import { listPresets, mixtureToRecord, renameDomains } from '../mixture/index.ts';
import {
  evaluationTargets,
  parseWhere,
  type RunTable,
  sameSize,
  selectRuns,
  selectWhere,
  splitRuns,
} from '../observations/index.ts';
import {
  type BudgetPath,
  budgetPath,
  epochsByDomain,
  geometricVolumes,
  lossesOfDraw,
  type OptimizeOptions,
  type ParetoGroups,
  type Proposal,
  paretoFront,
  proposeMixture,
  resolveRepetition,
  resolveVolume,
} from '../optimize/index.ts';
import type { ReferenceMixture, ReportInput } from '../report/index.ts';
import type { NamedMixture } from './mixture-argument.ts';
import type { OnProgress } from './progress.ts';
import { withoutPull } from './share-options.ts';

/** With fewer runs there is nothing to hold out. */
const MIN_RUNS = 3;

const FRONT_POINTS = 13;

export interface ReportQuestion {
  readonly title: string;
  /** ISO date and time to print. */
  readonly generated: string;
  /** Budget of the optimum; the largest volume of the runs unless given. */
  readonly volume: Volume | undefined;
  readonly shape: Omit<OptimizeOptions, 'volume'>;
  /** Mixtures to stand beside the optimum. */
  readonly mixtures: readonly NamedMixture[];
  /** Two groups of evaluation domains to set against each other, or null. */
  readonly groups: ParetoGroups | null;
  /** Form of the split; undefined for five folds, or fewer where there are fewer runs. */
  readonly split: string | undefined;
  readonly seed: number;
  /** Of the law's training domains, or null. */
  readonly entropy: EntropyResults | null;
  /** Runs made after the law was fitted, or null. */
  readonly later: RunTable | null;
  /** Of the law's runs, or null. */
  readonly comparison: Comparison | null;
  /** As `ReportInput`; left out where nobody asked for a decision. */
  readonly decision?: ReportInput['decision'];
  readonly commands: readonly string[];
}

/** Of the intervals of the optimum. */
const REPORTED_LEVEL = 0.9;

/**
 * Holds runs out, optimizes and predicts.
 *
 * @param all the table the law was fitted on; other sizes and rows than the law's are left out
 * @throws BimixError `invalid-law` when the law was fitted on other runs
 */
export function reportInput(
  all: RunTable,
  fitted: FittedLaw,
  question: ReportQuestion,
  onProgress: OnProgress,
): ReportInput {
  const table = runsOfLaw(all, fitted);
  const volume = question.volume ?? defaultVolume(fitted);
  const options = { ...question.shape, ...(volume === undefined ? {} : { volume }) };
  const chosen = options.weights === undefined ? commonObjective(fitted) : null;
  const weighed = chosen === null ? options : { ...options, weights: chosen.weights };
  const proposed = proposeMixture(fitted, {
    ...weighed,
    ...(hasUncertainty(fitted) ? { interval: REPORTED_LEVEL } : {}),
  });
  const proposal = chosen === null ? proposed : { ...proposed, warnings: [chosen.warning, ...proposed.warnings] };
  return {
    title: question.title,
    generated: question.generated,
    version: bimixVersion(),
    table,
    fitted: [fitted],
    evidence: heldOut(table, fitted, question, onProgress),
    proposal,
    references: references(fitted, question.mixtures, options),
    path: pathOf(fitted, proposal, chosen === null ? question.shape : { ...question.shape, weights: chosen.weights }),
    front: question.groups === null ? null : paretoFront(fitted, question.groups, FRONT_POINTS, withoutPull(options)),
    verification: question.later === null ? null : verifyLaw(fitted, question.later, REPORTED_LEVEL),
    comparison: question.comparison,
    findings: null,
    entropy: question.entropy,
    decision: question.decision ?? null,
    commands: question.commands,
  };
}

function runsOfLaw(all: RunTable, fitted: FittedLaw): RunTable {
  const { size, settings, trainingDomains, targets } = fitted;
  const isOwn =
    trainingDomains.join('\n') === all.trainingDomains.join('\n') &&
    targets.every(({ target }) => all.evaluationDomains.includes(target));
  const ofSize = selectRuns(all, run => size === undefined || sameSize(all.runs[run].size ?? 0, size));
  if (isOwn && ofSize.runs.length > 0) {
    return settings.where === undefined ? ofSize : selectWhere(ofSize, parseWhere(settings.where));
  }
  throw new BimixError('invalid-law', 'invalid law for these runs: it was fitted to other runs', {
    hint: 'Pass the runs that the law was fitted to, or fit it to these with bimix fit.',
  });
}

function defaultVolume({ volume }: FittedLaw): Volume | undefined {
  return volume.unit === 'none' ? undefined : { unit: volume.unit, value: volume.largest };
}

/** The law of the report beside the published BiMix and the baselines, fitted again on each fold; null with too few runs. */
function heldOut(
  table: RunTable,
  fitted: FittedLaw,
  { split, seed }: ReportQuestion,
  onProgress: OnProgress,
): Evidence | null {
  const runs = table.runs.length;
  if (split === undefined && runs < MIN_RUNS) return null;
  const settings: FitLawOptions = {
    robust: fitted.settings.robust,
    ...(fitted.settings.lambda === undefined ? {} : { lambda: fitted.settings.lambda }),
    warmUp: fitted.warmUp.rule !== 'off',
  };
  const targets = evaluationTargets(
    table,
    fitted.targets.map(({ target }) => target),
  );
  const beside =
    fitted.law === bimix.name || fitted.targets.some(({ own }) => own === null) ? [] : [lawForecaster(bimix)];
  const forecasters = [lawForecaster(findLaw(fitted.law), settings), ...beside, meanBaseline, nearestBaseline];
  return evaluate(table, forecasters, splitRuns(table, split ?? `kfold:${Math.min(5, runs)}`, seed), {
    targets,
    onProgress,
  });
}

/** The mixtures named, published ones of the same domains, and the uniform one. */
function references(
  fitted: FittedLaw,
  mixtures: readonly NamedMixture[],
  options: OptimizeOptions,
): ReferenceMixture[] {
  const { trainingDomains } = fitted;
  const { atFit, tokens } = resolveVolume(fitted, options.volume);
  const predicted = lossesOfDraw(fitted, atFit, resolveRepetition(trainingDomains, options, tokens));
  const uniform = { name: 'uniform', shares: trainingDomains.map(() => 1 / trainingDomains.length) };
  const isGiven = ({ name }: { name: string }): boolean => mixtures.some(given => given.name === name);
  const others = [...publishedFor(trainingDomains), uniform].filter(mixture => !isGiven(mixture));
  return [...mixtures, ...others].map(({ name, shares }) => {
    const proportions = Float64Array.from(shares);
    return {
      name,
      mixture: mixtureToRecord({ domains: trainingDomains, proportions }),
      losses: Object.fromEntries(predicted.map(({ target, loss }) => [target, loss.value(proportions)])),
      epochs: epochsByDomain(trainingDomains, proportions, tokens, options.tokensAvailable),
    };
  });
}

/** The data set's own proportions and DoReMi's, where a published data set has exactly these domains. */
function publishedFor(domains: readonly string[]): { name: string; shares: Float64Array }[] {
  return listPresets().flatMap(({ name, mixture }) => {
    if (mixture.domains.length !== domains.length || !/\/(baseline|doremi)$/.test(name)) return [];
    try {
      return [{ name, shares: renameDomains(mixture, domains).proportions }];
    } catch {
      // Another data set with as many domains.
      return [];
    }
  });
}

/** From a tenth of the proposal's volume to ten times it. */
function pathOf(fitted: FittedLaw, { volume }: Proposal, options: Omit<OptimizeOptions, 'volume'>): BudgetPath | null {
  if (volume.unit === 'none' || volume.value === null) return null;
  const { unit } = volume;
  // Tokens available x epochs may leave no mixture at the larger budgets, targets none at the smaller ones.
  const volumes = geometricVolumes(volume.value / 10, volume.value * 10, 9).filter(value => {
    try {
      return budgetPath(fitted, unit, [value], options).points.length > 0;
    } catch (error) {
      if (error instanceof BimixError) return false;
      throw error;
    }
  });
  return volumes.length < 2 ? null : budgetPath(fitted, unit, volumes, options);
}
