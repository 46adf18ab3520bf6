/** Held-out error against the number of training runs, one line a law, named at its end; both axes logarithmic. */

import * as Plot from '@observablehq/plot';
import { CHART_WIDTH, type ChartOptions, isNarrow } from './chart-options.ts';
import { chartSvg, placePlot } from './chart-svg.ts';
import { shortLabel, textWidth } from './label.ts';
import { spreadLabels } from './label-column.ts';
import { drawLegend, type LegendItem } from './legend.ts';
import { formatError } from './number-format.ts';
import { svgElement, svgText } from './svg-element.ts';
import { FONT_SIZE, GREY, INK, MUTED, type Palette } from './theme.ts';
import { logTicks } from './ticks.ts';

export interface LearningCurveLine {
  readonly law: string;
  readonly baseline: boolean;
  /** Mean relative errors, fractions, ascending in runs. */
  readonly points: readonly { readonly runs: number; readonly mre: number; readonly draws: readonly number[] }[];
}

export interface LearningCurvesOptions extends ChartOptions {
  /** Begins the chart's ids, where a page has several; defaults to `learning-curves`. */
  readonly name?: string;
}

const HEIGHT = 420;
const MARGIN = { left: 44, right: 6, top: 10, bottom: 26 };
const LABEL_GAP = 15;
/** Errors beyond this many times the worst baseline are cut off. */
const FAR_WORSE = 1.5;

/**
 * @param lines best first
 * @param palette by law; laws it does not know are grey
 */
export function learningCurvesChart(
  lines: readonly LearningCurveLine[],
  palette: Palette,
  options: LearningCurvesOptions = {},
): SVGSVGElement {
  const { document = globalThis.document, width = CHART_WIDTH } = options;
  const narrow = isNarrow(width);
  const drawn = lines.filter(line => line.points.length > 0);
  const colour = ({ law, baseline }: LearningCurveLine): string => (baseline ? GREY : (palette.get(law) ?? GREY));
  const y = errorExtent(drawn);
  const runs = [...new Set(drawn.flatMap(line => line.points.map(point => point.runs)))].sort((a, b) => a - b);
  const x = runs.length === 1 ? [runs[0] / 2, runs[0] * 2] : [runs[0] / 1.04, runs[runs.length - 1] * 1.02];
  const ends = drawn.map(line => line.points[line.points.length - 1]);
  const labels = drawn.map(({ law }, i) => ({
    name: shortLabel(law, narrow ? 96 : 170, FONT_SIZE),
    figure: narrow ? '' : formatError(ends[i].mre),
  }));
  const labelWidth =
    Math.max(...labels.map(({ name, figure }) => textWidth(name, FONT_SIZE * 1.1) + textWidth(figure, FONT_SIZE))) +
    (narrow ? 20 : 38);
  const plotWidth = width - labelWidth;
  const points = drawn.flatMap(line => line.points.map(point => ({ line, ...point })));
  const within = (mre: number): boolean => mre >= y[0] && mre <= y[1];
  const plot = Plot.plot({
    document,
    width: plotWidth,
    height: HEIGHT,
    marginLeft: MARGIN.left,
    marginRight: MARGIN.right,
    marginTop: MARGIN.top,
    marginBottom: MARGIN.bottom,
    x: { type: 'log', domain: x, ticks: spacedRuns(runs, x, plotWidth), tickFormat: String, label: null, tickSize: 3 },
    y: { type: 'log', domain: y, ticks: logTicks(y, 7), tickFormat: percentTick, grid: true, label: null, tickSize: 0 },
    marks: [
      Plot.dot(
        points.flatMap(({ line, runs: at, draws }) => draws.filter(within).map(mre => ({ line, runs: at, mre }))),
        { x: 'runs', y: 'mre', r: 1.8, fill: point => colour(point.line), fillOpacity: 0.35 },
      ),
      ...drawn.toReversed().flatMap(line => [
        Plot.line(line.points, {
          x: 'runs',
          y: 'mre',
          stroke: colour(line),
          strokeWidth: palette.has(line.law) ? 2 : 1.2,
          ...(line.baseline ? { strokeDasharray: '4 3' } : {}),
          clip: true,
        }),
        Plot.dot(
          line.points.filter(({ mre }) => within(mre)),
          {
            x: 'runs',
            y: 'mre',
            r: 3,
            fill: colour(line),
            title: point => `${line.law}, ${point.runs} runs: ${formatError(point.mre)}`,
          },
        ),
      ]),
    ],
  });
  const legend: LegendItem[] = [
    { label: 'a law, mean over draws of training runs', symbol: 'line', colour: INK },
    { label: 'a naive baseline', symbol: 'dashes', colour: GREY },
    { label: 'one draw (small)', symbol: 'dot', colour: GREY },
  ];
  const head = drawLegend(document, legend, width);
  const top = head.height + 30;
  const bottom = HEIGHT - MARGIN.bottom;
  const place = (value: number, [low, high]: readonly number[]): number => Math.log(value / low) / Math.log(high / low);
  const yOf = (mre: number): number => bottom - Math.min(Math.max(place(mre, y), 0), 1) * (bottom - MARGIN.top);
  const xOf = (count: number): number => MARGIN.left + place(count, x) * (plotWidth - MARGIN.left - MARGIN.right);
  const heights = spreadLabels(
    ends.map(({ mre }) => yOf(mre)),
    LABEL_GAP,
    MARGIN.top,
    bottom,
  );
  const children: Element[] = [
    head.element,
    svgText(document, '↑ mean relative error on all other runs (logarithmic)', 0, head.height + 16, { fill: MUTED }),
    placePlot(document, plot, 0, top, FONT_SIZE),
    svgText(document, 'training runs (logarithmic) →', plotWidth, top + HEIGHT + 12, { fill: MUTED, anchor: 'end' }),
  ];
  labels.forEach(({ name, figure }, index) => {
    const labelY = top + heights[index];
    const from = Math.max(xOf(ends[index].runs) + 4, MARGIN.left);
    const leader = `M${from},${top + yOf(ends[index].mre)}L${plotWidth + 14},${labelY}`;
    children.push(
      svgElement(document, 'path', { d: leader, stroke: colour(drawn[index]), fill: 'none', 'stroke-opacity': 0.6 }),
      svgText(document, name, plotWidth + 18, labelY + 4, palette.has(drawn[index].law) ? { weight: 600 } : {}),
      ...(narrow ? [] : [svgText(document, figure, width, labelY + 4, { fill: MUTED, anchor: 'end' })]),
    );
  });
  const description = {
    name: options.name ?? 'learning-curves',
    alt: `Mean relative error on runs not fitted, against ${runs.join(', ')} training runs, logarithmic. ${drawn
      .slice(0, 4)
      .map(
        ({ law, points: own }, i) =>
          `${law}: ${formatError(own[0].mre)} with ${own[0].runs}, ${formatError(ends[i].mre)} with ${ends[i].runs}`,
      )
      .join('; ')}.`,
  };
  return chartSvg(document, description, width, top + HEIGHT + 20, children);
}

/** From the lowest error, draws included, to the highest that is not far worse than the worst baseline. */
function errorExtent(lines: readonly LearningCurveLine[]): [number, number] {
  const reach = (wanted: readonly LearningCurveLine[]): number[] =>
    wanted.flatMap(({ points }) => points.flatMap(({ mre, draws }) => [mre, ...draws])).filter(mre => mre > 0);
  const all = reach(lines);
  const baselines = reach(lines.filter(({ baseline }) => baseline));
  const low = all.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  const high = all.reduce((a, b) => Math.max(a, b), 0);
  const limit = baselines.length === 0 ? high : FAR_WORSE * baselines.reduce((a, b) => Math.max(a, b), 0);
  if (!(low < high)) return [0.001, 0.1];
  return [low / 1.12, Math.min(high, limit) * 1.08];
}

/** Those numbers of runs whose labels do not touch; the last one always. */
function spacedRuns(runs: readonly number[], [low, high]: readonly number[], width: number): number[] {
  const at = (count: number): number => (Math.log(count / low) / Math.log(high / low)) * width;
  const kept: number[] = [];
  for (const count of runs.toReversed()) {
    const next = kept[kept.length - 1];
    if (next === undefined || at(next) - at(count) > textWidth(String(next), FONT_SIZE) + 8) kept.push(count);
  }
  return kept.reverse();
}

function percentTick(mre: number): string {
  return `${Number((mre * 100).toPrecision(2))}%`;
}
