/** What later runs measured beside what the law had predicted. */

import { formatChange, formatCount, formatError, verificationChart } from '../../charts/index.ts';
import type { Verification } from '../../evidence/index.ts';
import type { ReportContext } from '../report-context.ts';
import type { Figure } from './figure.ts';

export function verificationFigure({ input }: ReportContext): Figure | null {
  const { verification } = input;
  if (verification === null) return null;
  const rows = verification.runs.flatMap(({ run, mean }) => {
    if (mean === null) return [];
    const { predicted, observed, lower, upper } = mean;
    return [
      { run, predicted, observed, interval: lower === undefined || upper === undefined ? null : { lower, upper } },
    ];
  });
  if (rows.length === 0) return null;
  return {
    name: 'verification',
    finding: findingOf(verification),
    caption: `${formatCount(verification.runs.length, 'run')} made with mixtures that were not among the ${formatCount(verification.fittedOn, 'run')} of the fit; means over evaluation domains at the end of each run.`,
    draw: options =>
      verificationChart(
        rows.sort((a, b) => a.predicted - b.predicted),
        options,
      ),
  };
}

function findingOf({ law, runs, mre, bias, interval }: Verification): string {
  const covered =
    interval === null
      ? ''
      : `; ${Math.round(100 * interval.coverage)} % of them lie inside the ${Math.round(100 * interval.level)} % intervals`;
  const words = `${law} missed the losses of ${formatCount(runs.length, 'later run')} by ${formatError(mre)} on average${covered}`;
  return Math.abs(bias) < mre / 2 ? words : `${words}; on average they ended ${formatChange(Math.expm1(bias))} off`;
}
