export { type Belief, type BeliefOptions, believe, type TargetBelief } from './belief.ts';
export { type Candidate, isWithin } from './candidate.ts';
export { type DesignTarget, type DOptimalDesign, dOptimal } from './d-optimal.ts';
export { type GenerateOptions, generateCandidates } from './generate-candidates.ts';
export { type Goal, type NextRun, type NextRuns, type NextRunsOptions, nextRuns } from './next-runs.ts';
export { type Choice, medianRegret, type ReplayOptions, type ReplayPoint, replay, runsToReach } from './replay.ts';
