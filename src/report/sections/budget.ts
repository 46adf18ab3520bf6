/** How the best mixture moves with the budget. */

import { formatShare, roundQuantity } from '../../charts/index.ts';
import { namedValue } from '../../mixture/index.ts';
import { type Html, html } from '../html.ts';
import { numberTable } from '../number-table.ts';
import type { ReportContext } from '../report-context.ts';
import type { Section } from './section.ts';

export const budgetSection: Section = {
  id: 'budget',
  title: 'What another budget would change',
  body: (context, figure) => {
    const { input, domains } = context;
    const drawn = figure('budget-path');
    if (drawn === null || input.path === null) return null;
    const { points, unit } = input.path;
    return html`${drawn}
${numberTable(
  {
    caption: `Best share of tokens by budget (training ${unit})`,
    columns: [
      { title: 'training domain' },
      ...points.map(({ volume }) => ({ title: roundQuantity(volume), numeric: true })),
    ],
    rows: domains.map(domain => [
      domain,
      ...points.map(({ mixture }) => ({ text: formatShare(mixture[domain] ?? 0), value: mixture[domain] ?? 0 })),
    ]),
  },
  true,
)}
${epochsTable(context)}`;
  },
};

/** How many times the available tokens would be read, for the domains whose available tokens are known. */
function epochsTable({ input, domains }: ReportContext): Html | null {
  const { points = [], unit = 'tokens' } = input.path ?? {};
  const known = domains.filter(domain => points.some(({ epochs }) => typeof namedValue(epochs, domain) === 'number'));
  if (known.length === 0) return null;
  return numberTable(
    {
      caption: `Epochs at the best shares, by budget (training ${unit})`,
      columns: [
        { title: 'training domain' },
        ...points.map(({ volume }) => ({ title: roundQuantity(volume), numeric: true })),
      ],
      rows: known.map(domain => [
        domain,
        ...points.map(({ epochs }) => {
          const value = namedValue(epochs, domain) ?? Number.NaN;
          return { text: Number.isNaN(value) ? '–' : value.toFixed(2), value };
        }),
      ]),
    },
    true,
  );
}
