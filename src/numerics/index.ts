export { choleskyFactor, choleskySolve, solveLower } from './cholesky.ts';
export { mean } from './mean.ts';
export { median } from './median.ts';
export { normalNumber } from './normal-number.ts';
export { studentProbability, studentQuantile } from './student-t.ts';
