/** Which domains are made of the same tokens. */

import { overlapMatrixChart } from '../../../charts/index.ts';
import type { Figure } from '../../figures/index.ts';
import type { EntropyContext } from '../entropy-context.ts';
import { type DomainPair, divergenceMatrix, domainPairs } from '../overlaps.ts';

export function overlapFigure(context: EntropyContext): Figure | null {
  const { domains, measuredOn } = context;
  if (domains.length < 2) return null;
  const matrix = divergenceMatrix(context);
  return {
    name: 'overlap',
    finding: overlapFinding(domainPairs(context)),
    caption: `Jensen-Shannon divergence of single tokens in bits, plug-in: 0 where two domains use every token equally often, 1 where they share none. Similar domains stand side by side. Measured on ${measuredOn}.`,
    draw: options => overlapMatrixChart(matrix.domains, matrix.bits, options),
  };
}

function overlapFinding(pairs: readonly DomainPair[]): string {
  const said = ({ first, second, divergence }: DomainPair): string =>
    `${first} and ${second} (${divergence.toFixed(3)} bits)`;
  if (pairs.length === 1)
    return `The tokens of ${pairs[0].first} and ${pairs[0].second} are ${pairs[0].divergence.toFixed(3)} bits apart`;
  return `Most similar are ${said(pairs[0])}, least similar ${said(pairs[pairs.length - 1])}`;
}
