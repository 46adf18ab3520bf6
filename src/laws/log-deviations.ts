/** What log losses can be off by where a fitted law predicts them. */

import { BimixError } from '../errors/index.ts';
import { type BeyondRuns, beyondRuns } from './beyond-runs.ts';
import type { FittedLaw, FittedTarget, Uncertainty } from './fitted-law.ts';
import { type Design, isStack, type Law } from './law.ts';
import { shapeOfTarget, stackParts, thetaOfTarget } from './predict.ts';
import { findLaw } from './registry.ts';

export interface LogDeviations {
  /**
   * n rows: how the log loss answers to each of q independent directions in which the coefficients are uncertain, in
   * standard deviations. The covariance of two rows is the sum of their products.
   */
  readonly coefficients: readonly Float64Array[];
  /** n: what a prediction beyond the runs is off by besides. */
  readonly beyond: readonly BeyondRuns[];
  readonly uncertainty: Uncertainty;
}

/** Whether the fit says how uncertain it is. */
export function hasUncertainty(fitted: FittedLaw): boolean {
  return fitted.targets.every(({ uncertainty }) => uncertainty !== undefined);
}

/**
 * @param design as for `predictDesign`
 * @throws BimixError `missing-uncertainty` when the fit does not say how uncertain it is
 */
export function logDeviations(fitted: FittedLaw, target: FittedTarget, design: Design): LogDeviations {
  const { uncertainty } = target;
  if (uncertainty === undefined) {
    throw new BimixError(
      'missing-uncertainty',
      `missing uncertainty of target "${target.target}": the law file does not say how uncertain its fit is`,
      { hint: 'Fit the law again with bimix fit.' },
    );
  }
  return {
    coefficients: coefficientDeviations(fitted, target, design),
    beyond: beyondRuns(fitted, target, design),
    uncertainty,
  };
}

function coefficientDeviations(fitted: FittedLaw, target: FittedTarget, design: Design): Float64Array[] {
  const { uncertainty } = target;
  const law = findLaw(fitted.law);
  if (isStack(law)) {
    const parts = stackParts(law, fitted, target).map(part => ({
      ...part,
      rows: coefficientDeviations(part.member, part.target, design),
    }));
    // Resampled alike, members go wrong together, replicate by replicate.
    const aligned = parts.every(part => part.target.uncertainty?.method === 'bootstrap');
    return Array.from(design.rowRun, (_, n) => {
      const weighted = parts.map(({ rows, weight }) => rows[n].map(value => weight * value));
      return aligned
        ? weighted.reduce((sum, row) => sum.map((value, b) => value + row[b]))
        : Float64Array.from(weighted.flatMap(row => [...row]));
    });
  }
  if (uncertainty?.method === 'laplace') {
    return laplaceDeviations(law, fitted, target, design, uncertainty.parameters, uncertainty.factor);
  }
  if (uncertainty?.method === 'bootstrap') {
    return bootstrapDeviations(law, fitted, target, design, uncertainty.parameters, uncertainty.replicates);
  }
  return Array.from(design.rowRun, () => new Float64Array(0));
}

/** Slopes at the fit times the factor of the covariance. */
function laplaceDeviations(
  law: Law,
  fitted: FittedLaw,
  target: FittedTarget,
  design: Design,
  names: readonly string[],
  factor: readonly number[],
): Float64Array[] {
  const shape = shapeOfTarget(fitted, target);
  const theta = thetaOfTarget(law, shape, target);
  const position = positions(law, fitted, target, names);
  const model = law.bind(shape, design);
  const rows = design.rowRun.length;
  const head = model.rowParameters;
  const tail = theta.length - head;
  const slopes = {
    logLosses: new Float64Array(rows),
    perRow: new Float64Array(rows * head),
    factor: new Float64Array(rows),
    perRun: new Float64Array(design.size.length * tail),
  };
  model.linearize(theta, slopes);
  return Array.from(design.rowRun, (run, n) => {
    const deviations = new Float64Array(names.length);
    position.forEach((q, a) => {
      const slope = q < head ? slopes.perRow[n * head + q] : slopes.factor[n] * slopes.perRun[run * tail + q - head];
      for (let b = 0; b <= a; b++) deviations[b] += slope * factor[(a * (a + 1)) / 2 + b];
    });
    return deviations;
  });
}

/** Differences of the replicates' log losses from the fit's. */
function bootstrapDeviations(
  law: Law,
  fitted: FittedLaw,
  target: FittedTarget,
  design: Design,
  names: readonly string[],
  replicates: readonly (readonly number[])[],
): Float64Array[] {
  const shape = shapeOfTarget(fitted, target);
  const theta = thetaOfTarget(law, shape, target);
  const position = positions(law, fitted, target, names);
  const model = law.bind(shape, design);
  const rows = design.rowRun.length;
  const centre = new Float64Array(rows);
  const there = new Float64Array(rows);
  model.predict(theta, centre);
  const deviations = Array.from({ length: rows }, () => new Float64Array(replicates.length));
  const scale = 1 / Math.sqrt(replicates.length);
  replicates.forEach((replicate, b) => {
    const moved = theta.slice();
    position.forEach((q, a) => {
      moved[q] = replicate[a];
    });
    model.predict(moved, there);
    for (let n = 0; n < rows; n++) deviations[n][b] = scale * (there[n] - centre[n]);
  });
  return deviations;
}

/** Where the named parameters stand in theta. */
function positions(law: Law, fitted: FittedLaw, target: FittedTarget, names: readonly string[]): number[] {
  const parameters = law.parameters(shapeOfTarget(fitted, target)).map(({ name }) => name);
  return names.map(name => parameters.indexOf(name));
}
