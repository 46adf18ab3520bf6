export { bimix } from './bimix.ts';
export { bimixEps } from './bimix-eps.ts';
export { bimixTransfer } from './bimix-transfer.ts';
export { type Correction, type CorrectionFeatures, correctionFeatures } from './correction.ts';
export { type Volume, volumeForLaw } from './fit-volume.ts';
export type {
  CheckpointEffect,
  FitConvergence,
  FitQuality,
  FittedLaw,
  FittedTarget,
  Uncertainty,
  Warning,
  PriorRecord,
  RunScatter,
} from './fitted-law.ts';
export {
  type Design,
export {
  around,
  checkLevel,
  combined,
  designIntervals,
  designOfMixtures,
  type LossInterval,
  type PredictedIntervals,
  predictIntervals,
  type RowIntervals,
} from './intervals.ts';
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
} from './law.ts';
export { formatLaws, parseLaws } from './law-json.ts';
export {
  lossesAtVolume,
  predictDesign,
export { hasUncertainty, type LogDeviations, logDeviations } from './log-deviations.ts';
  predictLoss,
  predictLosses,
  relativeSize,
  shapeOfTarget,
  stackParts,
  type TargetLoss,
  thetaOfTarget,
} from './predict.ts';
export { findLaw, LAWS, STACKS } from './registry.ts';
export { parametersOf, weightName } from './stack.ts';
export {
  lossesUnderRepetition,
  lossUnderRepetition,
  REPEAT_DECAY,
  type Repetition,
  worthAsNew,
} from './repetition.ts';
