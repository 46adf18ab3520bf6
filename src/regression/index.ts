export { trainBoostedTrees } from './boosted-trees.ts';
export { gaussianProcessLeaveOneOut, trainGaussianProcess } from './gaussian-process.ts';
export { predictRegression, type Regression, regressionSchema } from './regression.ts';
