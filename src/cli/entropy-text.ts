/** Entropies as the terminal shows them. */

import type { DomainEntropy, Entropies, EntropyResults } from '../entropy/index.ts';
import { BEST_ESTIMATOR } from '../entropy/index.ts';
import { formatQuantity } from '../mixture/index.ts';
import { decimal, percent } from './number-text.ts';
import { heading, warningText } from './print.ts';
import { textTable } from './text-table.ts';

export function entropyText(results: EntropyResults): string[] {
  const { domains, tokenizer, estimator, mixtures, warnings } = results;
  const named = tokenizer === null ? 'an unnamed tokenizer' : tokenizer.name;
  const corrected = BEST_ESTIMATOR.name;
  return [
    `${heading('Entropies of the domains')}  (${estimator}, tokens of ${named})\nNats per token, the joint entropy nats per pair; in brackets bits per byte of text, which compare between tokenizers.`,
    textTable(
      ['domain', '>Shannon', '>joint', '>conditional', '>bits per byte', '>von Neumann', '>tokens', '>documents'],
      Object.entries(domains).map(([name, domain]) => [
        name,
        decimal(domain.shannon),
        decimal(domain.joint),
        decimal(domain.conditional),
        domain.bitsPerByte === null ? '-' : `(${decimal(domain.bitsPerByte.conditional, 3)})`,
        decimal(domain.vonNeumann),
        formatQuantity(domain.tokens),
        formatQuantity(domain.documents),
      ]),
    ),
    `Corrected for the sample's size (${corrected}) with 95 % intervals over documents, and plug-in at ${formatQuantity(results.equalSize)} tokens, the size of the smallest domain:`,
    textTable(
      ['domain', '>Shannon', '>conditional', '>conditional at equal size'],
      Object.entries(domains).map(([name, domain]) => [
        name,
        withInterval(domain, corrected, 'shannon'),
        withInterval(domain, corrected, 'conditional'),
        decimal(domain.atEqualSize['plug-in']?.conditional),
      ]),
    ),
    `${heading('Mixtures they imply')}  (shares of tokens, proportional to exp of the entropy)`,
    textTable(
      ['domain', ...Object.keys(mixtures).map(proxy => `>${proxy}`)],
      Object.keys(domains).map(name => [name, ...Object.values(mixtures).map(mixture => percent(mixture[name]))]),
    ),
    warningText(warnings),
  ];
}

function withInterval({ estimators, intervals }: DomainEntropy, estimator: string, entropy: keyof Entropies): string {
  const interval = intervals[estimator]?.[entropy];
  const value = decimal(estimators[estimator][entropy], 3);
  return interval === undefined ? value : `${value} (${decimal(interval.low, 3)} to ${decimal(interval.high, 3)})`;
}
