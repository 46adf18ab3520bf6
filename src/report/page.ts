/** The frame of the page. Its content policy forbids every request and every script but its own. */

import { createHash } from 'node:crypto';
import { type Html, html, trustedHtml } from './html.ts';
import { SCRIPT } from './script.ts';
import { STYLE } from './style.ts';

export interface PageSection {
  /** Anchor. */
  readonly id: string;
  readonly title: string;
  readonly body: Html;
}

export interface Page {
  readonly title: string;
  readonly byline: string;
  /** What stands above the first section. */
  readonly opening: Html;
  readonly sections: readonly PageSection[];
  readonly footer: string;
}

export function renderPage({ title, byline, opening, sections, footer }: Page): string {
  const scriptHash = createHash('sha256').update(SCRIPT).digest('base64');
  const policy = `default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-${scriptHash}'; base-uri 'none'; form-action 'none'`;
  const contents = sections.map(section => html`<li><a href="#${section.id}">${section.title}</a></li>`);
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<title>${title}</title>
<style>${trustedHtml(STYLE)}</style>
</head>
<body>
<header>
<h1>${title}</h1>
<p class="byline">${byline}</p>
${opening}
<nav aria-label="Sections"><ul>${contents}</ul></nav>
</header>
<main>
${sections.map(section => html`<section id="${section.id}">\n<h2>${section.title}</h2>\n${section.body}\n</section>\n`)}
</main>
<footer>${footer}</footer>
<script>${trustedHtml(SCRIPT)}</script>
</body>
</html>
`.markup;
}
