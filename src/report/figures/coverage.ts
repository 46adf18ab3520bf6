/** The shares of tokens that the runs tried. */

import { type CoverageRow, formatShare, shareCoverageChart, thin } from '../../charts/index.ts';
import { mixtureOfRun } from '../../observations/index.ts';
import type { ReportContext } from '../report-context.ts';
import { type Figure, MAX_DOTS, thinnedNote } from './figure.ts';

export function coverageFigure(context: ReportContext): Figure {
  const { table, domains, domainColours, input } = context;
  const limit = Math.floor(MAX_DOTS / domains.length);
  const rows = domains.map((domain): CoverageRow => {
    const j = table.trainingDomains.indexOf(domain);
    const sorted = table.runs.map((_, run) => mixtureOfRun(table, run)[j]).sort((a, b) => a - b);
    return {
      domain,
      shares: thin(sorted, limit),
      smallest: sorted[0],
      median: sorted[Math.floor(sorted.length / 2)],
      largest: sorted[sorted.length - 1],
      proposed: input.proposal === null ? null : (input.proposal.mixture[domain] ?? 0),
    };
  });
  const drawn = rows.reduce((sum, row) => sum + row.shares.length, 0);
  return {
    name: 'coverage',
    finding: coverageFinding(rows),
    caption: `Measured on ${context.measuredOn}.${thinnedNote(drawn, rows.length * table.runs.length, 'shares')}`,
    draw: options => shareCoverageChart(rows, domainColours, options),
  };
}

function coverageFinding(rows: readonly CoverageRow[]): string {
  const widest = rows.reduce((a, b) => (b.largest - b.smallest > a.largest - a.smallest ? b : a));
  const tried = `The runs tried shares of tokens up to ${formatShare(Math.max(...rows.map(row => row.largest)))}`;
  const outside = rows.filter(
    ({ proposed, smallest, largest }) => proposed !== null && (proposed < smallest - 1e-9 || proposed > largest + 1e-9),
  );
  if (rows[0].proposed === null) {
    return `${tried}, most widely of ${widest.domain} (${formatShare(widest.smallest)} to ${formatShare(widest.largest)})`;
  }
  if (outside.length === 0) return `${tried}, and each proposed share lies within what they tried`;
  const named = outside.slice(0, 3).map(row => row.domain);
  const more = outside.length > 3 ? ` and ${outside.length - 3} more` : '';
  return `${tried}; the proposed share of ${named.join(', ')}${more} lies outside what they tried`;
}
