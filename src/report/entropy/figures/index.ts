/** Every figure about entropies, in the order of its sections. A new one is one file and one line here. */

import type { FigureMaker } from '../../figures/index.ts';
import type { EntropyContext } from '../entropy-context.ts';
import { convergenceFigure } from './convergence.ts';
import { entropiesFigure } from './entropies.ts';
import { mixturesFigure } from './mixtures.ts';
import { overlapFigure } from './overlap.ts';
import { tokensPerByteFigure } from './tokens-per-byte.ts';

export const ENTROPY_FIGURES: readonly FigureMaker<EntropyContext>[] = [
  entropiesFigure,
  convergenceFigure,
  mixturesFigure,
  tokensPerByteFigure,
  overlapFigure,
];
