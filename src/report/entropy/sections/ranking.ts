/** Whether the order of the domains would survive more data. */

import { formatCount, formatVolume, groupDigits, roundQuantity } from '../../../charts/index.ts';
import { ESTIMATORS, TOKEN_ENTROPIES } from '../../../entropy/index.ts';
import { type Html, html } from '../../html.ts';
import { numberTable } from '../../number-table.ts';
import type { Section } from '../../sections/index.ts';
import { atEqualSize, lastDoubling, type PairVerdict } from '../domain-order.ts';
import type { EntropyContext } from '../entropy-context.ts';
import { signedEntropy } from '../figures/convergence.ts';
import { EQUAL_SIZE_ESTIMATOR, HEADLINE_PROXY, PROXY_TITLES } from '../proxies.ts';
import { entropyCell, plainEntropy } from './entropies.ts';

export const rankingSection: Section<EntropyContext> = {
  id: 'ranking',
  title: 'Is the ranking settled?',
  body: (context, figure) => {
    const { results, domains } = context;
    if (domains.length === 1)
      return html`<p>${rankingVerdict(context)}</p>${figure('convergence')}${everyEstimator(context)}${estimatorTable(context)}`;
    return html`<p>${rankingVerdict(context)} Two domains count as distinguished when the 95\u00a0% intervals of their conditional entropies do not overlap, and when both cut to the size of the smallest domain, ${formatVolume(results.equalSize, 'tokens')}, are in the same order by ${EQUAL_SIZE_ESTIMATOR}: a domain looks richer merely because more of it was read.</p>
${figure('convergence')}
${rankingTable(context)}
${everyEstimator(context)}
${estimatorTable(context)}`;
  },
};

/** Pairs named one by one. */
const NAMED = 3;

const REASONS: Readonly<Record<Exclude<PairVerdict, 'distinguished'>, string>> = {
  'no interval': 'no interval',
  'intervals overlap': 'their intervals overlap',
  'order turns at equal size': 'their order turns at equal size',
  'no equal size': 'they were not compared at equal size',
};

/** Whether the order of the domains is reliable, as sentences. */
export function rankingVerdict({ order, results }: EntropyContext): string {
  const { neighbours } = order;
  if (neighbours.length === 0) return 'There is only one domain, so there is nothing to rank.';
  const unsettled = neighbours.filter(({ verdict }) => verdict !== 'distinguished');
  if (unsettled.length === 0) {
    return `Yes: every domain is distinguished from the next one, by 95\u00a0% intervals and again at equal size (${formatVolume(results.equalSize, 'tokens')} of each).`;
  }
  if (unsettled.length === neighbours.length && unsettled.every(({ verdict }) => verdict === 'no interval')) {
    return 'Not known: the domains have too few documents for intervals.';
  }
  const named = unsettled
    .slice(0, NAMED)
    .map(({ richer, poorer, verdict }) => `${richer} and ${poorer} (${REASONS[verdict as keyof typeof REASONS]})`);
  const more = unsettled.length > NAMED ? `; and ${unsettled.length - NAMED} more, in the table` : '';
  const apart = `${groupDigits(order.pairsApart)} of ${formatCount(order.pairs, 'pair')} of domains`;
  return `Not everywhere: ${apart} are distinguished, but these neighbours are not: ${named.join('; ')}${more}.`;
}

function rankingTable({ results, domains, order }: EntropyContext): Html {
  const places = (value: (domain: string) => number | null): Map<string, number> => {
    const known = domains.filter(domain => value(domain) !== null);
    const sorted = known.sort((a, b) => (value(b) ?? 0) - (value(a) ?? 0));
    return new Map(sorted.map((domain, index) => [domain, index + 1]));
  };
  const plugIn = (domain: string) => results.domains[domain].estimators[EQUAL_SIZE_ESTIMATOR]?.[HEADLINE_PROXY] ?? null;
  const equal = (domain: string) => atEqualSize(results.domains[domain]);
  const [ranksPlugIn, ranksEqual] = [places(plugIn), places(equal)];
  const rank = (place: number | undefined) =>
    place === undefined ? { text: '–', value: Number.NaN } : { text: String(place), value: place };
  const number = (title: string) => ({ title, numeric: true });
  return numberTable({
    caption: `Conditional entropies and their ranks: ${results.estimator} on all tokens, ${EQUAL_SIZE_ESTIMATOR} on all tokens and at the equal size of ${formatVolume(results.equalSize, 'tokens')}; nats per token`,
    columns: [
      { title: 'domain' },
      ...[
        'tokens',
        results.estimator,
        'rank',
        `${EQUAL_SIZE_ESTIMATOR}, all`,
        'rank',
        'equal size',
        'rank',
        'last doubling',
      ].map(number),
      { title: 'from the next one' },
    ],
    rows: domains.map((domain, index) => {
      const entropies = results.domains[domain];
      const move = lastDoubling(entropies, results.estimator);
      return [
        domain,
        { text: roundQuantity(entropies.tokens), value: entropies.tokens },
        entropyCell(entropies, HEADLINE_PROXY, entropies.intervals[results.estimator]),
        rank(index + 1),
        plainEntropy(plugIn(domain)),
        rank(ranksPlugIn.get(domain)),
        plainEntropy(equal(domain)),
        rank(ranksEqual.get(domain)),
        move === null ? '–' : { text: signedEntropy(move), value: move },
        verdictCell(order.neighbours[index]?.verdict),
      ];
    }),
  });
}

function verdictCell(verdict: PairVerdict | undefined) {
  if (verdict === undefined || verdict === 'distinguished') return verdict ?? '–';
  return { text: html`<span class="flag">${verdict}</span>`, value: Number.NaN };
}

function everyEstimator({ results, domains, otherEstimators }: EntropyContext): Html {
  const estimators = [results.estimator, ...otherEstimators];
  return numberTable(
    {
      caption: `Every estimator, on all tokens with 95\u00a0% intervals (of plug-in: of its scatter alone) and at the equal size of ${formatVolume(results.equalSize, 'tokens')}; nats`,
      columns: [
        { title: 'domain' },
        { title: 'estimator' },
        ...TOKEN_ENTROPIES.map(name => ({ title: PROXY_TITLES[name], numeric: true })),
      ],
      rows: domains.flatMap(domain => {
        const { estimators: estimates, intervals, atEqualSize: equal } = results.domains[domain];
        const whole = estimators.map(name => [
          domain,
          name,
          ...TOKEN_ENTROPIES.map(entropy => entropyCell(estimates[name], entropy, intervals[name])),
        ]);
        const cut = Object.entries(equal).map(([name, entropies]) => [
          domain,
          `${name}, equal size`,
          ...TOKEN_ENTROPIES.map(entropy => plainEntropy(entropies[entropy])),
        ]);
        return [...whole, ...cut];
      }),
    },
    true,
  );
}

function estimatorTable({ results, otherEstimators }: EntropyContext): Html {
  const used = ESTIMATORS.filter(({ name }) => name === results.estimator || otherEstimators.includes(name));
  return numberTable(
    {
      caption: 'What the estimators are, and when they mislead',
      columns: [{ title: 'estimator' }, { title: 'source' }, { title: 'misleads' }],
      rows: used.map(({ name, source, misleads }, index) => [
        { text: html`<span class="nowrap">${name}</span>`, value: index },
        source,
        misleads,
      ]),
    },
    true,
  );
}
