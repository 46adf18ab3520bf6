/** How the law fits the runs, and what it misses. */

import { formatChange, formatError } from '../../charts/index.ts';
import { html } from '../html.ts';
import { numberTable } from '../number-table.ts';
import type { Section } from './section.ts';

export const fitSection: Section = {
  id: 'fit',
  title: 'How the law fits the runs',
  body: ({ targets, table }, figure) => {
    const number = (title: string) => ({ title, numeric: true });
    return html`${table.volumeUnit === 'none' ? html`<p>Each run has one checkpoint, so there are no loss curves to draw.</p>` : null}
${figure('loss-curves')}
${figure('loss-share')}
${figure('residuals-volume')}
${figure('residuals-share')}
${numberTable(
  {
    caption: 'How the fit of each evaluation domain went (in sample)',
    columns: [
      { title: 'evaluation domain' },
      ...['runs', 'losses', 'MRE', 'R²', 'worst error'].map(number),
      { title: 'of run' },
      ...['starts at best', 'condition number'].map(number),
      { title: 'converged' },
    ],
    rows: targets.map(({ target, quality, convergence }) => [
      target,
      { text: String(quality.runs), value: quality.runs },
      { text: String(quality.rows), value: quality.rows },
      { text: formatError(quality.mre), value: quality.mre },
      { text: quality.r2 === null ? '–' : quality.r2.toFixed(4).replace('-', '−'), value: quality.r2 ?? Number.NaN },
      { text: formatChange(quality.worst.relativeError), value: Math.abs(quality.worst.relativeError) },
      quality.worst.run,
      { text: `${convergence.startsAtBest} of ${convergence.starts}`, value: convergence.startsAtBest },
      { text: convergence.conditionNumber.toPrecision(2), value: convergence.conditionNumber },
      convergence.converged ? 'yes' : 'no',
    ]),
  },
  true,
)}`;
  },
};
