/** From data to one HTML file that needs nothing else: no network, no fonts, no server. */

import { COMPARISON_FIGURES } from './comparison/index.ts';
import { ENTROPY_FIGURES } from './entropy/index.ts';
import { FIGURES, type Figure } from './figures/index.ts';
import { renderPage } from './page.ts';
import { type RenderedChart, renderedCharts, renderedSections } from './rendering.ts';
import { type ReportContext, reportContext } from './report-context.ts';
import type { ReportInput } from './report-input.ts';
import {
  budgetSection,
  comparisonSection,
  dataSection,
  entropySection,
  evidenceSection,
  fitSection,
  lawSection,
  opening,
  optimumSection,
  reproductionSection,
  type Section,
  verificationSection,
  warningsSection,
} from './sections/index.ts';

/** A reader who stops early has read the answer, its warnings and its evidence. */
const SECTIONS: readonly Section[] = [
  optimumSection,
  verificationSection,
  warningsSection,
  budgetSection,
  evidenceSection,
  comparisonSection,
  lawSection,
  fitSection,
  dataSection,
  entropySection,
  reproductionSection,
];

/**
 * The report as one HTML document. The same input gives the same bytes.
 *
 * @throws BimixError `missing-law`, `invalid-law`, `missing-runs` when law and runs do not belong together
 */
export async function renderReport(input: ReportInput): Promise<string> {
  const context = reportContext(input);
  const day = input.generated.slice(0, 10);
  return renderPage({
    title: input.title,
    byline: `${day} · ${context.measuredOn}`,
    opening: opening(context),
    sections: await renderedSections(SECTIONS, context, figuresOf(context)),
    footer: `Made by bimix ${input.version} on ${day}. Shares are of tokens; losses are nats per token.`,
  });
}

/**
 * Each chart of the report by itself.
 *
 * @throws BimixError as `renderReport`
 */
export async function renderCharts(input: ReportInput): Promise<RenderedChart[]> {
  return renderedCharts(figuresOf(reportContext(input)));
}

function figuresOf(context: ReportContext): Figure[] {
  const { comparison, entropy } = context;
  return [
    ...FIGURES.map(make => make(context)),
    ...(comparison === null ? [] : COMPARISON_FIGURES.map(make => make(comparison))),
    ...(entropy === null ? [] : ENTROPY_FIGURES.map(make => make(entropy))),
  ].filter(figure => figure !== null);
}
