/** How much a token of one training domain (columns) helps each evaluation domain (rows). */

import type { ChartOptions } from './chart-options.ts';
import { matrixGrid } from './matrix-grid.ts';
import { MATRIX_COLOURS } from './theme.ts';

export interface TransferMatrix {
  /** Evaluation domains. */
  readonly targets: readonly string[];
  /** Training domains. */
  readonly sources: readonly string[];
  /** targets x sources: t, where a token of the own domain is worth 1; null for the own domain. */
  readonly weights: readonly (readonly (number | null)[])[];
}

const EDGES = [0.001, 0.01, 0.03, 0.1, 0.3, 1];

export function transferMatrixChart(matrix: TransferMatrix, options: ChartOptions = {}): SVGSVGElement {
  const { targets, sources, weights } = matrix;
  return matrixGrid({
    ...options,
    description: {
      name: 'transfer',
      alt: `Help from a token of each of ${sources.length} training domains (columns) to ${targets.length} evaluation domains (rows), where a token of the own domain counts 1.`,
    },
    rows: targets,
    columns: sources,
    values: weights,
    edges: EDGES,
    colours: MATRIX_COLOURS,
    cellText: weight => (weight === null ? 'own' : weight < 0.001 ? '<0.001' : String(Number(weight.toPrecision(2)))),
    legendTitle: 'Help from a token, own = 1',
  });
}
