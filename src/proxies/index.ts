export { collectRuns, type RunSet } from './collect-runs.ts';
export { defaultTraining, evaluationGrid, MODEL_SIZES, type TrainingSettings } from './default-training.ts';
export { projectIn, readPlan } from './plan.ts';
export { openPlanFolder, readPlanFolder, type TrainablePlan, trainablePlan } from './plan-folder.ts';
export { type Project, tokensAvailable } from './project.ts';
export { findDomains } from './project-domains.ts';
export type { SplitDomain } from './project-split.ts';
export { type ProjectTemplate, projectTemplate, type TemplateDomain } from './project-template.ts';
export { projectText, repetitionMatched } from './project-text.ts';
export { readProject } from './project-yaml.ts';
export type { LearningRate, ProxyDomain, ProxyRun } from './proxy-run.ts';
export { proxyTasks, taskResources } from './proxy-tasks.ts';
export { checkProxyRun, readProxyRun } from './read-proxy-run.ts';
export {
  type Divergence,
  type Evaluation,
  type MetricsHeader,
  type RunMetrics,
  type RunResult,
  readRunMetrics,
  readRunResult,
} from './run-metrics.ts';
export { type RunProgress, readRunProgress } from './run-progress.ts';
export { logEnd, type RunState, type RunStateName, readRunStates } from './run-state.ts';
export {
  type SampleOptions,
  type WrittenCorpora,
  type WrittenDomain,
  writeSampleCorpora,
} from './sample-corpora.ts';
export { type SampleGroup, sampleGroup, sampleGroups } from './sample-groups.ts';
export { compareRuns, type RunComparison } from './status-comparison.ts';
export { type TrainingOptions, type TrainingOutcome, trainProxy } from './train-proxy.ts';
export { takesTokensAvailable } from './user-trainer.ts';
