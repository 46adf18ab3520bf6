/** What every kind of report does with its figures and sections. */

import { cleanText, NARROW_WIDTH } from '../charts/index.ts';
import { type DrawingBoard, drawingBoard } from './drawing-board.ts';
import type { Figure } from './figures/index.ts';
import { type Html, html, trustedHtml } from './html.ts';
import type { PageSection } from './page.ts';
import type { Section } from './sections/index.ts';

export interface RenderedChart {
  /** File name without its ending. */
  readonly name: string;
  /** What the chart shows, as a sentence without its full stop. */
  readonly finding: string;
  /** A whole SVG document. */
  readonly svg: string;
}

/** Each figure as a picture by itself. */
export async function renderedCharts(figures: readonly Figure[]): Promise<RenderedChart[]> {
  const board = await drawingBoard();
  return figures.map(figure => {
    return { name: figure.name, finding: figure.finding, svg: drawn(figure, figure.draw, board).markup };
  });
}

/** The sections that have something to say, with their figures in them. */
export async function renderedSections<Context>(
  sections: readonly Section<Context>[],
  context: Context,
  figures: readonly Figure[],
): Promise<PageSection[]> {
  const board = await drawingBoard();
  const byName = new Map(figures.map(figure => [figure.name, figure]));
  return sections.flatMap(({ id, title, body }): PageSection[] => {
    const content = body(context, name => {
      const figure = byName.get(name);
      return figure === undefined ? null : figureHtml(figure, board);
    });
    return content === null ? [] : [{ id, title, body: content }];
  });
}

function figureHtml(figure: Figure, board: DrawingBoard): Html {
  const { name, finding, caption, draw, fuller } = figure;
  return html`<figure id="figure-${name}">
<h3>${finding}</h3>
${bothWidths(figure, draw, board)}
<figcaption>${caption}</figcaption>
${
  fuller === undefined
    ? null
    : html`<details><summary>${fuller.summary}</summary>
${bothWidths(figure, fuller.draw, board)}</details>\n`
}</figure>`;
}

/** The chart for wide screens and paper, and the one for phones; the style sheet shows one of them. */
function bothWidths(figure: Figure, draw: Figure['draw'], board: DrawingBoard): Html {
  return html`<div class="charts">${drawn(figure, draw, board)}${drawn(figure, draw, board, NARROW_WIDTH)}</div>`;
}

/** Those who cannot see the chart hear what it shows first, then how it is drawn. */
function drawn({ finding }: Figure, draw: Figure['draw'], { document, serialize }: DrawingBoard, width?: number): Html {
  const svg = draw({ document, ...(width === undefined ? {} : { width }) });
  // linkedom's getAttribute escapes what it gives.
  const drawing = svg.getAttributeNode('aria-label')?.value ?? '';
  svg.setAttribute('aria-label', cleanText(`${finding}. ${drawing}`));
  return trustedHtml(serialize(svg));
}
