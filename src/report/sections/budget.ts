/** How the best mixture moves with the budget. */

import { formatShare, roundQuantity } from '../../charts/index.ts';
import { html } from '../html.ts';
import { numberTable } from '../number-table.ts';
import type { Section } from './section.ts';

export const budgetSection: Section = {
  id: 'budget',
  title: 'If the budget were another',
  body: ({ input, domains }, figure) => {
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
)}`;
  },
};
