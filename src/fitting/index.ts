export { carried } from './carried.ts';
export { choleskyFactor, choleskySolve } from './cholesky.ts';
export { BASELINES, type CompareOptions, compareLaws, type HoldOutCrew } from './comparison.ts';
export { comparisonJson, parseComparisons } from './comparison-json.ts';
export type { ComparedLaw, Comparison, LearningCurve, LearningCurves, PairedDifference } from './comparison-types.ts';
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
export { type HoldOut, type HoldOutOutcome, type HoldOutSetting, runHoldOut } from './hold-out.ts';
export { runGrid } from './learning-curves.ts';
export { offsetForecaster } from './offset-forecaster.ts';
export { type ObservedRun, predictRest, type RestOfRun } from './predict-rest.ts';
export { type TargetData, targetData } from './target-data.ts';
export { type Fault, type FaultReplay, type ReplayOptions, replayRuns, type WatchReplay } from './watch-replay.ts';
export {
  type Alarm,
  type LoggedCheckpoint,
  type WatchedCheckpoint,
  type WatchedTarget,
  type WatchOptions,
  watchRun,
} from './watch-run.ts';
