/** From data to one HTML file that needs nothing else: no network, no fonts, no server. */

import { drawingBoard } from './drawing-board.ts';
import { FIGURES, type Figure } from './figures/index.ts';
import { type Html, html, trustedHtml } from './html.ts';
import { type PageSection, renderPage } from './page.ts';
import { type ReportContext, reportContext } from './report-context.ts';
import type { ReportInput } from './report-input.ts';
import {
  budgetSection,
  dataSection,
  evidenceSection,
  fitSection,
  lawSection,
  opening,
  optimumSection,
  reproductionSection,
  type Section,
  warningsSection,
} from './sections/index.ts';

/** A reader who stops early has read the answer, its warnings and its evidence. */
const SECTIONS: readonly Section[] = [
  optimumSection,
  warningsSection,
  budgetSection,
  evidenceSection,
  lawSection,
  fitSection,
  dataSection,
  reproductionSection,
];

export interface RenderedChart {
  /** File name without its ending. */
  readonly name: string;
  /** What one sees in it. */
  readonly finding: string;
  /** A whole SVG document. */
  readonly svg: string;
}

/**
 * The report as one HTML document. The same input gives the same bytes.
 *
 * @throws BimixError `missing-law`, `invalid-law`, `missing-runs` when law and runs do not belong together
 */
export async function renderReport(input: ReportInput): Promise<string> {
  const { context, figures, serialise } = await draw(input);
  const drawn = new Map(figures.map(figure => [figure.name, figureHtml(figure, serialise(figure.svg))]));
  const sections = SECTIONS.flatMap(({ id, title, body }): PageSection[] => {
    const content = body(context, name => drawn.get(name) ?? null);
    return content === null ? [] : [{ id, title, body: content }];
  });
  const day = input.generated.slice(0, 10);
  return renderPage({
    title: input.title,
    byline: `${day} · ${context.measuredOn}`,
    opening: opening(context),
    sections,
    footer: `Made by bimix ${input.version} on ${day}. Shares are of tokens; losses are nats per token.`,
  });
}

/**
 * Each chart of the report by itself.
 *
 * @throws BimixError as `renderReport`
 */
export async function renderCharts(input: ReportInput): Promise<RenderedChart[]> {
  const { figures, serialise } = await draw(input);
  return figures.map(({ name, finding, svg }) => ({ name, finding, svg: serialise(svg) }));
}

async function draw(
  input: ReportInput,
): Promise<{ context: ReportContext; figures: Figure[]; serialise: (svg: SVGSVGElement) => string }> {
  const { document, serialise } = await drawingBoard();
  const context = reportContext(input, document);
  const figures = FIGURES.map(make => make(context)).filter(figure => figure !== null);
  return { context, figures, serialise };
}

function figureHtml({ name, finding, caption }: Figure, svg: string): Html {
  return html`<figure id="figure-${name}">
<h3>${finding}</h3>
<div class="chart-scroll">${trustedHtml(svg)}</div>
<figcaption>${caption}</figcaption>
</figure>`;
}
