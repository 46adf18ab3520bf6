/** A mixture as CSV with comment lines, which bimix reads back. */

import { namedValue } from '../mixture/index.ts';
import { csvTable } from './csv-table.ts';
import { decimalShares } from './decimals.ts';
import type { Exporter } from './exporter.ts';

export const csv: Exporter = {
  name: 'csv',
  description: 'CSV with the columns domain and proportion, and tokens and epochs where known',
  extensions: ['.csv'],
  write: ({ mixture, about, tokens, epochs }) => {
    const shares = decimalShares(mixture);
    const columns = [
      'domain',
      'proportion',
      ...(tokens === undefined ? [] : ['tokens']),
      ...(epochs === undefined ? [] : ['epochs']),
    ];
    const rows = mixture.domains.map((domain, j) => [
      domain,
      shares[j],
      ...(tokens === undefined ? [] : [Math.round(tokens[domain])]),
      ...(epochs === undefined ? [] : [namedValue(epochs, domain) ?? '']),
    ]);
    const header = ['unit: share of tokens', ...Object.entries(about).map(([key, value]) => `${key}: ${value}`)];
    return `${header.map(line => `# ${line.replace(/[\r\n]+/g, ' ')}\n`).join('')}${csvTable([columns, ...rows])}`;
  },
};
