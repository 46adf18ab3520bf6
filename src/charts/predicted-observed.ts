/** Predicted against observed loss, one panel a domain: the closer to the diagonal, the better the law. */

import * as Plot from '@observablehq/plot';
import type { ChartOptions } from './chart-options.ts';
import { paddedExtent } from './extent.ts';
import type { LegendItem } from './legend.ts';
import { formatError } from './number-format.ts';
import { type Panel, panelGrid } from './panel-grid.ts';
import { GREY, INK, MUTED, type Palette } from './theme.ts';
import { linearTicks } from './ticks.ts';

/** Losses in nats per token. */
interface PredictedPoint {
  readonly observed: number;
  readonly predicted: number;
  /** Shown when pointed at, for example `run 12 at 4B tokens`. */
  readonly label: string;
}

export interface PredictedPanel {
  /** Evaluation domain. */
  readonly target: string;
  /** Mean relative error of the held-out points, or of the fitted ones where there are none. */
  readonly mre: number;
  /** Points the law was fitted on. */
  readonly fitted: readonly PredictedPoint[];
  /** Points it had not seen when it predicted them. */
  readonly heldOut: readonly PredictedPoint[];
}

/**
 * Draws predicted against observed losses, a panel for each domain.
 *
 * @example
 * ```js
 * import { domainPalette, predictedObservedChart } from 'bimix';
 *
 * const points = table.runs.slice(0, 2).map(({ name }, i) => ({ label: name, observed: 2 + i, predicted: 2.1 + i }));
 * const panel = { target: 'web', mre: 0.05, fitted: points, heldOut: [] };
 * const svg = predictedObservedChart([panel], domainPalette(['web']), { document });
 * ```
 */
export function predictedObservedChart(
  panels: readonly PredictedPanel[],
  palette: Palette,
  options: ChartOptions = {},
): SVGSVGElement {
  const heldOut = panels.some(panel => panel.heldOut.length > 0);
  const fitted = panels.some(panel => panel.fitted.length > 0);
  const legend: LegendItem[] = [];
  if (heldOut) legend.push({ label: 'held out: the law had not seen the run', symbol: 'dot', colour: INK });
  if (fitted) legend.push({ label: 'in the fit', symbol: 'dot', colour: GREY });
  legend.push({ label: 'prediction = observation', symbol: 'line', colour: MUTED });
  const worst = Math.max(...panels.map(panel => panel.mre));
  return panelGrid(
    panels.map(panel => drawPanel(panel, palette)),
    {
      ...options,
      description: {
        name: 'predicted-observed',
        alt: `Predicted against observed loss in nats per token for ${panels.length} domains, each a panel with the diagonal. The largest mean relative error of a panel is ${formatError(worst)}.`,
      },
      xLabel: 'observed loss, nats per token',
      yLabel: 'predicted loss, nats per token',
      legend,
      legendTitle: 'Losses',
      noteLabel: heldOut
        ? 'right of each name: mean relative error, held out'
        : 'right of each name: mean relative error in the fit',
      aspect: 1,
    },
  );
}

function drawPanel({ target, mre, fitted, heldOut }: PredictedPanel, palette: Palette): Panel {
  const domain = paddedExtent([...fitted, ...heldOut].flatMap(point => [point.observed, point.predicted]));
  const channels = { x: 'observed', y: 'predicted', title: 'label' } as const;
  const colour = palette.get(target) ?? GREY;
  return {
    title: target,
    colour,
    note: formatError(mre),
    plot: width => {
      const axis = lossAxis(domain, width);
      return {
        x: axis,
        y: axis,
        marks: [
          Plot.line(
            [domain, domain].map((ends, index) => ({ at: ends[index] })),
            { x: 'at', y: 'at', stroke: MUTED },
          ),
          Plot.dot(fitted, { x: 'observed', y: 'predicted', r: 1.8, fill: GREY, fillOpacity: 0.6 }),
          Plot.dot(heldOut, { ...channels, r: 2.1, fill: colour, fillOpacity: 0.75 }),
        ],
      };
    },
  };
}

function lossAxis(domain: [number, number], width: number): Plot.ScaleOptions {
  return { domain, ticks: linearTicks(domain, width, String, 5), tickSize: 0, label: null, grid: true };
}
