/** The mixtures that the entropies imply. */

import { entropyMixturesChart, formatShare } from '../../../charts/index.ts';
import type { Figure } from '../../figures/index.ts';
import type { EntropyContext } from '../entropy-context.ts';
import { type ImpliedMixture, impliedMixtures } from '../mixtures.ts';
import { HEADLINE_PROXY } from '../proxies.ts';

export function mixturesFigure(context: EntropyContext): Figure | null {
  const { domains, colours, measuredOn } = context;
  const mixtures = impliedMixtures(context);
  const drawn = mixtures.filter(({ name }) => name !== 'uniform');
  if (drawn.length === 0 || domains.length === 1) return null;
  return {
    name: 'entropy-mixtures',
    finding: mixturesFinding(domains, mixtures),
    caption: `Shares of tokens: each panel is one mixture and sums to 100 %; "by size" draws every domain by the tokens counted of it. Measured on ${measuredOn}.`,
    draw: options => entropyMixturesChart(domains, drawn, colours, options),
  };
}

function mixturesFinding(domains: readonly string[], mixtures: readonly ImpliedMixture[]): string {
  const headline = mixtures.find(({ name }) => name === HEADLINE_PROXY) ?? mixtures[0];
  const first = headline.shares.reduce((best, share, index) => (share > headline.shares[best] ? index : best), 0);
  const most = `By ${headline.title} entropy ${domains[first]} gets the largest share of tokens, ${formatShare(headline.shares[first])}`;
  const proxies = mixtures.filter(({ name }) => name !== 'size' && name !== 'uniform');
  if (proxies.length < 2) return most;
  const ranges = domains.map((domain, index) => {
    const shares = proxies.map(({ shares: all }) => all[index]);
    return { domain, from: Math.min(...shares), to: Math.max(...shares) };
  });
  const widest = ranges.reduce((a, b) => (b.to - b.from > a.to - a.from ? b : a));
  return `${most}; the proxies disagree most about ${widest.domain} (${formatShare(widest.from)} to ${formatShare(widest.to)})`;
}
