/** Every figure of a report, in the order of its sections. A new one is one file and one line here. */

import { budgetPathFigure } from './budget-path.ts';
import { coefficientsFigure, transferFigure } from './coefficients.ts';
import { coverageFigure } from './coverage.ts';
import { evidenceFigure } from './evidence.ts';
import type { FigureMaker } from './figure.ts';
import { lossCurvesFigure } from './loss-curves.ts';
import { lossShareFigure } from './loss-share.ts';
import { lossChangeFigure, mixtureFigure } from './mixture.ts';
import { paretoFrontFigure } from './pareto-front.ts';
import { predictedObservedFigure } from './predicted-observed.ts';
import { shareResidualsFigure, volumeResidualsFigure } from './residuals.ts';
import { verificationFigure } from './verification.ts';

export const FIGURES: readonly FigureMaker[] = [
  mixtureFigure,
  lossChangeFigure,
  paretoFrontFigure,
  verificationFigure,
  budgetPathFigure,
  evidenceFigure,
  predictedObservedFigure,
  coefficientsFigure,
  transferFigure,
  lossCurvesFigure,
  lossShareFigure,
  volumeResidualsFigure,
  shareResidualsFigure,
  coverageFigure,
];
