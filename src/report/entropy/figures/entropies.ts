/** Entropies by domain, with intervals. */

import { type EntropyPanel, type EntropyValue, entropiesChart, formatEntropy } from '../../../charts/index.ts';
import { ESTIMATORS } from '../../../entropy/index.ts';
import type { Figure } from '../../figures/index.ts';
import type { EntropyContext } from '../entropy-context.ts';
import { HEADLINE_PROXY, PROXY_TITLES, type ProxyName } from '../proxies.ts';

export function entropiesFigure(context: EntropyContext): Figure {
  const { results, domains, otherEstimators, colours, measuredOn } = context;
  const { estimator } = results;
  const withVonNeumann = domains.some(domain => results.domains[domain].vonNeumann !== undefined);
  return {
    name: 'entropies',
    finding: entropiesFinding(context),
    caption: `Nats per token; joint: per pair of tokens${withVonNeumann ? '; von Neumann: of the embeddings of whole documents, one number a domain' : ''}. ${intervalsNote(context)} Every panel has its own axis. Measured on ${measuredOn}.`,
    draw: options => entropiesChart(domains, panelsOf(context, []), { estimator, others: [] }, colours, options),
    ...(otherEstimators.length === 0
      ? {}
      : {
          fuller: {
            summary: `The same with the other estimators: ${otherEstimators.join(', ')}`,
            draw: options =>
              entropiesChart(
                domains,
                panelsOf(context, otherEstimators),
                { estimator, others: otherEstimators },
                colours,
                options,
              ),
          },
        }),
  };
}

function panelsOf({ results, domains }: EntropyContext, others: readonly string[]): EntropyPanel[] {
  const panels = (Object.keys(PROXY_TITLES) as ProxyName[]).map(proxy => ({
    title: PROXY_TITLES[proxy],
    values: domains.map((domain): EntropyValue | null => {
      const entropies = results.domains[domain];
      if (proxy === 'vonNeumann') {
        return entropies.vonNeumann === undefined ? null : { value: entropies.vonNeumann, interval: null, others: [] };
      }
      return {
        value: entropies[proxy],
        interval: entropies.intervals[results.estimator]?.[proxy] ?? null,
        others: others.map(name => entropies.estimators[name]?.[proxy] ?? null),
      };
    }),
  }));
  return panels.filter(({ values }) => values.some(value => value !== null));
}

function entropiesFinding({ results, domains, order }: EntropyContext): string {
  const nats = (domain: string): string => `${formatEntropy(results.domains[domain][HEADLINE_PROXY])} nats`;
  const [richest] = domains;
  const poorest = domains[domains.length - 1];
  if (domains.length === 1) return `The conditional entropy of ${richest} is ${nats(richest)} per token`;
  const rivals = order.contenders.slice(1);
  const lead = `By conditional entropy ${richest} (${nats(richest)}) is richest`;
  if (rivals.length === 0) return `${lead} and ${poorest} (${nats(poorest)}) poorest`;
  const more = rivals.length > 1 ? ` and ${rivals.length - 1} more` : '';
  return `${lead}, but not distinguished from ${rivals[0]}${more}; ${poorest} (${nats(poorest)}) is poorest`;
}

function intervalsNote({ results, domains }: EntropyContext): string {
  const isKnown = domains.some(domain => results.domains[domain].intervals[results.estimator] !== undefined);
  if (!isKnown) return 'There are too few documents for intervals.';
  const isCorrected = ESTIMATORS.find(({ name }) => name === results.estimator)?.isCorrected === true;
  const bias = isCorrected ? ' and the bias that may be left' : ' alone, not its bias';
  return `Intervals of ${results.estimator} span the scatter over documents${bias}; one narrower than its dot is hidden by it.`;
}
