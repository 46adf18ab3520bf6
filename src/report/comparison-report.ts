/** From comparisons of laws to one HTML file that needs nothing else. */

import { formatError } from '../charts/index.ts';
import type { Comparison } from '../evidence/index.ts';
import { formatQuantity } from '../mixture/index.ts';
import { COMPARISON_FIGURES, type ComparisonContext, comparisonBody, comparisonContext } from './comparison/index.ts';
import type { Figure } from './figures/index.ts';
import { type Html, html } from './html.ts';
import { type PageSection, renderPage } from './page.ts';
import { renderedSections } from './rendering.ts';
import { type Tile, tileList } from './tiles.ts';

export interface ComparisonReportOptions {
  readonly title: string;
  /** ISO date and time the report is made at. */
  readonly generated: string;
  /** Command lines that make this report again. */
  readonly commands: readonly string[];
}

/**
 * Comparisons as one HTML document, one section each. The same input gives the same bytes.
 *
 * @param comparisons of one table each, for example one a model size; at least one
 */
export async function renderComparisonReport(
  comparisons: readonly Comparison[],
  { title, generated, commands }: ComparisonReportOptions,
): Promise<string> {
  const contexts = contextsOf(comparisons);
  const day = generated.slice(0, 10);
  const [{ version }] = comparisons;
  const sections = await Promise.all(
    contexts.map(context => renderedSections([sectionOf(context, contexts.length)], context, figuresOf(context))),
  );
  return renderPage({
    title,
    byline: `${day} · ${comparisons.map(({ measuredOn }) => measuredOn).join(' · ')}`,
    opening: opening(contexts),
    sections: [...sections.flat(), reproduction(version, commands)],
    footer: `Made by bimix ${version} on ${day}. Shares are of tokens; losses are nats per token.`,
  });
}

function contextsOf(comparisons: readonly Comparison[]): ComparisonContext[] {
  return comparisons.map((comparison, index) =>
    comparisonContext(comparison, comparisons.length === 1 ? '' : `-${index + 1}`),
  );
}

function figuresOf(context: ComparisonContext): Figure[] {
  return COMPARISON_FIGURES.map(make => make(context)).filter(figure => figure !== null);
}

function sectionOf({ comparison, suffix }: ComparisonContext, count: number) {
  return {
    id: `comparison${suffix}`,
    title: count === 1 ? 'Every law on the same held-out runs' : `Runs ${sizeOf(comparison)}`,
    body: comparisonBody,
  };
}

function sizeOf({ size }: Comparison): string {
  return size === undefined ? 'of unknown model size' : `of ${formatQuantity(size)} parameters`;
}

function opening(contexts: readonly ComparisonContext[]): Html {
  const tiles = contexts.length === 1 ? tilesOf(contexts[0]) : contexts.map(tileOf);
  return html`<p class="question">${question(contexts)}</p>
${tileList(tiles)}`;
}

function question(contexts: readonly ComparisonContext[]): Html {
  const [{ comparison, laws }] = contexts;
  const asked = `Which law should predict the losses of ${comparison.trainingDomains.length} domains, and be optimized?`;
  if (contexts.length > 1) return html`${asked}`;
  const { optimize } = comparison.recommendation;
  if (optimize === null) return html`${asked} No convex law of these beats the naive baselines.`;
  const convex = laws.filter(law => law.convex).length;
  const best =
    convex === 1
      ? 'the only one of these laws that can be optimized'
      : `the best of the ${convex} laws that can be optimized`;
  return html`${asked} <span class="nowrap">${optimize.law}</span>, ${best}.`;
}

function tileOf({ comparison }: ComparisonContext): Tile {
  const { optimize } = comparison.recommendation;
  return {
    title: `Runs ${sizeOf(comparison)}`,
    figure: optimize?.law ?? 'no law',
    note: optimize === null ? 'no convex law beats the baselines' : `${formatError(optimize.mre)} on held-out runs`,
  };
}

function tilesOf({ comparison }: ComparisonContext): (Tile | null)[] {
  const { recommendation, nested, runs, measuredOn } = comparison;
  const { optimize, predict } = recommendation;
  const choice = nested.find(({ among }) => among === 'convex');
  const baseline = comparison.laws.find(({ kind }) => kind === 'baseline');
  return [
    optimize === null
      ? null
      : {
          title: `Error of ${optimize.law}`,
          figure: formatError(optimize.mre),
          note: `mean relative, on held-out runs${baseline === undefined ? '' : `; best naive baseline ${formatError(baseline.mean.mre)}`}`,
        },
    predict === null
      ? null
      : {
          title: `To predict only: ${predict.law}`,
          figure: formatError(predict.mre),
          note: 'not convex, so it is never optimized',
        },
    choice === undefined
      ? null
      : {
          title: 'Error of the choice itself',
          figure: formatError(choice.mean.mre),
          note: 'with the law chosen again on the training runs of each fold',
        },
    { title: 'Measured on', figure: `${runs.heldOut} runs`, note: measuredOn },
  ];
}

function reproduction(version: string, commands: readonly string[]): PageSection {
  return {
    id: 'reproduction',
    title: 'Reproduce this report',
    body: html`${commands.length === 0 ? null : html`<pre>${commands.join('\n')}</pre>`}
<p>Compared by bimix ${version}. The same runs, laws and seed give the same figures.</p>`,
  };
}
