/** Loss against a domain's own share of tokens, one panel a domain: what more of a domain buys it. */

import * as Plot from '@observablehq/plot';
import type { ChartOptions } from './chart-options.ts';
import { paddedExtent } from './extent.ts';
import type { LegendItem } from './legend.ts';
import { shareTick } from './number-format.ts';
import { type Panel, panelGrid } from './panel-grid.ts';
import { GREY, INK, MUTED, type Palette } from './theme.ts';
import { rootShareTicks } from './ticks.ts';

/** A loss in nats per token at a share of tokens. */
interface SharePoint {
  readonly share: number;
  readonly loss: number;
}

export interface LossSharePanel {
  /** Evaluation domain with a training domain of its own. */
  readonly target: string;
  /** Measured, one point a run. */
  readonly runs: readonly (SharePoint & { readonly run: string })[];
  /** The law along the own share. */
  readonly law: readonly SharePoint[];
  /** The law at the proposed mixture. */
  readonly proposed: SharePoint | null;
}

/** @param lawLabel how the other domains move along the law's line, for the legend */
export function lossShareChart(
  panels: readonly LossSharePanel[],
  lawLabel: string,
  palette: Palette,
  options: ChartOptions = {},
): SVGSVGElement {
  const legend: LegendItem[] = [
    { label: 'a run', symbol: 'dot', colour: GREY },
    { label: lawLabel, symbol: 'line', colour: MUTED },
  ];
  if (panels.some(panel => panel.proposed !== null)) {
    legend.push({ label: 'the proposed mixture', symbol: 'diamond', colour: INK });
  }
  const largest = Math.max(
    ...panels.flatMap(panel => [...panel.runs.map(run => run.share), panel.proposed?.share ?? 0]),
  );
  return panelGrid(
    panels.map(panel => drawPanel(panel, largest, palette)),
    {
      ...options,
      description: {
        name: 'loss-share',
        alt: `Loss in nats per token against the own share of tokens for ${panels.length} domains; dots are runs, the line is the law. The share axis is a square-root scale.`,
      },
      xLabel: 'own share of tokens (square-root scale)',
      yLabel: 'loss, nats per token',
      legend,
      aspect: 0.85,
    },
  );
}

function drawPanel({ target, runs, law, proposed }: LossSharePanel, largest: number, palette: Palette): Panel {
  const colour = palette.get(target) ?? GREY;
  const limit = largest * 1.04;
  const measured = paddedExtent(runs.map(run => run.loss));
  // A law that runs off to infinity at share 0 must not squeeze the runs into a line.
  const ceiling = measured[1] + 0.15 * (measured[1] - measured[0]);
  const visible = law.filter(point => point.loss <= ceiling && point.share <= limit);
  return {
    title: target,
    colour,
    plot: width => ({
      x: {
        type: 'sqrt',
        domain: [0, limit],
        ticks: rootShareTicks(limit, width, shareTick),
        tickSize: 0,
        label: null,
        tickFormat: shareTick,
      },
      y: {
        domain: paddedExtent([...runs, ...visible, ...(proposed === null ? [] : [proposed])].map(point => point.loss)),
        ticks: 5,
        tickSize: 0,
        label: null,
        grid: true,
      },
      marks: [
        Plot.dot(runs, { x: 'share', y: 'loss', r: 2, fill: colour, fillOpacity: 0.55, title: 'run' }),
        Plot.line(visible, { x: 'share', y: 'loss', stroke: INK, strokeWidth: 1.2 }),
        Plot.dot(proposed === null ? [] : [proposed], {
          x: 'share',
          y: 'loss',
          r: 5,
          symbol: 'diamond',
          fill: INK,
          stroke: 'white',
        }),
      ],
    }),
  };
}
