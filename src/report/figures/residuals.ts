/** Relative errors against volume and against the own share. */

import { formatChange, type ResidualPanel, residualsChart, thin } from '../../charts/index.ts';
import type { FittedTarget } from '../../laws/index.ts';
import type { ReportContext } from '../report-context.ts';
import { choosePanels, type Figure, MAX_DOTS, thinnedNote } from './figure.ts';
import { errorOfTarget, fittedPredictions, heldOutPredictions, type Prediction } from './predictions.ts';

export function volumeResidualsFigure(context: ReportContext): Figure | null {
  const { table, targets } = context;
  if (table.volumeUnit === 'none' || !targets.some(target => target.volumeVaries)) return null;
  const { figure, predictions } = residuals(context, table.volumeUnit, prediction => prediction.volume);
  const biases = predictions.map(({ target, points }) => ({ target, bias: meanError(points) }));
  const largest = biases.reduce((a, b) => (Math.abs(b.bias) > Math.abs(a.bias) ? b : a));
  const lean = Math.abs(largest.bias) < 0.002 ? 'Hardly any bias' : 'The errors are biased';
  return {
    ...figure,
    name: 'residuals-volume',
    finding: `${lean}: the largest mean error of a domain is ${formatChange(largest.bias)} (${largest.target})`,
  };
}

export function shareResidualsFigure(context: ReportContext): Figure | null {
  if (!context.targets.some(target => target.shareVaries && target.own !== null)) return null;
  const { figure, predictions } = residuals(context, 'share', prediction => prediction.ownShare);
  const all = predictions.flatMap(({ target, points }) => points.map(point => ({ target, ...point })));
  const worst = all.reduce((a, b) => (Math.abs(relativeError(b)) > Math.abs(relativeError(a)) ? b : a));
  const within = all.filter(point => Math.abs(relativeError(point)) < 0.01).length / all.length;
  return {
    ...figure,
    name: 'residuals-share',
    finding: `${Math.round(within * 100)} % of the errors stay below 1 %; the largest is ${formatChange(relativeError(worst))} (${worst.target}, ${worst.label})`,
  };
}

function residuals(
  context: ReportContext,
  against: 'tokens' | 'steps' | 'share',
  position: (prediction: Prediction) => number | null,
): { figure: Pick<Figure, 'caption' | 'draw'>; predictions: { target: string; points: Prediction[] }[] } {
  const { targets, targetColours } = context;
  const heldOut = context.heldOut !== null;
  const predictionsOf = (target: FittedTarget): Prediction[] =>
    (heldOut ? heldOutPredictions(context, target) : fittedPredictions(context, target)).filter(
      prediction => position(prediction) !== null,
    );
  const predictions = targets
    .map(target => ({ target: target.target, fitted: target, points: predictionsOf(target) }))
    .filter(({ points }) => points.length > 0);
  const { shown, note } = choosePanels(
    predictions,
    ({ fitted }) => errorOfTarget(context, fitted),
    'those with the largest errors',
  );
  const limit = Math.floor(MAX_DOTS / shown.length);
  const panels = shown.map(({ target, points }): ResidualPanel => {
    const sorted = [...points].sort((a, b) => relativeError(a) - relativeError(b));
    return {
      target,
      points: thin(sorted, limit).map(point => ({
        at: position(point) as number,
        error: relativeError(point),
        run: point.label,
      })),
    };
  });
  const drawn = panels.reduce((sum, panel) => sum + panel.points.length, 0);
  const total = shown.reduce((sum, { points }) => sum + points.length, 0);
  const what = heldOut
    ? `Held-out predictions (${context.input.evidence?.split})`
    : 'Residuals of the fit, in sample: errors on unseen runs are larger';
  const figure: Pick<Figure, 'caption' | 'draw'> = {
    caption: `${what}. All panels share one vertical axis. Runs: ${context.measuredOn}.${note}${thinnedNote(drawn, total, 'points')}`,
    draw: options => residualsChart(panels, targetColours, { ...options, against, heldOut }),
  };
  return { figure, predictions };
}

function relativeError({ observed, predicted }: Prediction): number {
  return predicted / observed - 1;
}

function meanError(points: readonly Prediction[]): number {
  return points.reduce((sum, point) => sum + relativeError(point), 0) / points.length;
}
