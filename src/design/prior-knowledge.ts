/**
 * What is known of a loss before any run: bimix-transfer at typical coefficients, and its priors. A run's log loss then answers
 * to the coefficients by the law's slopes there, in units of what the priors leave open.
 */

import { bimixTransfer, type Parameter, type TargetShape } from '../laws/index.ts';
import { choleskyFactor, choleskySolve } from '../numerics/index.ts';

export const DESIGN_LAW = bimixTransfer;

/** In the middle of fits to public tables of runs: alpha 0.05 to 0.35, rho 0.4 to 0.8, sigma 0.5 to 0.9, E below a third of C. */
const TYPICAL: Readonly<Record<string, number>> = { E: 0.3, C: 2, alpha: 0.2, rho: 0.6, sigma: 0.75 };
/** Of every t, and in the middle of its prior. */
const TYPICAL_TRANSFER = 0.05;

export interface PriorKnowledge {
  /** The domain whose loss it is of. */
  readonly domain: string;
  /** p. */
  readonly parameters: readonly Parameter[];
  /** p. */
  readonly theta: Float64Array;
  /** p rows of p: how theta answers to p independent directions, in standard deviations; a factor of the priors' covariance. */
  readonly coefficients: readonly Float64Array[];
  /** N rows of p: how the log loss of a run of each mixture answers to the same. */
  readonly losses: readonly Float64Array[];
}

/**
 * Of the loss of every domain, each run counted once: checkpoints of one run share its error, and tell of the volume term only,
 * which is left out.
 *
 * @param mixtures N mixtures that could be run, shares of tokens
 */
export function priorKnowledge(domains: readonly string[], mixtures: readonly Float64Array[]): PriorKnowledge[] {
  return domains.map((domain, own) => {
    const shape: TargetShape = { domains, own, volumeVaries: false, shareVaries: true, sizeVaries: false };
    const parameters = DESIGN_LAW.parameters(shape);
    const theta = Float64Array.from(parameters, ({ name, scale }) => {
      if (name === 'tauMean') return Math.log(TYPICAL_TRANSFER);
      const value = TYPICAL[name] ?? TYPICAL_TRANSFER;
      return scale === 'log' ? Math.log(value) : value;
    });
    const coefficients = priorFactor(shape, parameters.length);
    const losses = slopesAt(shape, theta, mixtures).map(slopes => inDirections(slopes, coefficients));
    return { domain, parameters, theta, coefficients, losses };
  });
}

/** Rows of the lower triangular factor of the inverse of sum a a' / sd^2 over the law's priors, which leave nothing free. */
function priorFactor(shape: TargetShape, p: number): Float64Array[] {
  const precision = new Float64Array(p * p);
  for (const { terms, sd } of DESIGN_LAW.priors(shape)) {
    for (const [a, weightA] of terms) {
      for (const [b, weightB] of terms) precision[a * p + b] += (weightA * weightB) / sd ** 2;
    }
  }
  choleskyFactor(precision, p, precision);
  const covariance = new Float64Array(p * p);
  for (let q = 0; q < p; q++) {
    const column = covariance.subarray(q * p, (q + 1) * p);
    column[q] = 1;
    choleskySolve(precision, p, column, column);
  }
  choleskyFactor(covariance, p, covariance);
  return Array.from({ length: p }, (_, q) =>
    Float64Array.from({ length: p }, (__, k) => (k <= q ? covariance[q * p + k] : 0)),
  );
}

/** N rows of p: derivatives of the log loss in theta. */
function slopesAt(shape: TargetShape, theta: Float64Array, mixtures: readonly Float64Array[]): Float64Array[] {
  const n = mixtures.length;
  const m = shape.domains.length;
  const shares = new Float64Array(n * m);
  mixtures.forEach((mixture, run) => {
    shares.set(mixture, run * m);
  });
  const one = new Float64Array(n).fill(1);
  const model = DESIGN_LAW.bind(shape, { shares, rowRun: Int32Array.from(one.keys()), volume: one, size: one });
  const h = model.rowParameters;
  const rest = theta.length - h;
  const slopes = {
    logLosses: new Float64Array(n),
    perRow: new Float64Array(n * h),
    factor: new Float64Array(n),
    perRun: new Float64Array(n * rest),
  };
  model.linearize(theta, slopes);
  return mixtures.map((_, run) =>
    theta.map((__, q) => (q < h ? slopes.perRow[run * h + q] : slopes.factor[run] * slopes.perRun[run * rest + q - h])),
  );
}

function inDirections(slopes: Float64Array, coefficients: readonly Float64Array[]): Float64Array {
  const row = new Float64Array(slopes.length);
  coefficients.forEach((coefficient, q) => {
    coefficient.forEach((value, k) => {
      row[k] += slopes[q] * value;
    });
  });
  return row;
}
