/** Facts as terms and what is said of them. */

import { type Html, type HtmlValue, html } from './html.ts';

/** Facts that are null are left out. */
export function factList(facts: readonly (readonly [term: string, text: HtmlValue])[]): Html {
  return html`<dl class="facts">${facts.map(([term, text]) => (text === null ? null : html`<dt>${term}</dt><dd>${text}</dd>\n`))}</dl>`;
}
