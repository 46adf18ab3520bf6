/**
 * The front door: what computes, from the text of runs to a mixture and its charts. It touches no file, no clock and no global
 * randomness, and runs in a browser. `bimix/node` reads files.
 */

export {
  type BudgetPathData,
  budgetPathChart,
  type ChartOptions,
  domainPalette,
  type MixtureRow,
  mixtureBarsChart,
  type Palette,
  type ParetoFrontData,
  type PredictedPanel,
  paretoFrontChart,
  predictedObservedChart,
} from './charts/index.ts';
export { type DecideOptions, type Decision, decide } from './decide/index.ts';
export { BimixError, type ErrorCode, type Place } from './errors/index.ts';
export {
  type CompareOptions,
  type Comparison,
  compareLaws as compare,
  type EvaluateOptions,
  type Evidence,
  evaluate,
  type Forecaster,
  lawForecaster,
  meanBaseline,
  nearestBaseline,
} from './evidence/index.ts';
export { type FitLawOptions, fitLaw } from './fitting/index.ts';
export {
  bimix,
  bimixEps,
  bimixSkills,
  bimixTransfer,
  bimixTransferSize,
  boostedTrees,
  defineLaw,
  exponential,
  type FittedLaw,
  formatLaws,
  gaussianProcess,
  hybrid,
  type Law,
  type LawDefinition,
  linear,
  logLinear,
  parseLaws,
  type Stack,
  shukor,
  shukorJoint,
  stack,
  sumOfPowers,
} from './laws/index.ts';
export { findPreset, type Mixture, makeMixture, type Preset } from './mixture/index.ts';
export {
  type AssembleOptions,
  assembleRuns as assemble,
  type Draft,
  type Finding,
  formatRuns,
  parseRuns,
  type RunTable,
  readRuns,
  type Split,
  splitRuns,
} from './observations/index.ts';
export {
  type BudgetPath,
  budgetPath,
  isWithoutVolume,
  type LawWithoutVolume,
  type OptimizeAtVolume,
  type OptimizeOptions,
  type ParetoFront,
  type Proposal,
  paretoFront,
  predict,
  proposeAtVolume as proposeMixture,
  type TrainingVolume,
} from './optimize/index.ts';
