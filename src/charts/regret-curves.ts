/** Regret of the mixture decided on against the number of runs made, one line a way to choose them, named in the legend. */

import * as Plot from '@observablehq/plot';
import { CHART_WIDTH, type ChartOptions } from './chart-options.ts';
import { chartSvg, placePlot } from './chart-svg.ts';
import { drawLegend, type LegendItem } from './legend.ts';
import { shareTick } from './number-format.ts';
import { svgText } from './svg-element.ts';
import { FONT_SIZE, GREY, MUTED, type Palette } from './theme.ts';

export interface RegretCurve {
  /** How runs were chosen. */
  readonly choice: string;
  /** Ascending in runs; regret as a fraction of the best loss. */
  readonly points: readonly { readonly runs: number; readonly regret: number }[];
}

export interface RegretCurvesData {
  readonly curves: readonly RegretCurve[];
  /** A regret worth reaching, drawn across. */
  readonly level: number;
  /** What the curves were measured on, in words. */
  readonly caption: string;
}

const HEIGHT = 320;
const MARGIN = { left: 48, right: 6, top: 10, bottom: 26 };

/** @param palette by choice; choices it does not know are grey */
export function regretCurvesChart(
  { curves, level, caption }: RegretCurvesData,
  palette: Palette,
  options: ChartOptions = {},
): SVGSVGElement {
  const { document = globalThis.document, width = CHART_WIDTH } = options;
  const colour = (choice: string): string => palette.get(choice) ?? GREY;
  const points = curves.flatMap(({ choice, points: own }) => own.map(point => ({ choice, ...point })));
  const largest = Math.max(level, ...points.map(({ regret }) => regret)) * 1.08;
  const runs = points.map(point => point.runs);
  const from = Math.min(...runs);
  const plot = Plot.plot({
    document,
    width,
    height: HEIGHT,
    marginLeft: MARGIN.left,
    marginRight: MARGIN.right,
    marginTop: MARGIN.top,
    marginBottom: MARGIN.bottom,
    x: { domain: [from, Math.max(from + 1, ...runs)], tickFormat: tickOfRuns, label: null, tickSize: 3 },
    y: { domain: [0, largest], grid: true, tickFormat: shareTick, label: null, ticks: 6, tickSize: 0 },
    marks: [
      Plot.ruleY([level], { stroke: MUTED, strokeDasharray: '4 3' }),
      Plot.line(points, {
        x: 'runs',
        y: 'regret',
        z: 'choice',
        stroke: point => colour(point.choice),
        strokeWidth: 2,
        curve: 'step-after',
      }),
    ],
  });
  const legend: LegendItem[] = curves.map(({ choice }) => ({ label: choice, symbol: 'line', colour: colour(choice) }));
  legend.push({ label: `${percentText(level)} above the best`, symbol: 'dashes', colour: MUTED });
  const head = drawLegend(document, legend, width, 'Runs chosen by');
  const top = head.height + 30;
  const ends = curves.map(({ choice, points: own }) => {
    const last = own[own.length - 1];
    return `${choice}: ${percentText(own[0].regret)} at ${own[0].runs} runs, ${percentText(last.regret)} at ${last.runs}`;
  });
  const description = {
    name: 'regret-curves',
    alt: `Median regret of the mixture decided on against the number of runs. ${caption}. ${ends.join('; ')}.`,
  };
  return chartSvg(document, description, width, top + HEIGHT + 36, [
    head.element,
    svgText(document, '↑ loss of the mixture decided on, above the best', 0, head.height + 16, { fill: MUTED }),
    placePlot(document, plot, 0, top, FONT_SIZE),
    svgText(document, 'runs made →', width, top + HEIGHT + 12, { fill: MUTED, anchor: 'end' }),
    svgText(document, caption, 0, top + HEIGHT + 30, { fill: MUTED }),
  ]);
}

function tickOfRuns(runs: number): string {
  return Number.isInteger(runs) ? String(runs) : '';
}

function percentText(fraction: number): string {
  return `${Number((100 * fraction).toFixed(2))} %`;
}
