/** What the tokenizer makes of the text of each domain. */

import { type TokensPerByteRow, tokensPerByteChart } from '../../../charts/index.ts';
import type { Figure } from '../../figures/index.ts';
import type { EntropyContext } from '../entropy-context.ts';
import { HEADLINE_PROXY } from '../proxies.ts';

export function tokensPerByteFigure({ results, domains, colours, measuredOn }: EntropyContext): Figure | null {
  const rows = domains.flatMap((domain): TokensPerByteRow[] => {
    const { tokensPerByte, bitsPerByte } = results.domains[domain];
    return tokensPerByte === null
      ? []
      : [{ domain, tokensPerByte, bitsPerByte: bitsPerByte?.[HEADLINE_PROXY] ?? null }];
  });
  if (rows.length === 0) return null;
  const left = domains.length - rows.length;
  return {
    name: 'tokens-per-byte',
    finding: tokensPerByteFinding(rows),
    caption: `Bits per byte: conditional entropy over the bytes of text, comparable between tokenizers.${left === 0 ? '' : ` The text of ${left} of ${domains.length} domains was not read.`} Measured on ${measuredOn}.`,
    draw: options => tokensPerByteChart(rows, colours, options),
  };
}

function tokensPerByteFinding(rows: readonly TokensPerByteRow[]): string {
  const most = rows.reduce((a, b) => (b.tokensPerByte > a.tokensPerByte ? b : a));
  const least = rows.reduce((a, b) => (b.tokensPerByte < a.tokensPerByte ? b : a));
  const said = ({ domain, tokensPerByte }: TokensPerByteRow): string => `${domain} (${tokensPerByte.toFixed(3)})`;
  if (most === least) return `A byte of text takes ${most.tokensPerByte.toFixed(3)} tokens in ${most.domain}`;
  const times = most.tokensPerByte / least.tokensPerByte;
  if (times < 1.05) return `Every domain takes about ${most.tokensPerByte.toFixed(2)} tokens for a byte of text`;
  return `${said(most)} takes ${times.toFixed(1)} times as many tokens for a byte of text as ${said(least)}`;
}
