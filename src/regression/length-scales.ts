/**
 * Length scales and noise of the highest marginal likelihood, under wide priors that only keep a flat likelihood from
 * running away. Steps follow the likelihood's own information about them, damped (Levenberg-Marquardt): a handful is enough.
 */

import { factorMatrix, solveFactored } from './factored-matrix.ts';
import { type Likelihood, likelihoodAt } from './marginal-likelihood.ts';

export interface LengthScales {
  /** d. */
  readonly lengthScales: Float64Array;
  /** g: noise variance over amplitude^2. */
  readonly ratio: number;
}

/** The search runs on at most this many rows; all rows polish what it finds. */
const SEARCHED_ROWS = 192;
const SEARCH_STEPS = 20;
const POLISHING_STEPS = 5;
/** A log posterior is not worth a better value than this. */
const TOLERANCE = 0.01;
/** Smallest noise variance over amplitude^2: keeps kernels of near rows well away from singular. */
const MIN_RATIO = 1e-8;
/** No logarithm moves by more in one step. */
const LONGEST_STEP = 2;

/**
 * Standard deviations of priors on logarithms. One length scale for all features is sought first, about `typicalDistance`; those
 * of the features are then about it, so that few rows, which cannot tell features apart, keep them alike.
 */
const COMMON_SD = 1;
const RELEVANCE_SD = 1.5;
const RATIO_SD = 2;
const RATIO_MEAN = Math.log(0.05);

/** Independent normal priors of theta. */
interface Prior {
  readonly means: Float64Array;
  readonly sds: Float64Array;
}

/**
 * @param features n x d, row-major
 * @param values n, not all equal
 */
export function findLengthScales(features: Float64Array, values: Float64Array): LengthScales {
  const n = values.length;
  const columns = features.length / n;
  const rows = Math.min(n, SEARCHED_ROWS);
  const searched = Int32Array.from({ length: rows }, (_, a) => Math.floor((a * n) / rows));
  const few = new Float64Array(rows * columns);
  searched.forEach((row, a) => {
    few.set(features.subarray(row * columns, (row + 1) * columns), a * columns);
  });
  const fewValues = Float64Array.from(searched, row => values[row]);

  const typical = Math.log(typicalDistance(features, n, columns));
  let prior: Prior = { means: Float64Array.of(typical, RATIO_MEAN), sds: Float64Array.of(COMMON_SD, RATIO_SD) };
  const starts = [1, 3, 9].flatMap(far =>
    [0.01, 0.1, 1].map(ratio => Float64Array.of(typical + Math.log(far), Math.log(ratio))),
  );
  const scores = starts.map(start => logPosterior(likelihoodAt(few, fewValues, start), prior, start));
  let theta = climb(few, fewValues, prior, starts[scores.indexOf(Math.max(...scores))], SEARCH_STEPS);
  if (columns > 1) {
    const [common, ratio] = theta;
    theta = new Float64Array(columns + 1).fill(common);
    prior = { means: theta.slice(), sds: new Float64Array(columns + 1).fill(RELEVANCE_SD) };
    prior.means[columns] = RATIO_MEAN;
    prior.sds[columns] = RATIO_SD;
    theta[columns] = ratio;
    theta = climb(few, fewValues, prior, theta, SEARCH_STEPS);
  }
  if (rows < n) theta = climb(features, values, prior, theta, POLISHING_STEPS);
  return { lengthScales: theta.subarray(0, -1).map(Math.exp), ratio: Math.exp(theta[theta.length - 1]) };
}

/** The highest log posterior uphill of `start`. */
function climb(
  features: Float64Array,
  values: Float64Array,
  prior: Prior,
  start: Float64Array,
  steps: number,
): Float64Array {
  const p = start.length;
  let theta = start;
  let likelihood = likelihoodAt(features, values, theta);
  let height = logPosterior(likelihood, prior, theta);
  let damping = 0.01;
  for (let iteration = 0; iteration < steps && likelihood !== undefined; iteration++) {
    const { gradient, information } = likelihood.slopes();
    for (let q = 0; q < p; q++) {
      gradient[q] -= (theta[q] - prior.means[q]) / prior.sds[q] ** 2;
      information[q * p + q] += 1 / prior.sds[q] ** 2;
    }
    let gain = 0;
    while (damping < 1e6) {
      const damped = information.map((value, index) => (index % (p + 1) === 0 ? value * (1 + damping) : value));
      const factored = factorMatrix(damped, p);
      if (factored === undefined) {
        damping *= 10;
        continue;
      }
      const step = solveFactored(factored, gradient);
      const next = theta.map((value, q) => value + Math.min(LONGEST_STEP, Math.max(-LONGEST_STEP, step[q])));
      next[p - 1] = Math.max(next[p - 1], Math.log(MIN_RATIO));
      const candidate = likelihoodAt(features, values, next);
      gain = logPosterior(candidate, prior, next) - height;
      if (gain > 0) {
        theta = next;
        likelihood = candidate;
        height += gain;
        damping /= 10;
        break;
      }
      if (Math.abs(gain) < TOLERANCE) break;
      damping = 10 * Math.max(damping, 1e-3);
    }
    if (gain < TOLERANCE) break;
  }
  return theta;
}

function logPosterior(likelihood: Likelihood | undefined, prior: Prior, theta: Float64Array): number {
  if (likelihood === undefined) return Number.NEGATIVE_INFINITY;
  return theta.reduce(
    (sum, value, q) => sum - ((value - prior.means[q]) / prior.sds[q]) ** 2 / 2,
    likelihood.logLikelihood,
  );
}

/** Root mean square distance between two rows; 1 when all are alike. */
function typicalDistance(features: Float64Array, n: number, columns: number): number {
  let squares = 0;
  for (let f = 0; f < columns; f++) {
    let mean = 0;
    for (let a = 0; a < n; a++) mean += features[a * columns + f] / n;
    for (let a = 0; a < n; a++) squares += (2 * (features[a * columns + f] - mean) ** 2) / n;
  }
  return squares > 0 ? Math.sqrt(squares) : 1;
}
