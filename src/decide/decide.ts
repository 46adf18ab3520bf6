/** From a table of runs to a decision: the whole path as one function, without a file or a clock of its own. */

import { believe, generateCandidates, type NextRuns, nextRuns } from '../design/index.ts';
import { BimixError } from '../errors/index.ts';
import { type ComparedLaw, type CompareOptions, type Comparison, compareLaws, runNoise } from '../evidence/index.ts';
import { distinctMixtures, type FitLawOptions, fitLaw } from '../fitting/index.ts';
import { DEFAULT_LAW, type FittedLaw, findLaw, type Law, type Stack } from '../laws/index.ts';
import { evaluationTargets, type RunTable, splitRuns } from '../observations/index.ts';
import {
  findOptimum,
  type MixtureProblem,
  makeProblem,
  mixtureGain,
  type OptimizeOptions,
  proposeMixture,
  referenceInWords,
} from '../optimize/index.ts';
import { commonObjective } from './common-objective.ts';
import { confidenceOf } from './confidence.ts';
import type { Decision, Gain } from './decision.ts';
import { otherOpinions } from './opinions.ts';
import { costliestLimit, keyDomain } from './what-would-change.ts';

/** Laws whose fits take seconds, one of each kind: published, literature, with transfer between domains. */
export const DECIDING_LAWS: readonly string[] = ['bimix', 'exponential', 'bimix-transfer'];

/** What is asked of the mixture. */
export type Asked = Omit<OptimizeOptions, 'interval'>;

export interface DecideOptions {
  /** Volume, limits, weights and reference; a function of the law where they name mixtures by its runs. Default: the longest run's volume. */
  readonly asked?: Asked | ((fitted: FittedLaw) => Asked | Promise<Asked>);
  /** Laws to choose from; default `DECIDING_LAWS`. Only convex ones are chosen. */
  readonly laws?: readonly (Law | Stack)[];
  /** Evaluation domains to predict; default those with a training domain, or all where too few have one. */
  readonly targets?: readonly string[];
  /** How the laws are fitted. */
  readonly fit?: Pick<FitLawOptions, 'robust' | 'warmUp' | 'pool'>;
  /** Coverage probability of all intervals; default 0.9. */
  readonly interval?: number;
  /** How many runs to suggest; default 2. */
  readonly runs?: number;
  /** Of splits and draws; default 0. */
  readonly seed?: number;
  /** As in `compareLaws`. */
  readonly crew?: CompareOptions['crew'];
  readonly clock?: CompareOptions['clock'];
  readonly measuredOn?: string;
  readonly version?: string;
  /** What is being done, and how far it is; total 0 where that is not known. */
  readonly onProgress?: (step: DecideStep, done: number, total: number) => void;
  /** A comparison and a fit of the same runs made earlier, instead of new ones. */
  readonly comparison?: Comparison;
  readonly fitted?: FittedLaw;
  /** Called with each as soon as it is made, so that it can be kept. */
  readonly onComparison?: (comparison: Comparison) => void | Promise<void>;
  readonly onLaw?: (fitted: FittedLaw) => void | Promise<void>;
}

export type DecideStep = 'comparing laws' | 'fitting' | 'optimizing' | 'asking other laws' | 'choosing the next runs';

/** A comparison needs two folds of two mixtures. */
const MIN_MIXTURES = 4;

/**
 * Compares laws on whole runs held out, fits the best convex one, finds the best mixture, and says how far to trust it and what
 * would change it. Deterministic for a seed.
 *
 * @param table runs of one model size
 * @throws BimixError `missing-runs` with fewer than 4 different mixtures; `missing-law` where no convex law can be fitted; as `compareLaws`, `fitLaw` and `proposeMixture`
 *
 * @example
 * ```js
 * import { bimix, decide } from 'bimix';
 *
 * const asked = { volume: { unit: 'tokens', value: 20e9 } };
 * const decision = await decide(table, { asked, laws: [bimix] });
 * ```
 */
export async function decide(table: RunTable, options: DecideOptions = {}): Promise<Decision> {
  const { interval: level = 0.9, seed = 0, version = '', onProgress = () => {} } = options;
  requireMixtures(table);
  const comparison = options.comparison ?? (await compared(table, options));
  if (options.comparison === undefined) await options.onComparison?.(comparison);
  const { law: name, mean: heldOut } = decidingLaw(comparison);
  const law = findLaw(name);
  const settings = { ...options.fit, ...(options.targets === undefined ? {} : { targets: options.targets }) };
  const fitted = options.fitted ?? fitToDecide(table, law, settings, onProgress);
  if (options.fitted === undefined) await options.onLaw?.(fitted);
  onProgress('optimizing', 0, 0);
  const asked = typeof options.asked === 'function' ? await options.asked(fitted) : (options.asked ?? {});
  const common = asked.weights === undefined ? commonObjective(fitted) : null;
  const shape = {
    ...asked,
    ...(common === null ? {} : { weights: common.weights }),
    ...volumeOf(fitted, asked),
    interval: level,
  };
  const proposed = proposeMixture(fitted, shape);
  const proposal = common === null ? proposed : { ...proposed, warnings: [common.warning, ...proposed.warnings] };
  const problem = makeProblem(fitted, shape);
  const shares = Float64Array.from(fitted.trainingDomains, domain => proposal.mixture[domain]);
  const overReference = gainOver(
    fitted,
    problem,
    shares,
    problem.reference.shares,
    referenceInWords(problem.reference.name),
    level,
  );
  const best = proposal.bestRun;
  const bestShares =
    best === null || best.predicted === null
      ? null
      : Float64Array.from(fitted.trainingDomains, domain => best.mixture[domain]);
  const overBestRun =
    best === null || bestShares === null
      ? null
      : gainOver(fitted, problem, shares, bestShares, `the best run (${best.name})`, level);
  // The lowest of many noisy runs may have a mixture that is worse than their mean.
  const isBestRun = asked.reference === undefined && overBestRun !== null && overBestRun.change >= overReference.change;
  const alternative = isBestRun ? overBestRun : overReference;
  const other = isBestRun && bestShares !== null ? bestShares : problem.reference.shares;
  onProgress('asking other laws', 0, 0);
  const opinions = otherOpinions(table, comparison, law.name, settings, shape, shares, other);
  const noise = runNoise(
    fitted,
    problem.losses.map(({ loss }) => loss.value(shares)),
    problem.weights,
  );
  onProgress('choosing the next runs', 0, 0);
  const next = nextOnes(table, law, fitted, settings, shape, options.runs ?? 2, seed);
  const warned = (code: string): string[] =>
    proposal.warnings.flatMap(warning => (warning.code === code ? [warning.domain ?? ''] : []));
  const baseline = comparison.laws.find(({ kind }) => kind === 'baseline');
  return {
    ...{
      kind: 'bimix-decision',
      schemaVersion: 1,
      comparison,
      fitted,
      proposal,
      overBestRun,
      overReference,
      alternative,
    },
    ...{ noise, opinions },
    confidence: confidenceOf({
      law: law.name,
      mre: heldOut.mre,
      baseline: { name: baseline?.law ?? '', mre: baseline?.mean.mre ?? Number.POSITIVE_INFINITY },
      gain: alternative,
      noise,
      opinions,
      extrapolation: proposal.extrapolation,
      isVolumeIgnored: warned('volume-ignored').length > 0,
      outside: warned('outside-runs'),
      isFar: warned('far-from-runs').length > 0,
      mixtures: distinctMixtures(table),
      wanted: law.runsWanted(table.trainingDomains.length),
    }),
    limit: costliestLimit(fitted, shape, proposal),
    keyDomain: keyDomain(problem, shares, other),
    next,
    nextIsWorthwhile:
      next !== null && next.runs.reduce((sum, { regretReduction }) => sum + regretReduction, 0) >= next.seedSd,
    version,
  };
}

function requireMixtures(table: RunTable): void {
  const mixtures = distinctMixtures(table);
  if (mixtures >= MIN_MIXTURES) return;
  const message = `missing runs: ${mixtures} different ${mixtures === 1 ? 'mixture' : 'mixtures'}, at least ${MIN_MIXTURES} are needed to hold some out`;
  throw new BimixError('missing-runs', message, {
    hint: 'Plan more runs with bimix design. Until then, bimix entropy proposes a mixture without any training.',
  });
}

async function compared(table: RunTable, options: DecideOptions): Promise<Comparison> {
  const { laws = DECIDING_LAWS.map(findLaw), seed = 0, fit, crew, clock, measuredOn, version, onProgress } = options;
  const folds = Math.min(5, distinctMixtures(table));
  return compareLaws(table, laws, splitRuns(table, `kfold:${folds}`, seed), {
    targets: evaluationTargets(table, options.targets),
    seed,
    ...(fit === undefined ? {} : { fit }),
    ...(crew === undefined ? {} : { crew }),
    ...(clock === undefined ? {} : { clock }),
    ...(measuredOn === undefined ? {} : { measuredOn }),
    ...(version === undefined ? {} : { version }),
    ...(onProgress === undefined
      ? {}
      : { onProgress: (done: number, total: number) => onProgress('comparing laws', done, total) }),
  });
}

function fitToDecide(
  table: RunTable,
  law: Law | Stack,
  settings: FitLawOptions,
  onProgress: NonNullable<DecideOptions['onProgress']>,
): FittedLaw {
  onProgress('fitting', 0, 0);
  return fitLaw(table, law, {
    ...settings,
    uncertainty: true,
    onProgress: (done, total) => onProgress('fitting', done, total),
  });
}

/**
 * The convex law with the lowest error, also where no law beats the baselines: the page then says so.
 *
 * @throws BimixError `missing-law` where no convex law was fitted
 */
function decidingLaw({ laws, recommendation, failures }: Comparison): ComparedLaw {
  const convex = laws.filter(law => law.kind === 'law' && law.convex);
  const chosen = convex.find(({ law }) => law === recommendation.optimize?.law) ?? convex[0];
  if (chosen !== undefined) return chosen;
  const why = failures.length === 0 ? 'none of the laws to choose from is convex in the mixture' : failures[0].message;
  throw new BimixError('missing-law', `missing law to optimize with: ${why}`, {
    hint: `Choose among others, for example --laws ${DEFAULT_LAW.name}.`,
  });
}

/** That of the longest run where none is asked for. */
function volumeOf({ volume: { unit, largest } }: FittedLaw, { volume }: Asked): Pick<OptimizeOptions, 'volume'> {
  if (volume !== undefined) return { volume };
  return unit === 'none' ? {} : { volume: { unit, value: largest } };
}

function gainOver(
  fitted: FittedLaw,
  problem: MixtureProblem,
  shares: Float64Array,
  other: Float64Array,
  over: string,
  level: number,
): Gain {
  return { over, ...mixtureGain(fitted, problem, shares, other, level) };
}

/** The choice of runs needs the uncertainty that priors leave open. */
function nextOnes(
  table: RunTable,
  law: Law | Stack,
  near: FittedLaw,
  settings: FitLawOptions,
  shape: OptimizeOptions,
  runs: number,
  seed: number,
): NextRuns | null {
  const fitted = fitLaw(table, law, { ...settings, near, uncertainty: 'laplace', check: false });
  const { interval: _, ...plain } = shape;
  const { constraints, objective, ceilings, reference, volume, weights } = makeProblem(fitted, plain);
  const optimum = findOptimum(objective, constraints, undefined, ceilings).shares;
  const candidates = generateCandidates({ bounds: constraints, optimum, mean: reference.shares, seed });
  const belief = believe(fitted, table, candidates, { volume: volume.atFit, weights, bounds: constraints });
  const next = nextRuns(belief, { goal: 'optimum', runs, seed });
  return next.runs.length === 0 ? null : next;
}
