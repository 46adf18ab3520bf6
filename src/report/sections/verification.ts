/** The predictions tested: the proposed mixture and those it is compared with were trained. */

import { formatChange, formatError, formatLoss } from '../../charts/index.ts';
import { rankingInWords, type VerifiedRun } from '../../evidence/index.ts';
import { html } from '../html.ts';
import { numberTable, type TableCell } from '../number-table.ts';
import type { Section } from './section.ts';

export const verificationSection: Section = {
  id: 'verification',
  title: 'Did the predictions come true?',
  body: ({ input, targets }, figure) => {
    const { verification } = input;
    if (verification === null) return null;
    const names = targets.map(({ target }) => target).filter(target => Object.hasOwn(verification.targets, target));
    const runs = [...verification.runs].sort((a, b) => observedMean(a) - observedMean(b));
    return html`<p>These runs were trained after the law was fitted, and the law had seen none of their mixtures.${verification.ranking === null ? '' : ` ${rankingInWords(verification.ranking)}`}</p>
${figure('verification')}
${
  verification.seen.length === 0
    ? null
    : html`<p>Left out, because the law was fitted on their mixtures: ${verification.seen.join(', ')}.</p>`
}
${numberTable(
  {
    caption: 'Observed loss at the end of each run, nats per token, and how far it is from the prediction',
    columns: [
      { title: 'evaluation domain' },
      ...runs.flatMap(({ run }) => [
        { title: run, numeric: true },
        { title: 'off by', numeric: true },
      ]),
      { title: 'MRE', numeric: true },
    ],
    rows: [
      ...names.map(target => [
        target,
        ...runs.flatMap(run => pair(run.losses[target])),
        { text: formatError(verification.targets[target]), value: verification.targets[target] },
      ]),
      [
        'mean',
        ...runs.flatMap(run => pair(run.mean ?? undefined)),
        { text: formatError(verification.mre), value: verification.mre },
      ],
    ],
  },
  runs.length > 4,
)}`;
  },
};

function observedMean({ mean }: VerifiedRun): number {
  return mean?.observed ?? Number.POSITIVE_INFINITY;
}

function pair(loss: { readonly predicted: number; readonly observed: number } | undefined): TableCell[] {
  if (loss === undefined) return [NOTHING, NOTHING];
  const change = loss.observed / loss.predicted - 1;
  return [
    { text: formatLoss(loss.observed), value: loss.observed },
    { text: formatChange(change), value: change },
  ];
}

const NOTHING: TableCell = { text: '–', value: Number.NaN };
