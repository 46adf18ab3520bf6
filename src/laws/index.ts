export { type BeyondRuns, beyondRuns, coveredShares } from './beyond-runs.ts';
export { bimix } from './bimix.ts';
export { bimixEps } from './bimix-eps.ts';
export { bimixSkills } from './bimix-skills.ts';
export { bimixTransfer } from './bimix-transfer.ts';
export { bimixTransferSize } from './bimix-transfer-size.ts';
export { boostedTrees } from './boosted-trees.ts';
export { checkpointDeviations } from './checkpoint-deviations.ts';
export { type Correction, correctionFeatures } from './correction.ts';
export { type CoefficientDefinition, defineLaw, type LawDefinition, type LossInputs } from './define-law.ts';
export { exponential } from './exponential.ts';
export { BEYOND_SIZES, BEYOND_VOLUMES, extrapolationFactor, MAX_COVERED_FACTOR } from './extrapolation.ts';
export { type Volume, volumeForLaw } from './fit-volume.ts';
export type {
  CheckpointEffect,
  FitConvergence,
  FitQuality,
  FittedLaw,
  FittedTarget,
  HeldOutCheck,
  PriorRecord,
  RunScatter,
  Uncertainty,
  Warning,
} from './fitted-law.ts';
export { gaussianProcess } from './gaussian-process.ts';
export { hybrid } from './hybrid.ts';
export {
  around,
  checkLevel,
  combined,
  combinedMargin,
  designIntervals,
  designOfMixtures,
  type LossInterval,
  type Margin,
  type PredictedIntervals,
  predictIntervals,
  type RowIntervals,
} from './intervals.ts';
export {
  type Design,
  isStack,
  type Law,
  type LawDescription,
  type LossOfShares,
  type Model,
  type Parameter,
  type PriorTerm,
  type Slopes,
  type Stack,
  type TargetEstimate,
  type TargetShape,
  type Transfer,
} from './law.ts';
export { formatLaws, parseLaws } from './law-json.ts';
export { linear } from './linear.ts';
export { hasUncertainty, type LogDeviations, logDeviations } from './log-deviations.ts';
export { logLinear } from './log-linear.ts';
export { type MovedLaw, movedLaws } from './moved-laws.ts';
export { noIntervals } from './no-intervals.ts';
export {
  lossesAtVolume,
  predictCheckpoints,
  predictDesign,
  predictLosses,
  relativeSize,
  shapeOfTarget,
  stackParts,
  type TargetLoss,
  thetaOfTarget,
} from './predict.ts';
export { DEFAULT_LAW, findLaw, knownLaws, LAWS, registerLaw, STACKS } from './registry.ts';
export {
  effectiveShares,
  lossesUnderRepetition,
  lossUnderRepetition,
  REPEAT_DECAY,
  type Repetition,
  worthAsNew,
} from './repetition.ts';
export { scheduleWarnings } from './schedule-warning.ts';
export { shukor } from './shukor.ts';
export { shukorJoint } from './shukor-joint.ts';
export { parametersOf, stack, weightName } from './stack.ts';
export { sumOfPowers } from './sum-of-powers.ts';
export { commonUnit, targetsByUnit } from './target-units.ts';
