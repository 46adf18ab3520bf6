/** Which domains are made of the same tokens. */

import { formatCount } from '../../../charts/index.ts';
import { html } from '../../html.ts';
import { numberTable } from '../../number-table.ts';
import type { Section } from '../../sections/index.ts';
import type { EntropyContext } from '../entropy-context.ts';
import { domainPairs } from '../overlaps.ts';

/** Pairs of domains in the table. */
const LISTED = 24;

export const overlapSection: Section<EntropyContext> = {
  id: 'overlap',
  title: 'Overlap between domains',
  body: (context, figure) => {
    const drawn = figure('overlap');
    if (drawn === null) return null;
    const pairs = domainPairs(context);
    const listed = pairs.slice(0, LISTED);
    const caption =
      listed.length < pairs.length
        ? `The ${LISTED} most similar of ${formatCount(pairs.length, 'pair')}`
        : 'Pairs of domains, most similar first';
    return html`<p>An entropy says how much there is in a domain, not whether another domain holds it too. Domains with the same tokens in the same proportions add little to each other.</p>
${drawn}
${numberTable(
  {
    caption: `${caption}; Jensen-Shannon divergence of single tokens, bits`,
    columns: [{ title: 'domain' }, { title: 'and' }, { title: 'divergence', numeric: true }],
    rows: listed.map(({ first, second, divergence }) => [
      first,
      second,
      { text: divergence.toFixed(4), value: divergence },
    ]),
  },
  true,
)}`;
  },
};
