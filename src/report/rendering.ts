/** What every kind of report does with its figures and sections. */

import type { Figure } from './figures/index.ts';
import { type Html, html, trustedHtml } from './html.ts';
import type { PageSection } from './page.ts';
import type { Section } from './sections/index.ts';

export interface RenderedChart {
  /** File name without its ending. */
  readonly name: string;
  /** What one sees in it. */
  readonly finding: string;
  /** A whole SVG document. */
  readonly svg: string;
}

type Serialize = (svg: SVGSVGElement) => string;

/** Each figure as a picture by itself. */
export function renderedCharts(figures: readonly Figure[], serialize: Serialize): RenderedChart[] {
  return figures.map(({ name, finding, svg }) => ({ name, finding, svg: serialize(svg) }));
}

/** The sections that have something to say, with their figures in them. */
export function renderedSections<Context>(
  sections: readonly Section<Context>[],
  context: Context,
  figures: readonly Figure[],
  serialize: Serialize,
): PageSection[] {
  const drawn = new Map(figures.map(figure => [figure.name, figureHtml(figure, serialize(figure.svg))]));
  return sections.flatMap(({ id, title, body }): PageSection[] => {
    const content = body(context, name => drawn.get(name) ?? null);
    return content === null ? [] : [{ id, title, body: content }];
  });
}

function figureHtml({ name, finding, caption }: Figure, svg: string): Html {
  return html`<figure id="figure-${name}">
<h3>${finding}</h3>
<div class="chart-scroll">${trustedHtml(svg)}</div>
<figcaption>${caption}</figcaption>
</figure>`;
}
