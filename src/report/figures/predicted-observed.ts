/** Predicted against observed losses, held-out ones marked. */

import { formatCount, formatError, type PredictedPanel, predictedObservedChart, thin } from '../../charts/index.ts';
import type { ReportContext } from '../report-context.ts';
import { choosePanels, type Figure, MAX_DOTS, thinnedNote } from './figure.ts';
import {
  errorOfTarget,
  fittedPredictions,
  heldOutPredictions,
  type Predictions,
  rowLabel,
  sortedBy,
} from './predictions.ts';

export function predictedObservedFigure(context: ReportContext): Figure {
  const { targets, targetColours, heldOut, input } = context;
  const error = (target: (typeof targets)[number]): number => errorOfTarget(context, target);
  const { shown, note } = choosePanels(targets, error, 'those with the largest errors');
  const limit = Math.floor(MAX_DOTS / shown.length / (heldOut === null ? 1 : 2));
  let drawn = 0;
  let total = 0;
  const thinned = (predictions: Predictions): PredictedPanel['fitted'] => {
    const { rows, observed, predicted } = predictions;
    const kept = thin(
      sortedBy(rows.length, n => observed[n]),
      limit,
    );
    drawn += kept.length;
    total += rows.length;
    return kept.map(n => ({
      label: rowLabel(context, rows[n]),
      observed: observed[n],
      predicted: predicted[n],
    }));
  };
  const panels = shown.map((target): PredictedPanel => {
    return {
      target: target.target,
      mre: error(target),
      fitted: thinned(fittedPredictions(context, target)),
      heldOut: thinned(heldOutPredictions(context, target)),
    };
  });
  const worst = targets.reduce((a, b) => (error(b) > error(a) ? b : a));
  const mean = targets.reduce((sum, target) => sum + error(target), 0) / targets.length;
  const worstSaid = `worst for ${worst.target}, ${formatError(error(worst))}`;
  return {
    name: 'predicted-observed',
    finding:
      heldOut === null
        ? `The law fits its own runs within ${formatError(mean)} on average (${worstSaid}): in sample, so not yet a test`
        : `The law predicts held-out losses within ${formatError(mean)} on average (${worstSaid})`,
    caption:
      (heldOut === null || input.evidence === null
        ? `Every point is a checkpoint the law was fitted on: ${context.measuredOn}.`
        : `Coloured points were held out (${input.evidence.split}: ${input.evidence.meaning}), ${formatCount(input.evidence.runs, 'run')}; grey ones are the fit's own. ${sentence(context.measuredOn)}`) +
      note +
      thinnedNote(drawn, total, 'points'),
    draw: options => predictedObservedChart(panels, targetColours, options),
  };
}

function sentence(measuredOn: string): string {
  return `Runs: ${measuredOn}.`;
}
