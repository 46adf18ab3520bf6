export { bimix } from './bimix.ts';
export { bimixTransfer } from './bimix-transfer.ts';
export { type Volume, volumeForLaw } from './fit-volume.ts';
export type { FitConvergence, FitQuality, FittedLaw, FittedTarget, Warning } from './fitted-law.ts';
export type { Design, Law, LossOfShares, Model, Parameter, PriorTerm, Slopes, TargetShape } from './law.ts';
export { formatLaws, parseLaws } from './law-json.ts';
export {
  lossesAtVolume,
  predictLosses,
  shapeOfTarget,
  type TargetLoss,
  thetaOfTarget,
} from './predict.ts';
export { findLaw, LAWS } from './registry.ts';
