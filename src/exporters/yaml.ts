/** A mixture as YAML, which bimix reads back. */

import { stringify } from 'yaml';
import { decimalShares } from './decimals.ts';
import type { Exporter } from './exporter.ts';
import { epochsText, tokensText } from './facts.ts';

export const yaml: Exporter = {
  name: 'yaml',
  description: 'YAML, read by bimix wherever a mixture is taken',
  extensions: ['.yaml', '.yml'],
  write: exported => {
    const shares = decimalShares(exported.mixture);
    const lines = exported.mixture.domains.map((domain, j) => {
      const facts = [tokensText(exported, domain), epochsText(exported, domain)].filter(text => text !== '');
      const comment = facts.length === 0 ? '' : `  # ${facts.join(', ')}`;
      return `  ${keyText(domain)}: ${shares[j]}${comment}\n`;
    });
    const about = Object.keys(exported.about).length === 0 ? '' : stringify({ about: exported.about });
    return `# Data mixture: shares of training tokens. The decimals sum to exactly 1.\nunit: share of tokens\n${about}mixture:\n${lines.join('')}`;
  },
};

/** A name as a YAML key on one line, quoted where YAML would read it as something else. */
function keyText(name: string): string {
  return /[\r\n]/.test(name) ? JSON.stringify(name) : stringify(name, { lineWidth: 0 }).trimEnd();
}
