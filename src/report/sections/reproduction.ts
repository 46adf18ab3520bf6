/** What it takes to make this report again. */

import { groupDigits } from '../../charts/index.ts';
import { html } from '../html.ts';
import type { Section } from './section.ts';

export const reproductionSection: Section = {
  id: 'reproduction',
  title: 'Make it again',
  body: ({ input, table, fitted }) => {
    const { format, inputs, version } = table.provenance;
    const rows = inputs.map(
      ({ file, sha256, bytes }) =>
        html`<tr><th scope="row">${file}</th><td class="number">${groupDigits(bytes)}</td><td class="hash"><code>${sha256}</code></td></tr>\n`,
    );
    return html`${input.commands.length === 0 ? null : html`<pre>${input.commands.join('\n')}</pre>`}
<p>Runs read by the importer <code>${format}</code> of bimix ${version}; law fitted by <code>${fitted.law}</code>; report made by bimix ${input.version}. The same input gives the same bytes.</p>
<div class="scroll"><table><thead><tr><th scope="col">input</th><th scope="col" class="number">bytes</th><th scope="col">SHA-256</th></tr></thead>
<tbody>${rows}</tbody></table></div>`;
  },
};
