export { carried } from './carried.ts';
export { BASELINES, type CompareOptions, compareLaws, type HoldOutCrew } from './comparison.ts';
export { comparisonJson, parseComparisons } from './comparison-json.ts';
export type { ComparedLaw, Comparison, LearningCurve, LearningCurves, PairedDifference } from './comparison-types.ts';
export { type EvaluateOptions, evaluate } from './evidence.ts';
export type { Evidence, HeldOutPoint, LawEvidence, Scores } from './evidence-types.ts';
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
export { type RunNoise, runNoise } from './run-noise.ts';
export { rankingInWords, type TrialRanking } from './trial-ranking.ts';
export { type Verification, verifyLaw } from './verification.ts';
export type { VerifiedLoss, VerifiedRun } from './verified-run.ts';
