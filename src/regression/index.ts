export { predictRegression, type Regression, regressionSchema } from './regression.ts';
