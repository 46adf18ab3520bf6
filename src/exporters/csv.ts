/** A mixture as CSV: `domain,proportion`, with the columns `tokens` and `epochs` where they are known. */

import { exactDecimals } from './decimals.ts';
import type { Exporter } from './exporter.ts';
import { headerLines, roundedAway } from './mixture-sheet.ts';

export const csv: Exporter = {
  name: 'csv',
  title: 'CSV, as bimix reads mixtures',
  extensions: ['.csv'],
  needsPaths: false,
  write(sheet, { digits } = {}) {
    const { mixture, tokens, epochs } = sheet;
    const decimals = exactDecimals(mixture.proportions, digits);
    const header = ['domain', 'proportion'];
    if (tokens !== undefined) header.push('tokens');
    if (epochs !== undefined) header.push('epochs');
    const rows = mixture.domains.map((domain, j) => {
      const row = [quoted(domain), decimals[j]];
      if (tokens !== undefined) row.push(String(Math.round(tokens[domain])));
      if (epochs !== undefined) row.push(String(epochs[domain] ?? ''));
      return row;
    });
    const lines = [...headerLines(sheet).map(line => `# ${line}`), ...[header, ...rows].map(row => row.join(','))];
    return { text: `${lines.join('\n')}\n`, warnings: roundedAway(sheet, decimals) };
  },
};

/** RFC 4180; a name that begins like a comment is quoted too. */
function quoted(name: string): string {
  return /[",\r\n]|^#|^\s|\s$/.test(name) ? `"${name.replaceAll('"', '""')}"` : name;
}
