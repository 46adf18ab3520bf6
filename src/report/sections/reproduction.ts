/** What it takes to reproduce this report. */

import { groupDigits } from '../../charts/index.ts';
import { type Html, html } from '../html.ts';
import type { Section } from './section.ts';

export const reproductionSection: Section = {
  id: 'reproduction',
  title: 'Reproduce this report',
  body: ({ input, table, fitted }) => {
    const { format, inputs, version } = table.provenance;
    const rows = inputs.map(
      ({ file, sha256, bytes }) =>
        html`<tr><th scope="row"><span class="name">${file}</span></th><td class="number">${groupDigits(bytes)}</td><td class="hash"><code>${sha256}</code></td></tr>\n`,
    );
    return html`${input.commands.length === 0 ? null : html`<pre>${input.commands.join('\n')}</pre>`}
<p>Runs read by the importer <code>${format}</code> of bimix ${version}; law fitted by <code>${fitted.law}</code>; report made by bimix ${input.version}. The same input gives the same bytes.</p>
${inputs.length > UNFOLDED ? html`<details><summary>${inputs.length} input files with their SHA-256</summary>${files(rows)}</details>` : files(rows)}`;
  },
};

/** More files are folded up. */
const UNFOLDED = 8;

function files(rows: readonly Html[]): Html {
  return html`<div class="scroll"><table><thead><tr><th scope="col">input</th><th scope="col" class="number">bytes</th><th scope="col">SHA-256</th></tr></thead>
<tbody>${rows}</tbody></table></div>`;
}
