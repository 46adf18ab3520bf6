/** The entropies: what they are, their figures, how they were measured. */

import { formatEntropy, groupDigits, roundQuantity } from '../../../charts/index.ts';
import { type Entropies, type Interval, TOKEN_ENTROPIES } from '../../../entropy/index.ts';
import { factList } from '../../fact-list.ts';
import { type Html, html } from '../../html.ts';
import { numberTable, type TableCell } from '../../number-table.ts';
import type { Section } from '../../sections/index.ts';
import type { EntropyContext } from '../entropy-context.ts';
import { PROXY_TITLES } from '../proxies.ts';

export const entropiesSection: Section<EntropyContext> = {
  id: 'entropies',
  title: 'The entropies',
  body: (
    context,
    figure,
  ) => html`<p>Entropy is how much there is still to learn from a domain’s tokens: of single tokens (Shannon), of pairs of neighbours (joint), and of a token when the one before it is known (conditional). A nat is ${(1 / Math.LN2).toFixed(3)} bits.</p>
${facts(context)}
${figure('entropies')}
${entropyTable(context)}`,
};

function facts({ results, measuredOn }: EntropyContext): Html {
  const { tokenizer, vocabulary, acrossDocuments, estimator } = results;
  return factList([
    ['Measured on', measuredOn],
    [
      'Tokenizer',
      tokenizer === null
        ? 'the files were already tokenized and do not name the tokenizer; compare them only with files of the same one'
        : `${tokenizer.name}, ${tokenizer.version}${tokenizer.unicode === 'none' ? '' : `, Unicode ${tokenizer.unicode}`}`,
    ],
    ['Vocabulary', `${groupDigits(vocabulary)} token ids`],
    ['Pairs', acrossDocuments ? 'of neighbours, also across the ends of documents' : 'of neighbours within a document'],
    ['Estimator', `${estimator}; the others are below the chart and in the tables`],
  ]);
}

function entropyTable({ results, domains }: EntropyContext): Html {
  const withVonNeumann = domains.some(domain => results.domains[domain].vonNeumann !== undefined);
  const number = (title: string) => ({ title, numeric: true });
  return numberTable({
    caption: `Entropies by ${results.estimator}: nats per token (joint: per pair) with 95\u00a0% intervals, bits beside`,
    columns: [
      { title: 'domain' },
      ...['tokens', 'documents'].map(number),
      ...TOKEN_ENTROPIES.flatMap(name => [number(`${PROXY_TITLES[name]}, nats`), number('bits')]),
      ...(withVonNeumann ? [number('von Neumann, nats'), number('bits')] : []),
    ],
    rows: domains.map(domain => {
      const entropies = results.domains[domain];
      return [
        domain,
        { text: roundQuantity(entropies.tokens), value: entropies.tokens },
        { text: groupDigits(entropies.documents), value: entropies.documents },
        ...TOKEN_ENTROPIES.flatMap(name => [
          entropyCell(entropies, name, entropies.intervals[results.estimator]),
          plainEntropy(entropies.bits[name]),
        ]),
        ...(withVonNeumann
          ? [
              plainEntropy(entropies.vonNeumann),
              plainEntropy(entropies.vonNeumann === undefined ? undefined : entropies.vonNeumann / Math.LN2),
            ]
          : []),
      ];
    }),
  });
}

/** An entropy with its interval below it, if it has one. */
export function entropyCell(
  entropies: Entropies | undefined,
  name: keyof Entropies,
  intervals: Readonly<Record<keyof Entropies, Interval>> | undefined,
): TableCell {
  const interval = intervals?.[name];
  if (entropies === undefined || interval === undefined) return plainEntropy(entropies?.[name]);
  const value = entropies[name];
  const range = `${formatEntropy(interval.low)} to ${formatEntropy(interval.high)}`;
  return { text: html`${formatEntropy(value)}<br/><span class="uncertainty">${range}</span>`, value };
}

export function plainEntropy(value: number | null | undefined): TableCell {
  return value === undefined || value === null ? NOTHING : { text: formatEntropy(value), value };
}

const NOTHING: TableCell = { text: '–', value: Number.NaN };
