export {
  isWithoutVolume,
  type LawWithoutVolume,
  type OptimizeAtVolume,
  predict,
  proposeAtVolume,
} from './at-volume.ts';
export { type BestRun, bestMeasuredRun, bestRun, bestRunInWords, type Contender, changeInWords } from './best-run.ts';
export { type BoundedMixture, nearestAllowedMixture } from './bounded-mixture.ts';
export { type BudgetPath, type BudgetPoint, budgetPath, geometricVolumes } from './budget-path.ts';
export { type ConstraintOptions, makeConstraints, type ShareConstraints, type ShareRange } from './constraints.ts';
export { type MixtureGain, mixtureGain } from './mixture-gain.ts';
export { type MixtureProblem, makeProblem, type OptimizeOptions } from './mixture-problem.ts';
export { objectiveUnit, objectiveWeights } from './objective-weights.ts';
export { proposeMixture } from './optimize-mixture.ts';
export { findOptimum } from './optimum.ts';
export type { OptimumIntervals } from './optimum-intervals.ts';
export {
  type GroupLosses,
  type ParetoFront,
  type ParetoGroups,
  type ParetoPoint,
  paretoFront,
} from './pareto-front.ts';
export type { ActiveBound, LossByDomain, Proposal, ReachedTarget } from './proposal.ts';
export { coverageWarnings, epochWarnings } from './proposal-warnings.ts';
export { referenceInWords } from './reference-name.ts';
export { epochsByDomain, lossesOfDraw, resolveRepetition, worthByDomain } from './repetition.ts';
export { type ResolvedVolume, resolveVolume, type TrainingVolume } from './training-volume.ts';
