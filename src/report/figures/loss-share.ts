/** Loss against a domain's own share, with the law along it. */

import { formatError, formatVolume, type LossSharePanel, lossShareChart, thin } from '../../charts/index.ts';
import type { FittedTarget } from '../../laws/index.ts';
import { isLastOfRun, lossAt, mixtureOfRun } from '../../observations/index.ts';
import type { ReportContext } from '../report-context.ts';
import { choosePanels, type Figure, MAX_DOTS, thinnedNote } from './figure.ts';
import { shareOfOwn } from './loss-curves.ts';
import { lossOfTarget } from './predictions.ts';

const GRID = 48;

export function lossShareFigure(context: ReportContext): Figure | null {
  const { targets, table, fitted, targetColours, input } = context;
  const varying = targets.filter(target => target.own !== null && target.shareVaries);
  if (varying.length === 0) return null;
  const { shown, note } = choosePanels(varying, target => shareOfOwn(context, target), 'those with the largest shares');
  const limit = Math.floor(MAX_DOTS / shown.length);
  const panels = shown.map(target => panelOf(context, target, limit));
  const gains = varying.map(target => ({ ...target, gain: gainOf(context, target) }));
  const most = gains.reduce((a, b) => (b.gain > a.gain ? b : a));
  const least = gains.reduce((a, b) => (b.gain < a.gain ? b : a));
  const drawn = panels.reduce((sum, panel) => sum + panel.runs.length, 0);
  const total = Math.max(drawn, shown.length * table.runs.length);
  const at = fitted.volume.unit === 'none' ? '' : ` at ${formatVolume(fitted.volume.largest, fitted.volume.unit)}`;
  const middle = input.proposal === null ? "the runs' mean" : 'the proposed';
  const slice =
    fitted.law === 'bimix' ? 'the law' : `the law, the other domains in the proportions of ${middle} mixture`;
  const span = 'from the 10th to the 90th percentile of its shares';
  return {
    name: 'loss-share',
    finding:
      most === least
        ? `More of its own tokens lowers the loss of ${most.target} by ${formatError(most.gain)}, ${span}`
        : `More of its own tokens lowers the loss of ${most.target} most (by ${formatError(most.gain)}), that of ${least.target} least (${formatError(least.gain)}), ${span}`,
    caption: `Points: each run at its last checkpoint; line and diamond: the law${at}. Runs: ${context.measuredOn}.${note}${thinnedNote(drawn, total, 'runs')}`,
    draw: options => lossShareChart(panels, slice, targetColours, options),
  };
}

function panelOf(context: ReportContext, target: FittedTarget, limit: number): LossSharePanel {
  const { table, fitted, input } = context;
  const index = table.evaluationDomains.indexOf(target.target);
  const own = ownIndex(context, target);
  const runs: { share: number; loss: number; run: string }[] = [];
  table.rowRun.forEach((run, row) => {
    const loss = isLastOfRun(table, row) ? lossAt(table, row, index) : Number.NaN;
    if (!Number.isNaN(loss))
      runs.push({ share: mixtureOfRun(table, run)[own], loss, run: `run ${table.runs[run].name}` });
  });
  runs.sort((a, b) => a.share - b.share);
  const share = context.centre[own];
  const largest = Math.max(runs[runs.length - 1]?.share ?? 1, input.proposal === null ? 0 : share);
  const law = Array.from({ length: GRID }, (_, i) => {
    const along = largest * (i / (GRID - 1)) ** 2;
    return { share: along, loss: lossAlong(context, target, along) };
  });
  const proposed = input.proposal === null ? null : { share, loss: lossAlong(context, target, share) };
  const visible = law.filter(point => point.share >= (fitted.law === 'bimix' ? context.law.smallestShare : 0));
  return { target: target.target, runs: thin(runs, limit), law: visible, proposed };
}

/** How far the loss falls from the tenth to the ninetieth percentile of the own share, a fraction. */
function gainOf(context: ReportContext, target: FittedTarget): number {
  const { table } = context;
  const own = ownIndex(context, target);
  const sorted = table.runs.map((_, run) => mixtureOfRun(table, run)[own]).sort((a, b) => a - b);
  const quantile = (part: number): number => sorted[Math.round(part * (sorted.length - 1))];
  return 1 - lossAlong(context, target, quantile(0.9)) / lossAlong(context, target, quantile(0.1));
}

/** The law at the largest volume, with this own share and the others in the proportions of the middle mixture. */
function lossAlong(context: ReportContext, target: FittedTarget, share: number): number {
  const { fitted, centre } = context;
  const own = ownIndex(context, target);
  const others = 1 - centre[own];
  const shares = centre.map((other, j) => {
    if (j === own) return share;
    return others > 1e-9 ? (other * (1 - share)) / others : (1 - share) / (centre.length - 1);
  });
  return lossOfTarget(context, target, fitted.volume.largest).value(shares);
}

function ownIndex({ table }: ReportContext, { own }: FittedTarget): number {
  return table.trainingDomains.indexOf(own as string);
}
