/** A mixture as JSON, with everything known about it as fields; bimix reads its `mixture`. */

import { exactDecimals } from './decimals.ts';
import type { Exporter } from './exporter.ts';
import { roundedAway } from './mixture-sheet.ts';

export const json: Exporter = {
  name: 'json',
  title: 'JSON, with tokens and epochs as fields',
  extensions: ['.json'],
  needsPaths: false,
  write(sheet, { digits } = {}) {
    const { mixture, law, seed, volume, tokens, epochs, version, date } = sheet;
    const decimals = exactDecimals(mixture.proportions, digits);
    const value = {
      mixture: Object.fromEntries(mixture.domains.map((domain, j) => [domain, Number(decimals[j])])),
      unit: 'shares of tokens',
      ...(law === undefined ? {} : { law }),
      ...(seed === undefined ? {} : { seed }),
      ...(volume === undefined ? {} : { volume }),
      ...(tokens === undefined ? {} : { tokens }),
      ...(epochs === undefined ? {} : { epochs }),
      date,
      bimix: version,
    };
    return { text: `${JSON.stringify(value, null, 2)}\n`, warnings: roundedAway(sheet, decimals) };
  },
};
