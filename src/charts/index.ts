export { type BudgetPathData, budgetPathChart } from './budget-path.ts';
export { CHART_WIDTH, type ChartOptions } from './chart-options.ts';
export {
  type CoefficientColumn,
  type CoefficientValue,
  coefficientsChart,
} from './coefficients.ts';
export { type EvidenceRow, evidenceBarsChart } from './evidence-bars.ts';
export { cleanText } from './label.ts';
export { type LossChangeRow, lossChangeChart } from './loss-change.ts';
export { type LossCurve, type LossCurvesPanel, lossCurvesChart } from './loss-curves.ts';
export { type LossSharePanel, lossShareChart } from './loss-share.ts';
export { type MixtureRow, mixtureBarsChart, REFERENCES_DRAWN } from './mixture-bars.ts';
export {
  formatChange,
  formatCoefficient,
  formatCount,
  formatError,
  formatLoss,
  formatShare,
  formatVolume,
  formatWithError,
  groupDigits,
  roundQuantity,
} from './number-format.ts';
export { type PredictedPanel, type PredictedPoint, predictedObservedChart } from './predicted-observed.ts';
export { type ResidualPanel, type ResidualPoint, residualsChart } from './residuals.ts';
export { type CoverageRow, shareCoverageChart } from './share-coverage.ts';
export { COLOURED_DOMAINS, domainPalette, FONT_FAMILY, GREY, type Palette } from './theme.ts';
export { thin } from './thin.ts';
export { type TransferMatrix, transferMatrixChart } from './transfer-matrix.ts';
