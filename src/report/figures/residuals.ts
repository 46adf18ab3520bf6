/** Relative errors against volume and against the own share. */

import { formatChange, type ResidualPanel, residualsChart, thin } from '../../charts/index.ts';
import type { FittedTarget } from '../../laws/index.ts';
import type { ReportContext } from '../report-context.ts';
import { choosePanels, type Figure, MAX_DOTS, thinnedNote } from './figure.ts';
import {
  errorOfTarget,
  fittedPredictions,
  heldOutPredictions,
  ownShare,
  type Predictions,
  relativeError,
  rowLabel,
  sortedBy,
} from './predictions.ts';

export function volumeResidualsFigure(context: ReportContext): Figure | null {
  const { table, targets } = context;
  if (table.volumeUnit === 'none' || !targets.some(target => target.volumeVaries)) return null;
  const { figure, parts } = residuals(context, table.volumeUnit, (_, row) => table.rowVolume[row]);
  const biases = parts.map(({ target, predictions }) => ({ target, bias: meanError(predictions) }));
  const largest = biases.reduce((a, b) => (Math.abs(b.bias) > Math.abs(a.bias) ? b : a));
  const lean = Math.abs(largest.bias) < 0.002 ? 'Hardly any bias' : 'The errors are biased';
  return {
    ...figure,
    name: 'residuals-volume',
    finding: `${lean}: the largest mean error of a domain is ${formatChange(largest.bias)} (${largest.target.target})`,
  };
}

export function shareResidualsFigure(context: ReportContext): Figure | null {
  if (!context.targets.some(target => target.shareVaries && target.own !== null)) return null;
  const { figure, parts } = residuals(context, 'share', (target, row) => ownShare(context, target, row));
  let worst = { error: 0, where: '' };
  let within = 0;
  let count = 0;
  for (const { target, predictions } of parts) {
    for (let n = 0; n < predictions.rows.length; n++) {
      const error = relativeError(predictions, n);
      if (Math.abs(error) < 0.01) within++;
      if (Math.abs(error) > Math.abs(worst.error) || worst.where === '')
        worst = { error, where: `${target.target}, ${rowLabel(context, predictions.rows[n])}` };
      count++;
    }
  }
  return {
    ...figure,
    name: 'residuals-share',
    finding: `${Math.round((100 * within) / count)} % of the errors stay below 1 %; the largest is ${formatChange(worst.error)} (${worst.where})`,
  };
}

interface Part {
  readonly target: FittedTarget;
  readonly predictions: Predictions;
}

/** @param position of a row on the horizontal axis; null for a target that has none */
function residuals(
  context: ReportContext,
  against: 'tokens' | 'steps' | 'share',
  position: (target: FittedTarget, row: number) => number | null,
): { figure: Pick<Figure, 'caption' | 'draw'>; parts: Part[] } {
  const { targets, targetColours } = context;
  const heldOut = context.heldOut !== null;
  const parts = targets
    .map((target): Part => {
      return { target, predictions: (heldOut ? heldOutPredictions : fittedPredictions)(context, target) };
    })
    .filter(({ target, predictions: { rows } }) => rows.length > 0 && position(target, rows[0]) !== null);
  const { shown, note } = choosePanels(
    parts,
    ({ target }) => errorOfTarget(context, target),
    'those with the largest errors',
  );
  const limit = Math.floor(MAX_DOTS / shown.length);
  const panels = shown.map(({ target, predictions }): ResidualPanel => {
    const { rows } = predictions;
    const kept = thin(
      sortedBy(rows.length, n => relativeError(predictions, n)),
      limit,
    );
    return {
      target: target.target,
      points: kept.map(n => ({
        at: position(target, rows[n]) as number,
        error: relativeError(predictions, n),
        run: rowLabel(context, rows[n]),
      })),
    };
  });
  const drawn = panels.reduce((sum, panel) => sum + panel.points.length, 0);
  const total = shown.reduce((sum, { predictions }) => sum + predictions.rows.length, 0);
  const what = heldOut
    ? `Held-out predictions (${context.input.evidence?.split})`
    : 'Residuals of the fit, in sample: errors on unseen runs are larger';
  const figure: Pick<Figure, 'caption' | 'draw'> = {
    caption: `${what}. All panels share one vertical axis. Runs: ${context.measuredOn}.${note}${thinnedNote(drawn, total, 'points')}`,
    draw: options => residualsChart(panels, targetColours, { ...options, against, heldOut }),
  };
  return { figure, parts };
}

function meanError(predictions: Predictions): number {
  const count = predictions.rows.length;
  let sum = 0;
  for (let n = 0; n < count; n++) sum += relativeError(predictions, n);
  return sum / count;
}
