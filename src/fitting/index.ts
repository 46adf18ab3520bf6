export { choleskyFactor, choleskySolve } from './cholesky.ts';
export { type EvaluateOptions, evaluate } from './evidence.ts';
export type { Evidence, HeldOutPoint, LawEvidence, Scores } from './evidence-types.ts';
export type { FitLawOptions } from './fit-formula.ts';
export { fitLaw } from './fit-law.ts';
export { type FitTargetOptions, fitTarget, type TargetFit } from './fit-target.ts';
export {
  type Forecast,
  type Forecaster,
  lawForecaster,
  meanBaseline,
  nearestBaseline,
  predictRows,
} from './forecaster.ts';
export { type TargetData, targetData } from './target-data.ts';
