/** A mixture as JSON, which bimix reads back. */

import { decimalShares } from './decimals.ts';
import type { Exporter } from './exporter.ts';

export const json: Exporter = {
  name: 'json',
  description: 'JSON, read by bimix wherever a mixture is taken',
  extensions: ['.json'],
  write: ({ mixture, about, tokens, epochs }) => {
    const shares = decimalShares(mixture);
    const value = {
      unit: 'share of tokens',
      about,
      // Six decimals survive the way through a double unchanged.
      mixture: Object.fromEntries(mixture.domains.map((domain, j) => [domain, Number(shares[j])])),
      ...(tokens === undefined ? {} : { tokens }),
      ...(epochs === undefined ? {} : { epochs }),
    };
    return `${JSON.stringify(value, null, 2)}\n`;
  },
};
