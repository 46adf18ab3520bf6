/** From `entropy.json` to one HTML file that needs nothing else. */

import type { EntropyResults } from '../entropy/index.ts';
import {
  ENTROPY_FIGURES,
  ENTROPY_SECTIONS,
  type EntropyContext,
  entropyContext,
  entropyOpening,
} from './entropy/index.ts';
import type { Figure } from './figures/index.ts';
import { html } from './html.ts';
import { type PageSection, renderPage } from './page.ts';
import { type RenderedChart, renderedCharts, renderedSections } from './rendering.ts';

export interface EntropyReportOptions {
  readonly title: string;
  /** ISO date and time the report is made at. */
  readonly generated: string;
  /** Command lines that make this report again. */
  readonly commands: readonly string[];
}

/** The entropies as one HTML document. The same input gives the same bytes. There must be a domain. */
export async function renderEntropyReport(results: EntropyResults, options: EntropyReportOptions): Promise<string> {
  const context = entropyContext(results);
  const { title, generated, commands } = options;
  const day = generated.slice(0, 10);
  return renderPage({
    title,
    byline: `${day} · ${context.measuredOn}`,
    opening: entropyOpening(context),
    sections: [
      ...(await renderedSections(ENTROPY_SECTIONS, context, figuresOf(context))),
      reproduction(results, commands),
    ],
    footer: `Made by bimix ${results.version} on ${day}. Shares are of tokens; entropies are nats per token, the joint entropy nats per pair.`,
  });
}

/** Each chart of the entropy report by itself. */
export async function renderEntropyCharts(results: EntropyResults): Promise<RenderedChart[]> {
  return renderedCharts(figuresOf(entropyContext(results)));
}

function figuresOf(context: EntropyContext): Figure[] {
  return ENTROPY_FIGURES.map(make => make(context)).filter(figure => figure !== null);
}

function reproduction({ version, tokenizer }: EntropyResults, commands: readonly string[]): PageSection {
  const by =
    tokenizer === null
      ? 'in files that were tokenized before'
      : `by the tokenizer ${tokenizer.name} (${tokenizer.version})`;
  return {
    id: 'reproduction',
    title: 'Reproduce this report',
    body: html`${commands.length === 0 ? null : html`<pre>${commands.join('\n')}</pre>`}
<p>Tokens cut ${by}; counted and estimated by bimix ${version}. The same files give the same bytes.</p>`,
  };
}
