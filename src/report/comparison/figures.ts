/** Figures of a comparison of laws. */

import {
  type EvidenceRow,
  evidenceBarsChart,
  formatError,
  type LearningCurveLine,
  learningCurvesChart,
} from '../../charts/index.ts';
import type { Figure, FigureMaker } from '../figures/index.ts';
import type { ComparisonContext } from './comparison-context.ts';

export const ERRORS_FIGURE = 'comparison-errors';
export const CURVES_FIGURE = 'comparison-learning-curves';

/** Where the axis of errors ends, so that the good laws can be distinguished. */
const TIMES_BEST = 6;

export const COMPARISON_FIGURES: readonly FigureMaker<ComparisonContext>[] = [errorsFigure, learningCurvesFigure];

function errorsFigure(context: ComparisonContext): Figure {
  const { comparison, laws, targetColours, suffix, heldOut } = context;
  const best = laws[0]?.mean.mre ?? 0;
  const end = best > 0 ? TIMES_BEST * best : undefined;
  const rows = comparison.laws.map(({ law, mean, targets, kind, convex }): EvidenceRow => {
    const errors = Object.entries(targets).map(([target, { mre }]) => ({ target, mre }));
    return { law, mre: mean.mre, baseline: kind === 'baseline', convex, targets: errors };
  });
  return {
    name: `${ERRORS_FIGURE}${suffix}`,
    finding: errorsFinding(context),
    caption: `${heldOut} The same runs for every law. A baseline knows no law: "mean" predicts the mean of the fitted runs, "nearest" the run with the nearest mixture. Only convex laws are optimized.${end === undefined ? '' : ' Bars with an arrow are longer than the axis, and dots beyond it are not drawn.'}`,
    draw: options => evidenceBarsChart(rows, targetColours, { ...options, ...(end === undefined ? {} : { end }) }),
  };
}

function errorsFinding({ comparison, laws }: ComparisonContext): string {
  const [best] = laws;
  const baseline = comparison.laws.find(({ kind }) => kind === 'baseline');
  if (best === undefined) return 'No law could be fitted to these runs; only the baselines are shown';
  const beside =
    baseline === undefined ? '' : `; the best naive baseline, ${baseline.law}, ${formatError(baseline.mean.mre)}`;
  return `${best.law} misses held-out losses least, by ${formatError(best.mean.mre)} on average${beside}`;
}

function learningCurvesFigure({ comparison, lawColours, suffix }: ComparisonContext): Figure | null {
  const { curves } = comparison;
  if (curves === null || curves.runs.length === 0) return null;
  const lines = curves.curves.map(({ law, kind, points }): LearningCurveLine => {
    const known = points.flatMap(({ runs, mre, draws }) =>
      mre === null ? [] : [{ runs, mre, draws: draws.filter(draw => draw !== null) }],
    );
    return { law, baseline: kind === 'baseline', points: known };
  });
  const isMissing = lines.some(({ points }) => points.length < curves.runs.length);
  const unfitted = isMissing ? ' Where a law has no point, there were too few runs to fit it.' : '';
  return {
    name: `${CURVES_FIGURE}${suffix}`,
    finding: curvesFinding(lines, curves.runs),
    caption: `Each law fitted to ${curves.runs.join(', ')} runs drawn at random (${curves.draws} draws, the same for every law) and scored on all other runs of ${comparison.measuredOn}.${unfitted} The ${lawColours.size} best laws of the comparison have colours.`,
    draw: options => learningCurvesChart(lines, lawColours, { ...options, name: `${CURVES_FIGURE}${suffix}` }),
  };
}

function curvesFinding(lines: readonly LearningCurveLine[], runs: readonly number[]): string {
  const bestAt = (count: number): LearningCurveLine | undefined =>
    lines
      .filter(line => !line.baseline && errorAt(line, count) < Number.POSITIVE_INFINITY)
      .sort((a, b) => errorAt(a, count) - errorAt(b, count))[0];
  const few = runs[0];
  const many = runs[runs.length - 1];
  const [first, last] = [bestAt(few), bestAt(many)];
  if (first === undefined || last === undefined) return 'How errors fall with the number of training runs';
  const at = (line: LearningCurveLine, count: number): string =>
    `${line.law} errs least with ${count} runs (${formatError(errorAt(line, count))})`;
  return few === many ? at(first, few) : `${at(first, few)}, ${at(last, many)}`;
}

function errorAt({ points }: LearningCurveLine, count: number): number {
  return points.find(({ runs }) => runs === count)?.mre ?? Number.POSITIVE_INFINITY;
}
