export { type BudgetPathData, budgetPathChart } from './budget-path.ts';
export { type ChartOptions, NARROW_WIDTH } from './chart-options.ts';
export {
  type CoefficientColumn,
  type CoefficientValue,
  coefficientsChart,
} from './coefficients.ts';
export { DARK_COLOURS, DARK_SURFACE } from './dark-colours.ts';
export { type EntropyPanel, type EntropyValue, entropiesChart } from './entropies.ts';
export { type EntropyConvergencePanel, entropyConvergenceChart } from './entropy-convergence.ts';
export { entropyMixturesChart } from './entropy-mixtures.ts';
export { type EvidenceRow, evidenceBarsChart } from './evidence-bars.ts';
export { cleanText } from './label.ts';
export { type LearningCurveLine, learningCurvesChart } from './learning-curves.ts';
export { lossChangeChart } from './loss-change.ts';
export { type LossCurve, type LossCurvesPanel, lossCurvesChart } from './loss-curves.ts';
export { type LossSharePanel, lossShareChart } from './loss-share.ts';
export { type MixtureRow, mixtureBarsChart } from './mixture-bars.ts';
export {
  formatChange,
  formatCoefficient,
  formatCount,
  formatEntropy,
  formatError,
  formatLoss,
  formatShare,
  formatVolume,
  formatWithError,
  groupDigits,
  roundQuantity,
} from './number-format.ts';
export { overlapMatrixChart } from './overlap-matrix.ts';
export { type ParetoFrontData, paretoFrontChart } from './pareto-front.ts';
export { type PredictedPanel, predictedObservedChart } from './predicted-observed.ts';
export { REFERENCES_DRAWN } from './reference-symbols.ts';
export { type RegretCurve, type RegretCurvesData, regretCurvesChart } from './regret-curves.ts';
export { type ResidualPanel, residualsChart } from './residuals.ts';
export { type CoverageRow, shareCoverageChart } from './share-coverage.ts';
export { COLOURED_DOMAINS, domainPalette, FONT_FAMILY, type Palette } from './theme.ts';
export { thin } from './thin.ts';
export { type TokensPerByteRow, tokensPerByteChart } from './tokens-per-byte.ts';
export { type TransferMatrix, transferMatrixChart } from './transfer-matrix.ts';
export { type VerificationRow, verificationChart } from './verification.ts';
