/** What the domains look like: how the tokenizer cuts them, and what is most frequent in them. */

import { formatEntropy, formatShare, formatVolume } from '../../../charts/index.ts';
import { type DomainEntropy, TOKEN_ENTROPIES } from '../../../entropy/index.ts';
import { factList } from '../../fact-list.ts';
import { type Html, html } from '../../html.ts';
import { numberTable } from '../../number-table.ts';
import type { Section } from '../../sections/index.ts';
import type { EntropyContext } from '../entropy-context.ts';
import { HEADLINE_PROXY, PROXY_TITLES } from '../proxies.ts';

export const domainsSection: Section<EntropyContext> = {
  id: 'domains',
  title: 'What the domains look like',
  body: (
    context,
    figure,
  ) => html`<p>The most frequent tokens and pairs show at a glance whether a domain holds what its name says, or markup, boilerplate and repeats. Shares are of all tokens, and of all pairs, of the domain.</p>
<div class="compact">${context.domains.map(domain => domainDetails(domain, context.results.domains[domain]))}</div>
${figure('tokens-per-byte') ?? html`<p>The text of these tokens was not read, so tokens per byte are not known.</p>`}
${perByteNote(context)}
${perByteTable(context)}`,
};

/** Tokens shown before a domain is unfolded. */
const PREVIEW = 6;

function domainDetails(domain: string, { tokens, topTokens, topBigrams }: DomainEntropy): Html {
  const preview = topTokens.slice(0, PREVIEW).map(({ text }) => html`${tokenHtml(text)} `);
  return html`<details><summary>${domain} <span class="count">${formatVolume(tokens, 'tokens')}</span> ${preview}</summary>
${factList([
  ['Most frequent tokens', topTokens.length === 0 ? null : frequent(topTokens)],
  ['Most frequent pairs', topBigrams.length === 0 ? null : frequent(topBigrams)],
])}</details>\n`;
}

function frequent(items: DomainEntropy['topTokens']): Html[] {
  return items.map(
    ({ text, share }) =>
      html`<span class="frequent">${tokenHtml(text)} <span class="uncertainty">${formatShare(share)}</span></span> `,
  );
}

function tokenHtml(text: string): Html {
  return html`<code class="token">${text}</code>`;
}

/** Whether the order changes when entropies are counted by bytes of text. */
function perByteNote({ results, domains }: EntropyContext): Html | null {
  const known = domains.flatMap(domain => {
    const bits = results.domains[domain].bitsPerByte?.[HEADLINE_PROXY];
    return bits === undefined ? [] : [{ domain, bits }];
  });
  if (known.length < 2) return null;
  const sorted = [...known].sort((a, b) => b.bits - a.bits);
  const said = sorted.map(({ domain, bits }) => `${domain} (${formatEntropy(bits)})`);
  const shown = said.length > 8 ? [...said.slice(0, 4), '…', ...said.slice(-3)] : said;
  const isSame = sorted.every(({ domain }, index) => domain === known[index].domain);
  return html`<p>Counted by bytes of text, in bits per byte of conditional entropy, the order is ${isSame ? 'the same' : 'different'}: ${shown.join(', ')}.</p>`;
}

function perByteTable({ results, domains }: EntropyContext): Html | null {
  const known = domains.filter(domain => results.domains[domain].tokensPerByte !== null);
  if (known.length === 0) return null;
  const number = (title: string) => ({ title, numeric: true });
  return numberTable(
    {
      caption: 'Tokens per byte of text, and entropies in bits per byte, comparable between tokenizers',
      columns: [
        { title: 'domain' },
        number('tokens per byte'),
        ...TOKEN_ENTROPIES.map(name => number(`${PROXY_TITLES[name]}, bits per byte`)),
      ],
      rows: known.map(domain => {
        const { tokensPerByte, bitsPerByte } = results.domains[domain];
        return [
          domain,
          tokensPerByte === null ? '–' : { text: tokensPerByte.toFixed(4), value: tokensPerByte },
          ...TOKEN_ENTROPIES.map(name =>
            bitsPerByte === null ? '–' : { text: formatEntropy(bitsPerByte[name]), value: bitsPerByte[name] },
          ),
        ];
      }),
    },
    true,
  );
}
