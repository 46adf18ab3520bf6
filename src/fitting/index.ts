export type { FitLawOptions } from './fit-formula.ts';
export { fitLaw } from './fit-law.ts';
export { type FitTargetOptions, fitTarget, type TargetFit } from './fit-target.ts';
export { meanAbsoluteError, meanRelativeError, rSquared, spearman } from './metrics.ts';
export { NAIVE_BASELINES } from './naive-baselines.ts';
export { type TargetData, targetData } from './target-data.ts';
export { distinctMixtures } from './verdict.ts';
