/** The mixtures the entropies imply, beside the size-proportional and the uniform one. */

import { formatShare, formatVolume, roundQuantity } from '../../../charts/index.ts';
import { type Html, html } from '../../html.ts';
import { numberTable } from '../../number-table.ts';
import type { Section } from '../../sections/index.ts';
import type { EntropyContext } from '../entropy-context.ts';
import { type ImpliedMixture, impliedMixtures } from '../mixtures.ts';
import { HEADLINE_PROXY } from '../proxies.ts';

export const mixturesSection: Section<EntropyContext> = {
  id: 'mixtures',
  title: 'The mixtures they imply',
  body: (context, figure) => {
    const mixtures = impliedMixtures(context);
    if (mixtures.length === 0 || context.domains.length === 1) return null;
    return html`<p>Each mixture gives a domain a share of tokens in proportion to exp(H), H being its entropy in nats (Ge et al. 2024, arXiv 2405.14908, Eq. 13): a domain that is one nat richer gets ${Math.E.toFixed(2)} times the tokens, whatever its size. Conditional entropy is the proxy its authors recommend. Nothing was trained: take these as a starting point, not as an optimum.</p>
${figure('entropy-mixtures')}
${epochsNote(context, mixtures)}
${mixtureTable(context, mixtures)}`;
  },
};

/** Where tokens available are known: how far the recommended mixture goes before a domain is read twice. */
function epochsNote({ results, domains }: EntropyContext, mixtures: readonly ImpliedMixture[]): Html | null {
  const mixture = mixtures.find(({ name }) => name === HEADLINE_PROXY);
  if (mixture === undefined) return null;
  const limits = domains.flatMap((domain, index) => {
    const { available } = results.domains[domain];
    const share = mixture.shares[index];
    return available === null || share === 0 ? [] : [{ domain, budget: available / share }];
  });
  if (limits.length === 0) return null;
  const first = limits.reduce((a, b) => (b.budget < a.budget ? b : a));
  const among = limits.length === domains.length ? '' : ', of the domains whose tokens available are known';
  return html`<p>The mixture by conditional entropy reads no domain twice up to a budget of ${formatVolume(first.budget, 'tokens')}; ${first.domain} is the first to run out${among}.</p>`;
}

function mixtureTable({ results, domains }: EntropyContext, mixtures: readonly ImpliedMixture[]): Html {
  const withAvailable = domains.some(domain => results.domains[domain].available !== null);
  const number = (title: string) => ({ title, numeric: true });
  return numberTable({
    caption: `Share of tokens by mixture${withAvailable ? '; available: tokens there are of the domain' : ''}`,
    columns: [
      { title: 'domain' },
      ...mixtures.map(({ title }) => number(title)),
      ...(withAvailable ? [number('available')] : []),
    ],
    rows: domains.map((domain, index) => {
      const { available } = results.domains[domain];
      return [
        domain,
        ...mixtures.map(({ shares }) => ({ text: formatShare(shares[index]), value: shares[index] })),
        ...(withAvailable ? [available === null ? '–' : { text: roundQuantity(available), value: available }] : []),
      ];
    }),
  });
}
