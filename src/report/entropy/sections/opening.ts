/** The question and its answer in a few figures. */

import { formatCount, formatEntropy, formatShare, groupDigits, roundQuantity } from '../../../charts/index.ts';
import { type Html, html } from '../../html.ts';
import { type Tile, tileList } from '../../tiles.ts';
import type { DomainOrder } from '../domain-order.ts';
import type { EntropyContext } from '../entropy-context.ts';
import { impliedMixtures } from '../mixtures.ts';
import { HEADLINE_PROXY } from '../proxies.ts';
import { rankingVerdict } from './ranking.ts';

export function entropyOpening(context: EntropyContext): Html {
  const { domains, results } = context;
  const [richest] = domains;
  const poorest = domains[domains.length - 1];
  const warnings = results.warnings.length;
  const tiles = [
    domainTile(context, domains.length === 1 ? 'Conditional entropy' : `Richest: ${richest}`, richest),
    domains.length === 1 ? null : domainTile(context, `Poorest: ${poorest}`, poorest),
    pairsTile(context),
    shareTile(context),
    dataTile(context),
  ];
  return html`<p class="question">${question(context)}</p>
${tileList(tiles)}
<p class="verdict"><b>Is the ranking settled?</b> ${rankingVerdict(context)}${
    warnings === 0 ? null : html` <a href="#warnings">${formatCount(warnings, 'warning')}</a> to read first.`
  }</p>`;
}

function question({ domains, order, results }: EntropyContext): string {
  const nats = (domain: string): string => `${domain} ${formatEntropy(results.domains[domain][HEADLINE_PROXY])}`;
  const unit = '(conditional entropy, nats per token)';
  if (domains.length === 1) return `How rich is ${domains[0]}? ${nats(domains[0])} ${unit}.`;
  const lead = domains.slice(0, 3).map(nats).join(', ');
  const rest = domains.length > 3 ? ` and ${domains.length - 3} more below` : '';
  return `What are ${domains.length} domains worth before any training? ${richestOf(order)}: ${lead}${rest} ${unit}.`;
}

/** Domains named where the richest is not known for certain. */
const NAMED = 4;

function richestOf({ contenders }: DomainOrder): string {
  if (contenders.length === 1) return 'Richest first';
  if (contenders.length > NAMED) return `The richest is one of ${contenders.length}`;
  return `The richest may be ${contenders.slice(0, -1).join(', ')} or ${contenders[contenders.length - 1]}`;
}

function domainTile({ results }: EntropyContext, title: string, domain: string): Tile {
  const entropies = results.domains[domain];
  const interval = entropies.intervals[results.estimator]?.[HEADLINE_PROXY];
  const within =
    interval === undefined
      ? ''
      : `; 95\u00a0% interval ${formatEntropy(interval.low)} to ${formatEntropy(interval.high)} nats`;
  return {
    title,
    figure: `${formatEntropy(entropies[HEADLINE_PROXY])} nats`,
    note: `${formatEntropy(entropies.bits[HEADLINE_PROXY])} bits, per token given the one before${within}`,
  };
}

/** More pairs than this are better said as a part of all. */
const COUNTED_PAIRS = 100;

function pairsTile({ order: { pairs, pairsApart } }: EntropyContext): Tile | null {
  if (pairs === 0) return null;
  const counts = `${groupDigits(pairsApart)} of ${groupDigits(pairs)}`;
  const how = 'by 95\u00a0% intervals and again at equal size';
  const isCounted = pairs < COUNTED_PAIRS;
  return {
    title: 'Pairs distinguished',
    figure: isCounted ? counts : formatShare(pairsApart / pairs),
    note: isCounted ? how : `${counts}, ${how}`,
  };
}

function shareTile(context: EntropyContext): Tile | null {
  const mixture = impliedMixtures(context).find(({ name }) => name === HEADLINE_PROXY);
  if (mixture === undefined || context.domains.length === 1) return null;
  const largest = mixture.shares.reduce((best, share, index) => (share > mixture.shares[best] ? index : best), 0);
  const times = mixture.shares[largest] * context.domains.length;
  return {
    title: 'Largest share implied',
    figure: formatShare(mixture.shares[largest]),
    note: `of tokens, to ${context.domains[largest]}: ${times.toFixed(1)} times uniform`,
  };
}

function dataTile({ tokens, documents, domains, tokenizer }: EntropyContext): Tile {
  return {
    title: 'Measured on',
    figure: roundQuantity(tokens),
    note: `tokens in ${formatCount(documents, 'document')} of ${formatCount(domains.length, 'domain')}, ${tokenizer}`,
  };
}
