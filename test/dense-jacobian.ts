/** The Jacobian of a law's log losses as one matrix, from the two parts in which a law gives it. */

import type { Design, Law, TargetShape } from '../src/laws/index.ts';

export interface DenseJacobian {
  /** n. */
  readonly logLosses: Float64Array;
  /** n rows of p numbers. */
  readonly rows: readonly (readonly number[])[];
}

export function denseJacobian(law: Law, shape: TargetShape, design: Design, theta: Float64Array): DenseJacobian {
  const model = law.bind(shape, design);
  const n = design.rowRun.length;
  const h = model.rowParameters;
  const tail = theta.length - h;
  const slopes = {
    logLosses: new Float64Array(n),
    perRow: new Float64Array(n * h).fill(Number.NaN),
    factor: new Float64Array(n),
    perRun: new Float64Array((design.shares.length / shape.domains.length) * tail),
  };
  model.linearize(theta, slopes);
  const rows = Array.from(design.rowRun, (run, row) => [
    ...slopes.perRow.subarray(row * h, (row + 1) * h),
    ...slopes.perRun.subarray(run * tail, (run + 1) * tail).map(slope => slope * slopes.factor[row]),
  ]);
  return { logLosses: slopes.logLosses, rows };
}
