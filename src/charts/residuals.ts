/** Relative errors of the law against volume or own share: a pattern here is something the law does not know. */

import * as Plot from '@observablehq/plot';
import { formatQuantity } from '../mixture/index.ts';
import type { ChartOptions } from './chart-options.ts';
import type { LegendItem } from './legend.ts';
import { shareTick } from './number-format.ts';
import { type Panel, panelGrid } from './panel-grid.ts';
import { GREY, INK, MUTED, type Palette } from './theme.ts';
import { linearTicks, rootShareTicks } from './ticks.ts';

interface ResidualPoint {
  /** Volume, or own share of tokens. */
  readonly at: number;
  /** (predicted - observed) / observed, a fraction. */
  readonly error: number;
  readonly run: string;
}

export interface ResidualPanel {
  readonly target: string;
  readonly points: readonly ResidualPoint[];
}

export interface ResidualsOptions extends ChartOptions {
  readonly against: 'tokens' | 'steps' | 'share';
  /** Whether the points are held-out predictions or the fit's own. */
  readonly heldOut: boolean;
}

/** Errors beyond the axis are drawn at its edge; the axis then holds this part of all points. */
const SHOWN_PART = 0.99;

export function residualsChart(
  panels: readonly ResidualPanel[],
  palette: Palette,
  options: ResidualsOptions,
): SVGSVGElement {
  const { against, heldOut } = options;
  const errors = panels.flatMap(panel => panel.points.map(point => Math.abs(point.error))).sort((a, b) => a - b);
  const largest = errors[errors.length - 1] ?? 0;
  const usual = errors[Math.floor(errors.length * SHOWN_PART)] ?? largest;
  const limit = Math.max(Math.min(largest, 1.5 * usual), 1e-4) * 1.05;
  const legend: LegendItem[] = [
    { label: heldOut ? 'a held-out checkpoint' : 'a checkpoint of the fit', symbol: 'dot', colour: GREY },
    { label: 'mean error', symbol: 'line', colour: INK },
  ];
  if (largest > limit) legend.push({ label: 'beyond the axis', symbol: 'triangle', colour: MUTED });
  const what = against === 'share' ? 'own share of tokens' : `training ${against}`;
  return panelGrid(
    panels.map(panel => drawPanel(panel, limit, options, palette)),
    {
      ...options,
      description: {
        name: `residuals-${against === 'share' ? 'share' : 'volume'}`,
        alt: `Relative errors of ${heldOut ? 'held-out predictions' : 'the fit'} against ${what} for ${panels.length} domains, on one vertical scale, with the mean error as a line.`,
      },
      xLabel: against === 'share' ? `${what} (square-root scale)` : what,
      yLabel: 'predicted above (+) or below (−) observed, % of the loss',
      legend,
      aspect: 0.65,
    },
  );
}

function drawPanel(
  { target, points }: ResidualPanel,
  limit: number,
  { against }: ResidualsOptions,
  palette: Palette,
): Panel {
  const colour = palette.get(target) ?? GREY;
  const inside = points.filter(point => Math.abs(point.error) <= limit);
  const beyond = points.filter(point => Math.abs(point.error) > limit);
  const largest = points.reduce((most, point) => Math.max(most, point.at), 0);
  const axis = { domain: [0, largest], tickSize: 0, label: null };
  return {
    title: target,
    colour,
    plot: width => ({
      x:
        against === 'share'
          ? { ...axis, type: 'sqrt', ticks: rootShareTicks(largest, width, shareTick), tickFormat: shareTick }
          : { ...axis, ticks: linearTicks([0, largest], width, formatQuantity), tickFormat: formatQuantity },
      y: {
        domain: [-limit * 100, limit * 100],
        ticks: 5,
        tickSize: 0,
        label: null,
        grid: true,
        tickFormat: (percent: number) => `${percent > 0 ? '+' : ''}${Number(percent.toPrecision(3))}`.replace('-', '−'),
      },
      marks: [
        Plot.ruleY([0], { stroke: MUTED, strokeWidth: 0.8 }),
        Plot.dot(inside, { x: 'at', y: d => d.error * 100, r: 1.7, fill: colour, fillOpacity: 0.55, title: 'run' }),
        Plot.dot(beyond, {
          x: 'at',
          y: d => Math.sign(d.error) * limit * 100,
          r: 3,
          symbol: 'triangle',
          rotate: d => (d.error < 0 ? 180 : 0),
          stroke: colour,
          title: 'run',
        }),
        Plot.line(meanErrors(points), { x: 'at', y: 'error', stroke: INK, strokeWidth: 1.6 }),
      ],
    }),
  };
}

/** Mean error (in percent) and mean position of up to eight groups of neighbours of about one size. */
function meanErrors(points: readonly ResidualPoint[]): { at: number; error: number }[] {
  const sorted = [...points].sort((a, b) => a.at - b.at);
  const groups = new Map<number, ResidualPoint[]>();
  // Shares of one mixture design differ in their last digits.
  const place = (point: ResidualPoint): number => Number(point.at.toPrecision(3));
  const distinct = new Set(sorted.map(place)).size;
  if (distinct < 2) return [];
  sorted.forEach((point, index) => {
    const key =
      distinct <= 24 && distinct * 3 <= sorted.length ? place(point) : Math.floor((index * 8) / sorted.length);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [point]);
    else group.push(point);
  });
  return [...groups.values()].map(group => ({
    at: group.reduce((sum, point) => sum + point.at, 0) / group.length,
    error: (100 * group.reduce((sum, point) => sum + point.error, 0)) / group.length,
  }));
}
