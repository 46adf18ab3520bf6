/** What two groups of evaluation domains cost each other. */

import { type ChartOptions, formatLoss, formatShare, formatVolume, paretoFrontChart } from '../../charts/index.ts';
import type { ParetoFront, ParetoPoint } from '../../optimize/index.ts';
import type { ReportContext } from '../report-context.ts';
import type { Figure } from './figure.ts';

/** A smaller share is not named in the chart. */
const WORTH_NAMING = 0.01;

export function paretoFrontFigure({ input, fitted, measuredOn }: ReportContext): Figure | null {
  const { front } = input;
  if (front === null) return null;
  const { volume, points } = front;
  const at = volume.value === null || volume.unit === 'none' ? '' : ` at ${formatVolume(volume.value, volume.unit)}`;
  return {
    name: 'pareto-front',
    finding: frontFinding(front),
    caption: `Weighted mean losses of the two groups${at}, by ${fitted.law}, at ${points.length} optima; between neighbours no allowed mixture is below the line by more than ${front.between.toExponential(0)} nats. Runs and the reference mixture are drawn where the law predicts them at this budget, whether or not the bounds allow them. Law fitted on ${measuredOn}.`,
    draw: options => drawFront(front, options),
  };
}

/** The chart alone. */
export function drawFront(front: ParetoFront, options: ChartOptions): SVGSVGElement {
  const { groups, points, reference, runs } = front;
  return paretoFrontChart(
    {
      names: { first: groups.first.join(', '), second: groups.second.join(', ') },
      points: points.map(point => ({ first: point.first, second: point.second, shares: largestShares(point) })),
      reference,
      runs,
    },
    options,
  );
}

function largestShares({ mixture }: ParetoPoint): string {
  const sorted = Object.entries(mixture).sort(([, a], [, b]) => b - a);
  return sorted
    .slice(0, 3)
    .filter(([, share]) => share >= WORTH_NAMING)
    .map(([domain, share]) => `${domain} ${formatShare(share)}`)
    .join(', ');
}

function frontFinding({ groups, points }: ParetoFront): string {
  const [start, end] = [points[0], points[points.length - 1]];
  const [first, second] = [listed(groups.first), listed(groups.second)];
  if (points.length === 1) return `One mixture is the best for ${first} and for ${second}`;
  return `The best mixture for ${first} costs ${second} ${formatLoss(start.second - end.second)} nats per token; the best for ${second} costs ${first} ${formatLoss(end.first - start.first)}`;
}

/** `web, code and books`. */
function listed(names: readonly string[]): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names[names.length - 1]}`;
}
