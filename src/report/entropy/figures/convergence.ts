/** Whether the estimates have stopped moving. */

import { type EntropyConvergencePanel, entropyConvergenceChart, formatEntropy } from '../../../charts/index.ts';
import { choosePanels } from '../../figures/figure.ts';
import type { Figure } from '../../figures/index.ts';
import { lastDoubling } from '../domain-order.ts';
import type { EntropyContext } from '../entropy-context.ts';
import { HEADLINE_PROXY } from '../proxies.ts';

/** A move this small, in nats, is none. */
const STILL = 5e-4;

export function convergenceFigure(context: EntropyContext): Figure | null {
  const { results, domains, otherEstimators, colours, measuredOn } = context;
  if (domains.every(domain => results.domains[domain].convergence.length < 2)) return null;
  const moves = new Map(domains.map(domain => [domain, lastDoubling(results.domains[domain], results.estimator)]));
  const { shown, note } = choosePanels(
    domains,
    domain => Math.abs(moves.get(domain) ?? 0),
    'those that moved most when their tokens last doubled',
  );
  return {
    name: 'convergence',
    finding: convergenceFinding(moves, results.estimator),
    caption: `Conditional entropy of growing parts of each domain, by each estimator; one that still rises has not seen enough of the domain.${note} Measured on ${measuredOn}.`,
    draw: options =>
      entropyConvergenceChart(
        shown.map(domain => panelOf(context, domain, moves.get(domain) ?? null)),
        colours,
        {
          ...options,
          estimator: results.estimator,
          others: otherEstimators,
          entropy: 'conditional entropy',
          equalSize: results.equalSize,
          noteLabel: 'right of each name: change over the last doubling of tokens, nats',
        },
      ),
  };
}

function panelOf(
  { results, otherEstimators }: EntropyContext,
  domain: string,
  move: number | null,
): EntropyConvergencePanel {
  const curve = (estimator: string): EntropyConvergencePanel['curve'] =>
    results.domains[domain].convergence.flatMap(({ tokens, entropies }) => {
      const entropy = entropies[estimator]?.[HEADLINE_PROXY];
      return entropy === undefined ? [] : [{ tokens, entropy }];
    });
  return {
    domain,
    note: move === null ? '' : signedEntropy(move),
    curve: curve(results.estimator),
    others: otherEstimators.map(curve),
  };
}

/** With its sign, unless it rounds to nothing. */
export function signedEntropy(change: number): string {
  return change >= STILL ? `+${formatEntropy(change)}` : formatEntropy(change);
}

function convergenceFinding(moves: ReadonlyMap<string, number | null>, estimator: string): string {
  const known = [...moves].flatMap(([domain, move]) => (move === null ? [] : [{ domain, move }]));
  if (known.length === 0) return 'Too little was read of every domain to see whether its estimate still moves';
  const most = known.reduce((a, b) => (Math.abs(b.move) > Math.abs(a.move) ? b : a));
  const over = `over the last doubling of tokens`;
  if (Math.abs(most.move) < STILL) return `No estimate of ${estimator} moved ${over}`;
  return `${known.length === 1 ? 'The estimate' : 'Estimates'} of ${estimator} moved by ${known.length === 1 ? '' : 'at most '}${formatEntropy(Math.abs(most.move))} nats ${over} (${most.domain}, ${most.move > 0 ? 'upwards' : 'downwards'})`;
}
