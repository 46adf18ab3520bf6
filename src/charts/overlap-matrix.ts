/** How much domains overlap: the Jensen-Shannon divergence of their tokens, darker the more alike. */

import type { ChartOptions } from './chart-options.ts';
import { matrixGrid } from './matrix-grid.ts';
import { MATRIX_COLOURS } from './theme.ts';

const EDGES = [0.02, 0.05, 0.1, 0.2, 0.3, 0.5];

/**
 * @param domains in drawing order
 * @param divergence domains x domains, bits: 0 the same, 1 disjoint
 */
export function overlapMatrixChart(
  domains: readonly string[],
  divergence: readonly (readonly number[])[],
  options: ChartOptions = {},
): SVGSVGElement {
  return matrixGrid({
    ...options,
    description: {
      name: 'overlap',
      alt: `Jensen-Shannon divergence in bits between the token distributions of ${domains.length} domains, from 0 (the same) to 1 (no token in common).`,
    },
    rows: domains,
    columns: domains,
    values: divergence.map((row, i) => row.map((value, j) => (i === j ? null : value))),
    edges: EDGES,
    colours: MATRIX_COLOURS.toReversed(),
    cellText: value => (value === null ? '' : value.toFixed(3)),
    legendTitle: 'Divergence, bits',
  });
}
