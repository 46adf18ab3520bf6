/** Laws side by side on the same held-out runs: which to use for these runs, and how sure that is. */

import { BimixError } from '../errors/index.ts';
import { distinctMixtures } from '../fitting/index.ts';
import type { Law, RowIntervals, Stack } from '../laws/index.ts';
import { defaultTargets, type RunTable, type Split } from '../observations/index.ts';
import type {
  ComparedLaw,
  Comparison,
  FailedLaw,
  LearningCurve,
  LearningCurves,
  NestedChoice,
  PairedDifference,
} from './comparison-types.ts';
import { type Forecaster, meanBaseline, nearestBaseline } from './forecaster.ts';
import { type FoldPredictions, scoreFolds } from './held-out-scores.ts';
import { type HoldOut, type HoldOutOutcome, type HoldOutSetting, runHoldOut } from './hold-out.ts';
import { scoreIntervals } from './interval-coverage.ts';
import { CURVE_DRAWS, curveFolds, curveHoldOuts, learningCurve, leavesRuns } from './learning-curves.ts';
import { mostInnerHoldOuts, nestedChoices } from './nested-choice.ts';
import { errorsByRun, pairedDifference } from './paired-difference.ts';
import { recommend } from './recommendation.ts';

export const BASELINES: readonly Forecaster[] = [meanBaseline, nearestBaseline];

/** Does hold-outs, on any thread, and reports each one done; outcomes are in the order of the hold-outs. */
export type HoldOutCrew = (
  holdOuts: readonly HoldOut[],
  onDone: () => void,
) => Promise<readonly HoldOutOutcome[]> | readonly HoldOutOutcome[];

export interface CompareOptions {
  /** Indices of evaluation domains; defaults to those with a training domain. */
  readonly targets?: readonly number[];
  readonly fit?: HoldOutSetting['fit'];
  /** Numbers of training runs for learning curves; none by default. */
  readonly curves?: readonly number[];
  /** Probability that an interval covers its held-out loss; without it none are made. */
  readonly interval?: number;
  /** Choose the law inside each fold too, to see what choosing costs; only for splits that hold out whole runs. */
  readonly nested?: boolean;
  /** Of the draws of learning curves and of the folds inside folds; defaults to 0. */
  readonly seed?: number;
  /** Who does the work; this thread by default. The outcomes do not depend on it. */
  readonly crew?: (setting: HoldOutSetting) => HoldOutCrew;
  /** Called after each fit. The total is an upper estimate until it is known which laws are tried inside folds. */
  readonly onProgress?: (done: number, total: number) => void;
  /** Seconds from any fixed moment, for the fit times of this thread; they are 0 without it. */
  readonly clock?: () => number;
  /** For the record. */
  readonly measuredOn?: string;
  readonly size?: number;
  readonly version?: string;
}

/** A law or a baseline in a comparison, with its predictions of each fold. */
interface Contestant {
  readonly traits: Pick<ComparedLaw, 'law' | 'kind' | 'convex' | 'runsWanted'>;
  readonly predictions: readonly FoldPredictions[];
  /** One entry a fold; undefined where a fold has none. */
  readonly intervals: readonly RowIntervals[][] | undefined;
  readonly parameters: number | null;
  readonly fitSeconds: number;
}

type Traits = Contestant['traits'];

/**
 * Fits every law to the training runs of every fold and scores its predictions of the rest. A law that cannot be fitted to these
 * runs stands among the failures with its reason.
 *
 * @throws BimixError `missing-losses` when the split leaves a target without losses to fit or to predict
 *
 * @example
 * ```js
 * import { bimix, bimixTransfer, compare, splitRuns } from 'bimix';
 *
 * const { laws, recommendation } = await compare(table, [bimix, bimixTransfer], splitRuns(table, 'kfold:2', 0));
 * ```
 */
export async function compareLaws(
  table: RunTable,
  laws: readonly (Law | Stack)[],
  split: Split,
  options: CompareOptions = {},
): Promise<Comparison> {
  const { targets = defaultTargets(table), fit = {}, seed = 0, clock = () => 0 } = options;
  const setting: HoldOutSetting = { table, targets, fit };
  const crew = options.crew?.(setting) ?? thisThread(setting, laws, clock);
  const traits = [...laws.map(law => traitsOf(law, table)), ...BASELINES.map(baselineTraits)];
  const names = traits.map(({ law }) => law);
  const asked = [...new Set(options.curves ?? [])].sort((a, b) => a - b);
  const steps = asked.filter(count => leavesRuns(table, count));
  const folds = curveFolds(table, steps, seed);
  const asInterval = options.interval === undefined ? {} : { interval: options.interval };
  const ofFolds = split.folds.flatMap(fold =>
    names.map((forecaster): HoldOut => ({ forecaster, ...fold, ...asInterval })),
  );
  const ofCurves = curveHoldOuts(folds, names);
  const isNested = options.nested === true && split.holdsOutRuns;
  const inner = isNested ? mostInnerHoldOuts(split, laws.length) : 0;
  const work = counted(crew, ofFolds.length + ofCurves.length + inner, options.onProgress);

  const outcomes = await work([...ofFolds, ...ofCurves]);
  const met = traits.map((trait, index) =>
    contestant(
      trait,
      split.folds.map((_, fold) => outcomes[fold * names.length + index]),
    ),
  );
  const contestants = met.filter((one): one is Contestant => 'predictions' in one);
  const failures = met.filter((one): one is FailedLaw => 'code' in one);
  const errors = new Map(
    contestants.map(({ traits: { law }, predictions }) => [law, errorsByRun(table, split, targets, predictions)]),
  );
  const difference = (law: string, other: string): PairedDifference =>
    pairedDifference(errors.get(law) as Float64Array, errors.get(other) as Float64Array);
  const compared = rank(contestants, table, split, targets, difference, options.interval);
  const candidates = contestants
    .filter(({ traits: { kind } }) => kind === 'law')
    .map(({ traits: { law, convex }, predictions }) => ({ law, convex, predictions }));
  const nested: NestedChoice[] = isNested
    ? await nestedChoices({ table, targets, split, candidates, seed, run: work })
    : [];
  const curveOf = ({ law, kind, convex }: ComparedLaw): LearningCurve => {
    const own = outcomes.slice(ofFolds.length).filter((_, index) => ofCurves[index].forecaster === law);
    return { law, kind, convex, points: learningCurve(table, targets, steps, folds, own) };
  };
  const curves: LearningCurves = {
    runs: steps,
    draws: CURVE_DRAWS,
    curves: compared.map(curveOf),
    skipped: asked.filter(count => !steps.includes(count)),
  };
  const heldOut = new Set(split.folds.flatMap(fold => Array.from(fold.test, row => table.rowRun[row]))).size;
  return {
    kind: 'bimix-comparison',
    schemaVersion: 1,
    version: options.version ?? '',
    split: split.name,
    meaning: split.meaning,
    ...(options.size === undefined ? {} : { size: options.size }),
    measuredOn: options.measuredOn ?? `${table.runs.length} runs`,
    trainingDomains: table.trainingDomains,
    targets: targets.map(target => table.evaluationDomains[target]),
    runs: { all: table.runs.length, heldOut },
    points: Object.values(compared[0].targets).reduce((sum, { n }) => sum + n, 0),
    recommendation: recommend({
      laws: compared,
      difference,
      nested,
      runs: heldOut,
      mixtures: distinctMixtures(table),
      domains: table.trainingDomains.length,
      holdsOutRuns: split.holdsOutRuns,
    }),
    laws: compared,
    failures,
    nested,
    curves: asked.length === 0 ? null : curves,
  };
}

function thisThread(setting: HoldOutSetting, laws: readonly (Law | Stack)[], clock: () => number): HoldOutCrew {
  const forecasters = new Map([...laws, ...BASELINES].map(forecaster => [forecaster.name, forecaster]));
  return (holdOuts, onDone) =>
    holdOuts.map(holdOut => {
      const forecaster = forecasters.get(holdOut.forecaster) as Law | Stack | Forecaster;
      const outcome = runHoldOut(setting, holdOut, forecaster, clock);
      onDone();
      return outcome;
    });
}

/** A crew that reports how many of its hold-outs are done. */
function counted(crew: HoldOutCrew, expected: number, onProgress: CompareOptions['onProgress']) {
  let done = 0;
  let given = 0;
  return async (holdOuts: readonly HoldOut[]): Promise<readonly HoldOutOutcome[]> => {
    given += holdOuts.length;
    return crew(holdOuts, () => onProgress?.(++done, Math.max(expected, given)));
  };
}

function traitsOf({ name, convex, runsWanted }: Law | Stack, table: RunTable): Traits {
  return { law: name, kind: 'law', convex, runsWanted: runsWanted(table.trainingDomains.length) };
}

function baselineTraits({ name }: Forecaster): Traits {
  return { law: name, kind: 'baseline', convex: false, runsWanted: 0 };
}

/** @throws BimixError the reason of a baseline that has failed: then no law can do better */
function contestant(traits: Traits, outcomes: readonly HoldOutOutcome[]): Contestant | FailedLaw {
  const predictions: FoldPredictions[] = [];
  const intervals: RowIntervals[][] = [];
  let parameters: number | null = 0;
  let fitSeconds = 0;
  for (const outcome of outcomes) {
    if ('failure' in outcome) {
      const { code, message, hint } = outcome.failure;
      if (traits.kind === 'baseline') throw new BimixError(code, message, { hint });
      return { law: traits.law, code, message, hint };
    }
    predictions.push(outcome.predictions);
    if (outcome.intervals !== undefined) intervals.push([...outcome.intervals]);
    parameters = parameters === null || outcome.parameters === null ? null : Math.max(parameters, outcome.parameters);
    fitSeconds += outcome.seconds;
  }
  const complete = intervals.length === outcomes.length ? intervals : undefined;
  return { traits, predictions, intervals: complete, parameters, fitSeconds };
}

/** Lowest error first; equals keep their order. */
function rank(
  contestants: readonly Contestant[],
  table: RunTable,
  split: Split,
  targets: readonly number[],
  difference: (law: string, other: string) => PairedDifference,
  level: number | undefined,
): ComparedLaw[] {
  const scored = contestants
    .map(({ predictions, intervals, traits, parameters, fitSeconds }) => {
      const { mean, targets: byTarget, regretAt1, points } = scoreFolds(table, split, targets, predictions);
      const scores = { ...traits, mean, regretAt1, parameters, targets: byTarget, fitSeconds };
      if (intervals === undefined || level === undefined) return scores;
      const ofTarget = targets.map((target, i) => [table.evaluationDomains[target], intervals.map(fold => fold[i])]);
      return { ...scores, interval: scoreIntervals(points, Object.fromEntries(ofTarget), level).interval };
    })
    .sort((a, b) => a.mean.mre - b.mean.mre);
  const best = scored.find(({ kind }) => kind === 'law');
  return scored.map(law => ({
    ...law,
    toBest: best === undefined || law === best ? null : difference(law.law, best.law),
  }));
}
