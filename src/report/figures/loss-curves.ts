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
  const { targets, table, fitted, targetColours } = context;
  const unit = table.volumeUnit;
  const varying = targets.filter(target => target.volumeVaries);
  if (unit === 'none' || varying.length === 0) return null;
  const { shown, note } = choosePanels(varying, target => shareOfOwn(context, target), 'those with the largest shares');
  const panels = shown.map(target => panelOf(context, target));
  const range = `from ${roundQuantity(firstFitted(context))} to ${formatVolume(fitted.volume.largest, unit)}`;
  const runs = Math.min(RUNS, table.runs.length);
  return {
    name: 'loss-curves',
    finding: curvesFinding(panels, range, unit),
    caption: `${runs} of ${formatCount(table.runs.length, 'run')} in each panel, from the smallest to the largest own share. Runs: ${context.measuredOn}.${note}`,
    draw: options => lossCurvesChart(panels, unit, targetColours, options),
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

/** A curve that rises by less than this part of its loss does not rise. */
const RISE = 1e-4;

/** From every point of every curve drawn: the least and the largest fall, and whether a curve rises on its way. */
function curvesFinding(panels: readonly LossCurvesPanel[], range: string, unit: 'tokens' | 'steps'): string {
  const curves = panels.flatMap(({ target, curves: own }) => own.map(({ law }) => ({ target, ...fallAndRise(law) })));
  const most = curves.reduce((a, b) => (b.fall > a.fall ? b : a));
  const least = curves.reduce((a, b) => (b.fall < a.fall ? b : a));
  const steepest = curves.reduce((a, b) => (b.rise > a.rise ? b : a));
  const said =
    most.target === least.target
      ? `${range} the loss of ${most.target} falls by ${formatError(least.fall)} to ${formatError(most.fall)}, depending on the run`
      : `${range} a run's loss falls by ${formatError(least.fall)} (${least.target}, the least) to ${formatError(most.fall)} (${most.target}, the most)`;
  const rises =
    steepest.rise < RISE
      ? ''
      : `; that of ${steepest.target} rises on the way, by up to ${formatError(steepest.rise)} at ${formatVolume(steepest.at, unit)}`;
  return `By the law, ${said}${rises}`;
}

/** Fall from the first point to the last and largest rise above a point before, parts of the loss, with the volume of that rise. */
function fallAndRise(law: LossCurve['law']): { fall: number; rise: number; at: number } {
  let lowest = law[0].loss;
  let [rise, at] = [0, law[0].volume];
  for (const { loss, volume } of law) {
    lowest = Math.min(lowest, loss);
    if (loss / lowest - 1 > rise) [rise, at] = [loss / lowest - 1, volume];
  }
  return { fall: 1 - law[law.length - 1].loss / law[0].loss, rise, at };
}

/** The smallest volume that is no warm-up. */
function firstFitted({ table, fitted }: ReportContext): number {
  const warmUp = new Set(fitted.warmUp.excluded);
  return table.rowVolume.reduce((least, volume) => (warmUp.has(volume) ? least : Math.min(least, volume)), Infinity);
}

/** Share of the target's own domain in the middle mixture. */
export function shareOfOwn({ table, centre }: ReportContext, { own }: FittedTarget): number {
  return own === null ? 0 : centre[table.trainingDomains.indexOf(own)];
}
