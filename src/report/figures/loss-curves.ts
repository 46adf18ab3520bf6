/** Loss curves of single runs by domain, with the law through them. */

import {
  formatCount,
  formatError,
  formatVolume,
  type LossCurve,
  type LossCurvesPanel,
  lossCurvesChart,
  roundQuantity,
  thin,
} from '../../charts/index.ts';
import type { FittedTarget } from '../../laws/index.ts';
import { lossAt, mixtureOfRun } from '../../observations/index.ts';
import type { ReportContext } from '../report-context.ts';
import { choosePanels, type Figure } from './figure.ts';
import { lossOfTarget } from './predictions.ts';

const RUNS = 8;
const CHECKPOINTS = 24;
const GRID = 32;

export function lossCurvesFigure(context: ReportContext): Figure | null {
  const { targets, table, fitted, targetColours, document } = context;
  const unit = table.volumeUnit;
  const varying = targets.filter(target => target.volumeVaries);
  if (unit === 'none' || varying.length === 0) return null;
  const { shown, note } = choosePanels(varying, target => shareOfOwn(context, target), 'those with the largest shares');
  const panels = shown.map(target => panelOf(context, target));
  const falls = varying.map(target => ({ target: target.target, fall: fallOf(context, target) }));
  const most = falls.reduce((a, b) => (b.fall > a.fall ? b : a));
  const least = falls.reduce((a, b) => (b.fall < a.fall ? b : a));
  const range = `From ${roundQuantity(firstFitted(context))} to ${formatVolume(fitted.volume.largest, unit)}`;
  const runs = Math.min(RUNS, table.runs.length);
  return {
    name: 'loss-curves',
    finding:
      most === least
        ? `${range} the loss of ${most.target} falls by ${formatError(most.fall)}`
        : `${range} the losses fall by ${formatError(least.fall)} (${least.target}) to ${formatError(most.fall)} (${most.target})`,
    caption: `${runs} of ${formatCount(table.runs.length, 'run')} in each panel, from the smallest to the largest own share. Runs: ${context.measuredOn}.${note}`,
    svg: lossCurvesChart(panels, unit, targetColours, { document }),
  };
}

function panelOf(context: ReportContext, target: FittedTarget): LossCurvesPanel {
  const { table } = context;
  const own = target.own === null ? -1 : table.trainingDomains.indexOf(target.own);
  const share = (run: number): number => (own < 0 ? 0 : mixtureOfRun(table, run)[own]);
  const runs = table.runs.map((_, run) => run).sort((a, b) => share(a) - share(b));
  const curves = thin(runs, RUNS).map(run => curveOf(context, target, run, own < 0 ? null : share(run)));
  return { target: target.target, curves };
}

function curveOf(context: ReportContext, target: FittedTarget, run: number, ownShare: number | null): LossCurve {
  const { table, fitted } = context;
  const index = table.evaluationDomains.indexOf(target.target);
  const warmUp = new Set(fitted.warmUp.excluded);
  const observed: LossCurve['observed'][number][] = [];
  table.rowRun.forEach((rowRun, row) => {
    const loss = rowRun === run ? lossAt(table, row, index) : Number.NaN;
    const volume = table.rowVolume[row];
    if (!Number.isNaN(loss)) observed.push({ volume, loss, warmUp: warmUp.has(volume) });
  });
  const first = firstFitted(context);
  const last = fitted.volume.largest;
  const shares = mixtureOfRun(table, run);
  const law = Array.from({ length: GRID }, (_, i) => {
    const volume = first * (last / first) ** (i / (GRID - 1));
    return { volume, loss: lossOfTarget(context, target, volume).value(shares) };
  });
  return { run: `run ${table.runs[run].name}`, ownShare, observed: thin(observed, CHECKPOINTS), law };
}

/** The smallest volume that is no warm-up. */
function firstFitted({ table, fitted }: ReportContext): number {
  const warmUp = new Set(fitted.warmUp.excluded);
  return table.rowVolume.reduce((least, volume) => (warmUp.has(volume) ? least : Math.min(least, volume)), Infinity);
}

/** How far the loss falls over the volumes of the fit at the middle mixture, a fraction. */
function fallOf(context: ReportContext, target: FittedTarget): number {
  const { fitted, centre } = context;
  const at = (volume: number): number => lossOfTarget(context, target, volume).value(centre);
  return 1 - at(fitted.volume.largest) / at(firstFitted(context));
}

/** Share of the target's own domain in the middle mixture. */
export function shareOfOwn({ table, centre }: ReportContext, { own }: FittedTarget): number {
  return own === null ? 0 : centre[table.trainingDomains.indexOf(own)];
}
