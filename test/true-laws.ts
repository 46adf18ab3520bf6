/** Laws with known coefficients, to simulate runs from. */

import type { FittedLaw } from '../src/laws/index.ts';
import { bimixFit, transferFit } from './fitted-laws.ts';

export const TRUE_BIMIX: FittedLaw = bimixFit({
  web: [2.5, 0.08, 0.3, 0.4],
  code: [1.0, 0.2, 0.3, 0.5],
  books: [2.8, 0.06, 0.4, 0.45],
});

/** The last target has no training domain of its own. */
export const TRUE_TRANSFER: FittedLaw = transferFit(
  ['web', 'code', 'books'],
  [
    {
      ...{ target: 'web', own: 'web', E: 0.8, C: 1.6, alpha: 0.12, B: 0.4, beta: 0.45, rho: 0.6, sigma: 0.8 },
      t: { code: 0.02, books: 0.2 },
    },
    {
      ...{ target: 'code', own: 'code', E: 0.3, C: 0.8, alpha: 0.25, B: 0.4, beta: 0.5, rho: 0.7, sigma: 0.7 },
      t: { web: 0.05, books: 0.01 },
    },
    {
      ...{ target: 'exams', own: null, E: 0.9, C: 1.7, alpha: 0.1, B: 0.4, beta: 0.5, rho: 1, sigma: 0.8 },
      t: { web: 0.3, code: 0.01, books: 0.1 },
    },
  ],
);
