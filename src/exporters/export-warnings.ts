/** What an exported file does not say of its mixture. */

import type { Warning } from '../laws/index.ts';
import { decimalShares, SHARE_DECIMALS } from './decimals.ts';
import type { ExportedMixture, Exporter } from './exporter.ts';

/** Positive shares that are 0 in the decimals written, and domains that the format leaves out because of that 0. */
export function exportWarnings(exporter: Exporter, { mixture }: ExportedMixture): Warning[] {
  const zero = decimalShares(mixture).map(share => Number(share) === 0);
  const rounded = mixture.domains.flatMap((domain, j): Warning[] => {
    const share = mixture.proportions[j];
    if (!zero[j] || share === 0) return [];
    const message = `the share of "${domain}", ${share.toExponential(1)}, is 0 at ${SHARE_DECIMALS} decimals`;
    return [{ code: 'rounded-to-zero', message, domain }];
  });
  const leftOut = mixture.domains.filter((_, j) => zero[j]);
  if (exporter.leavesOutZeros !== true || leftOut.length === 0) return rounded;
  const message = `left out, because ${exporter.name} takes no weight of 0: ${leftOut.join(', ')}`;
  return [...rounded, { code: 'left-out', message }];
}
