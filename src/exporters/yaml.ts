/** A mixture as YAML: `domain: share`, one a line, with tokens and epochs beside it. */

import { Document, Scalar } from 'yaml';
import { DIGITS, exactDecimals } from './decimals.ts';
import type { Exporter } from './exporter.ts';
import { describeDraw, headerLines, roundedAway } from './mixture-sheet.ts';

export const yaml: Exporter = {
  name: 'yaml',
  title: 'YAML, as bimix reads mixtures',
  extensions: ['.yaml', '.yml'],
  needsPaths: false,
  write(sheet, { digits = DIGITS } = {}) {
    const { domains, proportions } = sheet.mixture;
    const decimals = exactDecimals(proportions, digits);
    const document = new Document({});
    document.commentBefore = headerLines(sheet)
      .map(line => ` ${line}`)
      .join('\n');
    domains.forEach((domain, j) => {
      const share = new Scalar(Number(decimals[j]));
      share.minFractionDigits = digits;
      const draw = describeDraw(sheet, domain);
      if (draw !== '') share.comment = ` ${draw}`;
      document.set(domain, share);
    });
    return { text: document.toString({ lineWidth: 0 }), warnings: roundedAway(sheet, decimals) };
  },
};
