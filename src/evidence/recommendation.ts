/** Which law to use for these runs, and why, in plain sentences. */

import type { ComparedLaw, NestedChoice, PairedDifference, Recommendation, Recommended } from './comparison-types.ts';
import { isClear } from './paired-difference.ts';

export interface RecommendationFacts {
  /** Laws and baselines, lowest MRE first. */
  readonly laws: readonly ComparedLaw[];
  /** MRE of the first law less that of the second. */
  readonly difference: (law: string, other: string) => PairedDifference;
  readonly nested: readonly NestedChoice[];
  readonly runs: number;
  readonly mixtures: number;
  readonly domains: number;
  readonly holdsOutRuns: boolean;
}

/**
 * For optimizing, the convex law with the lowest MRE; beside it a law that is not convex only where it predicts clearly
 * better. No law at all where none beats the baselines.
 */
export function recommend(facts: RecommendationFacts): Recommendation {
  const laws = facts.laws.filter(({ kind }) => kind === 'law');
  const baseline = facts.laws.find(({ kind }) => kind === 'baseline');
  const useful = laws.filter(({ mean }) => baseline === undefined || mean.mre < baseline.mean.mre);
  const [best] = useful;
  const convex = useful.filter(law => law.convex);
  const optimize = recommended(facts, convex);
  const isAhead =
    best !== undefined && !best.convex && (optimize === null || isClear(facts.difference(optimize.law, best.law)));
  const predict = isAhead ? recommended(facts, useful) : null;
  return {
    optimize,
    predict,
    reasons: [
      ...optimizeReason(facts, optimize, baseline),
      ...predictReason(facts, optimize, predict, best),
      ...cautions(facts, laws.length, convex[0]),
    ],
  };
}

/** The first law, and the next that does not predict just the same, as a law does that contains it. */
function recommended({ difference }: RecommendationFacts, laws: readonly ComparedLaw[]): Recommended | null {
  const [first, ...others] = laws;
  if (first === undefined) return null;
  for (const { law, mean } of others) {
    const behind = difference(law, first.law);
    if (behind.difference === 0 && behind.standardError === 0) continue;
    return { law: first.law, mre: first.mean.mre, next: { law, mre: mean.mre, ...behind } };
  }
  return { law: first.law, mre: first.mean.mre, next: null };
}

function optimizeReason(
  { runs, domains }: RecommendationFacts,
  optimize: Recommended | null,
  baseline: ComparedLaw | undefined,
): string[] {
  const measured = `${runs} held-out runs of ${domains} domains`;
  if (optimize === null) {
    const than =
      baseline === undefined ? '' : ` better than the baseline "${baseline.law}" (${percent(baseline.mean.mre)})`;
    return [`${measured}: no convex law predicts${than}. Do not optimize a mixture with any of them.`];
  }
  const { law, mre, next } = optimize;
  const convexity = 'It is convex in the mixture, so an optimum found is the global one.';
  if (next === null) return [`${measured}: ${law}, ${percent(mre)}. ${convexity}`];
  return [
    `${measured}: ${law}, ${percent(mre)} against ${percent(next.mre)} of ${next.law}, the next convex law; ${howSure(next)}. ${convexity}`,
  ];
}

function predictReason(
  { difference }: RecommendationFacts,
  optimize: Recommended | null,
  predict: Recommended | null,
  best: ComparedLaw | undefined,
): string[] {
  if (best === undefined || best.convex) return [];
  if (predict === null && optimize !== null) {
    const behind = difference(optimize.law, best.law);
    return [
      `${best.law} has the lowest error, ${percent(best.mean.mre)}, but is not convex; ${howSure(behind)}, so it is no reason to give up ${optimize.law}.`,
    ];
  }
  const ahead = optimize === null ? '' : `, clearly better (${plusMinus(difference(optimize.law, best.law))})`;
  return [
    `To predict only: ${best.law}, ${percent(best.mean.mre)}${ahead}. It is not convex: do not optimize with it.`,
  ];
}

function cautions(facts: RecommendationFacts, tried: number, law: ComparedLaw | undefined): string[] {
  const { nested, mixtures, holdsOutRuns } = facts;
  const reasons: string[] = [];
  if (!holdsOutRuns) {
    reasons.push(
      'No whole runs were held out: this says how runs go on, not how laws fare on a mixture they have not seen.',
    );
  }
  if (law !== undefined && mixtures < law.runsWanted) {
    reasons.push(
      `${law.law} wants at least ${law.runsWanted} different mixtures and there are ${mixtures}: a few more runs may change the order of the laws.`,
    );
  }
  const [convex, all] = nested;
  const isOne = all !== undefined && convex.chosen.join() === all.chosen.join();
  for (const { among, mean, chosen } of isOne ? [convex] : nested) {
    const group = isOne ? 'the convex laws, as among all,' : among === 'all' ? 'all laws' : 'the convex laws';
    reasons.push(
      `Chosen among ${group} inside the training runs of each fold, the law errs ${percent(mean.mre)} (${tally(chosen)}): the honest figure of the choice itself.`,
    );
  }
  if (nested.length === 0 && tried > 2) {
    reasons.push(`The lowest error of ${tried} laws is a little too good, for it was chosen on the same runs.`);
  }
  return reasons;
}

/** `bimix-transfer in 4 folds, stack in 1`. */
function tally(chosen: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const law of chosen) counts.set(law, (counts.get(law) ?? 0) + 1);
  return [...counts]
    .sort((a, b) => b[1] - a[1])
    .map(([law, count], i) => `${law} in ${count}${i === 0 ? (count === 1 ? ' fold' : ' folds') : ''}`)
    .join(', ');
}

function howSure(difference: PairedDifference): string {
  if (difference.standardError === null) return 'too few runs to say whether the difference is chance';
  const text = plusMinus(difference);
  return isClear(difference) ? `the difference is clear (${text})` : `the difference is within noise (${text})`;
}

/** `0.031 ± 0.022 points`: of percent, one standard error. */
function plusMinus({ difference, standardError }: PairedDifference): string {
  const points = (value: number): string => (100 * value).toFixed(Math.abs(difference) < 0.01 ? 3 : 2);
  return `${points(difference)}${standardError === null ? '' : ` ± ${points(standardError)}`} points`;
}

/** Three decimals below one percent, for good laws differ in the third. */
function percent(fraction: number): string {
  return `${(100 * fraction).toFixed(fraction < 0.01 ? 3 : 2)} %`;
}
