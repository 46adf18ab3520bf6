/** Loss against data volume, one panel a domain, one curve a run: dots were measured, lines are the law. */

import * as Plot from '@observablehq/plot';
import { formatQuantity } from '../mixture/index.ts';
import type { ChartOptions } from './chart-options.ts';
import { paddedExtent } from './extent.ts';
import type { LegendItem } from './legend.ts';
import { type Panel, panelGrid } from './panel-grid.ts';
import { type ShareClasses, shareClasses } from './share-classes.ts';
import { GREY, MUTED, type Palette } from './theme.ts';
import { linearTicks } from './ticks.ts';

export interface LossCurve {
  readonly run: string;
  /** Share of tokens of the panel's own domain in this run; null where it has none. */
  readonly ownShare: number | null;
  /** Losses in nats per token; `warmUp` marks checkpoints left out of the fit. */
  readonly observed: readonly { readonly volume: number; readonly loss: number; readonly warmUp: boolean }[];
  /** The law's loss on a grid of volumes. */
  readonly law: readonly { readonly volume: number; readonly loss: number }[];
}

export interface LossCurvesPanel {
  readonly target: string;
  readonly curves: readonly LossCurve[];
}

/** @param unit what volume counts */
export function lossCurvesChart(
  panels: readonly LossCurvesPanel[],
  unit: 'tokens' | 'steps',
  palette: Palette,
  options: ChartOptions = {},
): SVGSVGElement {
  const curves = panels.flatMap(panel => panel.curves);
  const shares = curves.flatMap(curve => (curve.ownShare === null ? [] : [curve.ownShare]));
  const classes = shares.length > 0 ? shareClasses(shares) : null;
  const legend: LegendItem[] = (classes?.classes ?? []).map(({ label, colour }) => ({ label, colour, symbol: 'bar' }));
  legend.push({ label: 'measured', symbol: 'dot', colour: MUTED }, { label: 'the law', symbol: 'line', colour: MUTED });
  if (curves.some(curve => curve.observed.some(point => point.warmUp))) {
    legend.push({ label: 'warm-up, not in the fit', symbol: 'ring', colour: MUTED });
  }
  const largest = Math.max(...curves.flatMap(curve => curve.observed.map(point => point.volume)));
  return panelGrid(
    panels.map(panel => drawPanel(panel, largest, classes, palette)),
    {
      ...options,
      description: {
        name: 'loss-curves',
        alt: `Loss in nats per token against training ${unit} for ${panels.length} domains; dots are measured losses of single runs, lines the law's, coloured by the run's share of tokens of that domain.`,
      },
      xLabel: `training ${unit}`,
      yLabel: 'loss, nats per token',
      legend,
      ...(classes === null ? {} : { legendTitle: 'Own share of tokens' }),
      aspect: 0.85,
    },
  );
}

function drawPanel(
  { target, curves }: LossCurvesPanel,
  largest: number,
  classes: ShareClasses | null,
  palette: Palette,
): Panel {
  const colourOf = (curve: LossCurve): string =>
    curve.ownShare === null || classes === null ? GREY : classes.colourOf(curve.ownShare);
  const marks: Plot.Markish[] = [];
  for (const curve of curves) {
    const stroke = colourOf(curve);
    const dots = { x: 'volume', y: 'loss', title: () => curve.run };
    marks.push(
      Plot.line(curve.law, { x: 'volume', y: 'loss', stroke, strokeWidth: 1 }),
      Plot.dot(
        curve.observed.filter(point => !point.warmUp),
        { ...dots, r: 2, fill: stroke },
      ),
      Plot.dot(
        curve.observed.filter(point => point.warmUp),
        { ...dots, r: 2, stroke, strokeWidth: 1 },
      ),
    );
  }
  const losses = curves.flatMap(curve => [...curve.observed, ...curve.law].map(point => point.loss));
  return {
    title: target,
    colour: palette.get(target) ?? GREY,
    plot: width => ({
      x: {
        domain: [0, largest],
        ticks: linearTicks([0, largest], width, formatQuantity),
        tickSize: 0,
        label: null,
        tickFormat: formatQuantity,
      },
      y: { domain: paddedExtent(losses), ticks: 5, tickSize: 0, label: null, grid: true },
      marks,
    }),
  };
}
