/**
 * What choosing the best law costs: inside each fold's training runs the law is chosen by cross-validation, and scored on the
 * fold, which had no part in the choice. The lowest error of many laws is a little too good; this one is not.
 */

import { type Fold, type RunTable, type Split, selectRows, splitRuns } from '../observations/index.ts';
import type { NestedChoice } from './comparison-types.ts';
import { type FoldPredictions, scoreFolds } from './held-out-scores.ts';
import type { HoldOut, HoldOutOutcome } from './hold-out.ts';

/** Inner folds. */
const INNER_FOLDS = 3;
/** Laws that are tried on all inner folds: the best on the first. */
const FINALISTS = 3;

/** How many hold-outs the choices take at most. */
export function mostInnerHoldOuts({ folds }: Split, laws: number): number {
  return folds.length * (laws + Math.min(2 * FINALISTS, laws) * (INNER_FOLDS - 1));
}

interface Candidate {
  readonly law: string;
  readonly convex: boolean;
  /** Of the comparison, one a fold. */
  readonly predictions: readonly FoldPredictions[];
}

interface NestedQuestion {
  readonly table: RunTable;
  readonly targets: readonly number[];
  readonly split: Split;
  /** In the order that breaks ties. */
  readonly candidates: readonly Candidate[];
  readonly seed: number;
  readonly run: (holdOuts: readonly HoldOut[]) => Promise<readonly HoldOutOutcome[]>;
}

/**
 * The scores of the law that would have been chosen, among the convex laws and among all; the second only where some law is
 * not convex. Empty where a fold trains on too few runs to hold some out.
 */
export async function nestedChoices(question: NestedQuestion): Promise<NestedChoice[]> {
  const { table, split, candidates, seed, run } = question;
  const outer = split.folds.map(fold => innerFolds(table, fold, seed));
  if (outer.some(folds => folds.length === 0) || candidates.length < 2) return [];
  const groups = (['convex', 'all'] as const).filter(
    among => among === 'convex' || candidates.some(({ convex }) => !convex),
  );
  const pool = (among: NestedChoice['among']): Candidate[] =>
    candidates.filter(({ convex }) => convex || among === 'all');
  const asked = new Map<string, HoldOutOutcome>();
  const ask = async (wanted: readonly (HoldOut & { readonly key: string })[]): Promise<void> => {
    const unasked = [...new Map(wanted.map(holdOut => [holdOut.key, holdOut])).values()];
    const outcomes = await run(unasked.map(({ key: _, ...holdOut }) => holdOut));
    unasked.forEach(({ key }, i) => {
      asked.set(key, outcomes[i]);
    });
  };
  const unit = (law: string, fold: number, inner: number): HoldOut & { readonly key: string } => ({
    key: keyOf(law, fold, inner),
    forecaster: law,
    ...outer[fold][inner],
  });
  const error = (law: string, fold: number, folds: readonly number[]): number =>
    innerError(
      question,
      folds.map(inner => outer[fold][inner]),
      folds.map(inner => asked.get(keyOf(law, fold, inner)) as HoldOutOutcome),
    );
  await ask(outer.flatMap((_, fold) => candidates.map(({ law }) => unit(law, fold, 0))));
  const finalists = groups.map(among =>
    outer.map((_, fold) => lowest(pool(among), ({ law }) => error(law, fold, [0])).slice(0, FINALISTS)),
  );
  const others = Array.from({ length: INNER_FOLDS - 1 }, (_, i) => i + 1);
  await ask(
    finalists.flatMap(byFold =>
      byFold.flatMap((laws, fold) => laws.flatMap(({ law }) => others.map(inner => unit(law, fold, inner)))),
    ),
  );
  return groups.flatMap((among, group) => {
    const chosen = finalists[group].map((laws, fold) => lowest(laws, ({ law }) => error(law, fold, [0, ...others]))[0]);
    if (chosen.some(law => law === undefined)) return [];
    const predictions = chosen.map((law, fold) => law.predictions[fold]);
    const { mean, regretAt1 } = scoreFolds(table, split, question.targets, predictions);
    return [{ among, chosen: chosen.map(({ law }) => law), mean, regretAt1 }];
  });
}

function keyOf(law: string, fold: number, inner: number): string {
  return `${fold} ${inner} ${law}`;
}

/** Folds of the training runs of a fold, in rows of the table; none with too few runs. */
function innerFolds(table: RunTable, { train }: Fold, seed: number): Fold[] {
  const part = selectRows(table, train);
  if (part.runs.length < INNER_FOLDS) return [];
  return splitRuns(part, `kfold:${INNER_FOLDS}`, seed).folds.map(fold => ({
    train: fold.train.map(row => train[row]),
    test: fold.test.map(row => train[row]),
  }));
}

/** Mean relative error over inner folds; infinite where the law failed or nothing was measured. */
function innerError(
  { table, targets }: NestedQuestion,
  folds: readonly Fold[],
  outcomes: readonly HoldOutOutcome[],
): number {
  const predictions: FoldPredictions[] = [];
  for (const outcome of outcomes) {
    if ('failure' in outcome) return Number.POSITIVE_INFINITY;
    predictions.push(outcome.predictions);
  }
  if (targets.some((_, i) => predictions.every(fold => fold[i].length === 0))) return Number.POSITIVE_INFINITY;
  const split = { name: 'inner', meaning: '', holdsOutRuns: true, folds };
  return scoreFolds(table, split, targets, predictions).mean.mre;
}

/** Ascending, without those that have no finite error; equals keep their order. */
function lowest(candidates: readonly Candidate[], error: (candidate: Candidate) => number): Candidate[] {
  const errors = new Map(candidates.map(candidate => [candidate, error(candidate)]));
  const of = (candidate: Candidate): number => errors.get(candidate) as number;
  return candidates.filter(candidate => Number.isFinite(of(candidate))).sort((a, b) => of(a) - of(b));
}
