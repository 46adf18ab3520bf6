/**
 * BiMix: the loss of one domain from its own proportion and the data volume, exactly as published.
 *
 *   L(r, x) = r^-alpha (B x^-beta + C)        Ge et al. 2024 (arXiv 2405.14908), Eq. 3 with A = 1
 *
 * The published A, B and C are identifiable only up to a common factor, so A is fixed at 1 and B and C carry the scale:
 * four coefficients a domain. r is the domain's share of tokens, floored at `SHARE_FLOOR`; x = s / s_max; L in nats per
 * token. No domain helps another; the law is infinite at r = 0, hence the floor.
 */

import type { Design, Law, LossOfShares, Model, Parameter, TargetShape } from './law.ts';
import { nonnegativeCombination } from './nonnegative-combination.ts';
import { volumePower, volumePowerParameters, volumeSum } from './volume-power.ts';

/** Shares below this count as this. The optimizer gives no domain less. */
const SHARE_FLOOR = 1e-3;

/**
 * The law of BiMix (Ge et al. 2024): each loss from the domain's own share and the volume.
 *
 * @example
 * ```js
 * import { fitLaw, bimix } from 'bimix';
 *
 * const law = fitLaw(table, bimix, { check: false });
 * ```
 */
export const bimix: Law = {
  name: 'bimix',
  title: 'BiMix',
  formula: 'L = r^-α · (B · x^-β + C)',
  source: 'Ge et al. 2024, arXiv 2405.14908, Eq. 3 with A = 1',
  zeroShares:
    'a share below 0.001 counts as 0.001, since the published law is infinite at 0; the optimizer keeps every domain at 0.001 or more',
  convexity:
    'each loss is a convex power of one share (α, B, C ≥ 0; shares of 0.001 or more), so any weighted mean of losses is separable and convex and its optimum over those mixtures is global',
  convex: true,
  needsOwnDomain: true,
  knowsSize: false,
  robust: false,
  smallestShare: SHARE_FLOOR,
  runsWanted: () => 8,
  parameters,
  priors: () => [],
  bind,
  starts,
  atVolume,
};

function parameters(shape: TargetShape): readonly Parameter[] {
  const list: Parameter[] = [
    {
      name: 'C',
      symbol: 'C',
      scale: 'log',
      lower: -18,
      upper: 6,
      meaning: 'loss at share 1 after endless data, nats per token',
    },
  ];
  if (shape.shareVaries) {
    list.push({
      name: 'alpha',
      symbol: 'α',
      scale: 'linear',
      lower: 0,
      upper: 6,
      meaning: 'how fast the loss falls as the own share grows',
    });
  }
  if (shape.volumeVaries) {
    list.push(
      ...volumePowerParameters('what more data can still take off the loss at share 1 and x = 1, nats per token'),
    );
  }
  return list;
}

/** Positions in theta; -1 where the shape leaves the coefficient out. */
function layout(shape: TargetShape): { alpha: number; b: number; beta: number; length: number } {
  const alpha = shape.shareVaries ? 1 : -1;
  const b = shape.volumeVaries ? (shape.shareVaries ? 2 : 1) : -1;
  return { alpha, b, beta: b < 0 ? -1 : b + 1, length: 1 + (shape.shareVaries ? 1 : 0) + (shape.volumeVaries ? 2 : 0) };
}

function bind(shape: TargetShape, design: Design): Model {
  const { alpha, b, beta, length: p } = layout(shape);
  const rows = design.rowRun.length;
  const logShare = Float64Array.from(logOwnShares(shape, design));
  const ofVolume = volumeSum(design.volume, b);

  const predict = (theta: Float64Array, logLosses: Float64Array): void => {
    ofVolume.evaluate(theta, Math.exp(theta[0]));
    const exponent = alpha < 0 ? 0 : theta[alpha];
    for (let n = 0; n < rows; n++) {
      logLosses[n] = ofVolume.logs[ofVolume.rowIndex[n]] - exponent * logShare[design.rowRun[n]];
    }
  };
  return {
    rowParameters: p,
    predict,
    linearize: (theta, { logLosses, perRow }) => {
      predict(theta, logLosses);
      for (let n = 0; n < rows; n++) {
        const volume = ofVolume.rowIndex[n];
        perRow[n * p] = 1 - ofVolume.byLogB[volume];
        if (alpha >= 0) perRow[n * p + alpha] = -logShare[design.rowRun[n]];
        if (b >= 0) {
          perRow[n * p + b] = ofVolume.byLogB[volume];
          perRow[n * p + beta] = ofVolume.byBeta[volume];
        }
      }
    },
  };
}

function logOwnShares(shape: TargetShape, design: Design): number[] {
  const m = shape.domains.length;
  const runs = design.shares.length / m;
  return Array.from({ length: runs }, (_, run) => Math.log(Math.max(design.shares[run * m + shape.own], SHARE_FLOOR)));
}

/** One start for each of four exponents of volume, with alpha by regression and B, C by non-negative least squares. */
function starts(shape: TargetShape, design: Design, logLosses: Float64Array): readonly Float64Array[] {
  const { alpha, b, beta, length } = layout(shape);
  const logShare = logOwnShares(shape, design);
  const slope = shape.shareVaries ? Math.min(6, Math.max(0.01, -regressionSlope(design, logShare, logLosses))) : 0;
  const ones = new Float64Array(logLosses.length).fill(1);
  const flattened = logLosses.map((loss, n) => Math.exp(loss + slope * logShare[design.rowRun[n]]));
  const typical = flattened.reduce((sum, loss) => sum + loss, 0) / flattened.length;
  return (shape.volumeVaries ? [0.4, 0.8, 1.6, 0.1] : [0]).map(exponent => {
    const theta = new Float64Array(length);
    const columns = shape.volumeVaries ? [ones, design.volume.map(x => x ** -exponent)] : [ones];
    const scales = nonnegativeCombination(columns, flattened).map(value => Math.log(Math.max(value, 0.02 * typical)));
    theta[0] = scales[0];
    if (alpha >= 0) theta[alpha] = slope;
    if (b >= 0) {
      theta[b] = scales[1];
      theta[beta] = exponent;
    }
    return theta;
  });
}

/** Slope of log loss on log share, over the rows. */
function regressionSlope(design: Design, logShare: readonly number[], logLosses: Float64Array): number {
  const rows = logLosses.length;
  let meanX = 0;
  let meanY = 0;
  for (let n = 0; n < rows; n++) {
    meanX += logShare[design.rowRun[n]] / rows;
    meanY += logLosses[n] / rows;
  }
  let sxy = 0;
  let sxx = 0;
  for (let n = 0; n < rows; n++) {
    const dx = logShare[design.rowRun[n]] - meanX;
    sxy += dx * (logLosses[n] - meanY);
    sxx += dx * dx;
  }
  return sxx > 0 ? sxy / sxx : 0;
}

function atVolume(shape: TargetShape, theta: Float64Array, volume: number): LossOfShares {
  const { alpha, b } = layout(shape);
  const exponent = alpha < 0 ? 0 : theta[alpha];
  const scale = Math.exp(theta[0]) + volumePower(theta, b, volume);
  const { own } = shape;
  const m = shape.domains.length;
  const share = (r: Float64Array): number => Math.max(r[own], SHARE_FLOOR);
  return {
    falling: true,
    value: r => scale * share(r) ** -exponent,
    addGradient: (r, weight, gradient) => {
      const loss = scale * share(r) ** -exponent;
      if (r[own] >= SHARE_FLOOR) gradient[own] -= (weight * exponent * loss) / r[own];
      return loss;
    },
    addHessian: (r, weight, hessian) => {
      if (r[own] < SHARE_FLOOR) return;
      const loss = scale * r[own] ** -exponent;
      hessian[own * m + own] += (weight * exponent * (exponent + 1) * loss) / (r[own] * r[own]);
    },
    power: { domain: own, constant: 0, scale, exponent },
  };
}
