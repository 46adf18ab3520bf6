/** The domains' entropies, where they were measured: what can be said without a run. */

import { domainsSection, entropiesSection, mixturesSection, overlapSection, rankingSection } from '../entropy/index.ts';
import { html } from '../html.ts';
import type { Section } from './section.ts';

const PARTS = [entropiesSection, rankingSection, mixturesSection, domainsSection, overlapSection];

export const entropySection: Section = {
  id: 'entropy',
  title: 'What the domains are worth before any training',
  body: ({ entropy }, figure) => {
    if (entropy === null) return null;
    return html`${PARTS.map(({ title, body }) => {
      const content = body(entropy, figure);
      return content === null ? null : html`<h3 class="part">${title}</h3>\n${content}\n`;
    })}`;
  },
};
