export { predictRegression, type Regression, regressionSchema } from './regression.ts';
export { studentProbability, studentQuantile } from './student-t.ts';
