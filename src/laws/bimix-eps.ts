/**
 * BiMix with an offset: a little of the target is in every mixture, whichever domain is drawn.
 *
 *   L(r, x) = (r + eps)^-alpha (C + B x^-beta)
 *
 * Ge et al. 2024 (arXiv 2405.14908), Eq. 3 with A = 1, made finite at r = 0. eps is in units of the own share: what the other
 * domains contribute, however they are mixed. x = s / s_max; L in nats per token. A light ridge holds the coefficients where
 * runs are few (see `priors`).
 */

import { effectiveShareLoss } from './effective-share.ts';
import type { Design, Law, Model, Parameter, PriorTerm, TargetShape } from './law.ts';
import { nonnegativeCombination } from './nonnegative-combination.ts';
import { transferNear } from './transfer.ts';
import { volumePower, volumePowerParameters, volumeSum } from './volume-power.ts';

/**
 * `bimix` with a constant added to shares, so that a share of zero has a finite loss.
 *
 * @example
 * ```js
 * import { fitLaw, bimixEps } from 'bimix';
 *
 * const law = fitLaw(table, bimixEps, { check: false });
 * ```
 */
export const bimixEps: Law = {
  name: 'bimix-eps',
  title: 'BiMix with an offset',
  formula: 'L = (r + ε)^-α · (C + B · x^-β)',
  source: 'Ge et al. 2024, arXiv 2405.14908, Eq. 3 with A = 1, and an offset of the share',
  zeroShares: 'finite: a domain with no tokens counts as a share of ε',
  convexity:
    'each loss is a convex power of one share plus an offset (α, B, C, ε ≥ 0), log-convex in r; any weighted mean of losses is convex and its optimum is global',
  convex: true,
  needsOwnDomain: true,
  knowsSize: false,
  robust: true,
  smallestShare: 0,
  runsWanted: () => 8,
  parameters,
  priors,
  transfer: transferNear(parameters, priors, { alpha: 0.015, beta: 0.15, eps: 0.1 }),
  bind,
  starts,
  atVolume: (shape, theta, volume) => {
    const at = layout(shape);
    const scale = Math.exp(theta[at.c]) + volumePower(theta, at.b, volume);
    const weights = Float64Array.from(shape.domains, (_, j) => (j === shape.own ? 1 : 0));
    const exponents = new Float64Array(shape.domains.length).fill(1);
    return effectiveShareLoss(weights, exponents, Math.exp(theta[at.eps]), 0, scale, theta[at.alpha]);
  },
};

/** Positions in theta; -1 where the shape leaves a coefficient out. */
interface Layout {
  readonly c: number;
  readonly alpha: number;
  readonly eps: number;
  readonly b: number;
  readonly beta: number;
  readonly length: number;
}

function layout({ volumeVaries }: TargetShape): Layout {
  return volumeVaries
    ? { c: 0, alpha: 1, eps: 2, b: 3, beta: 4, length: 5 }
    : { c: 0, alpha: 1, eps: 2, b: -1, beta: -1, length: 3 };
}

function parameters(shape: TargetShape): readonly Parameter[] {
  const list: Parameter[] = [
    {
      name: 'C',
      symbol: 'C',
      scale: 'log',
      lower: -18,
      upper: 6,
      meaning: 'loss at r + ε = 1 after endless data, nats per token',
    },
    {
      name: 'alpha',
      symbol: 'α',
      scale: 'linear',
      lower: 0,
      upper: 6,
      meaning: 'how fast the loss falls as the own share grows',
    },
    {
      name: 'eps',
      symbol: 'ε',
      scale: 'log',
      lower: -14,
      upper: 2,
      meaning: 'what the other domains are worth together, as an own share',
    },
  ];
  if (shape.volumeVaries) {
    list.push(...volumePowerParameters('what more data can still take off at r + ε = 1 and x = 1, nats per token'));
  }
  return list;
}

/** The ridge; each term's square enters the objective times lambda^2. */
function priors(shape: TargetShape): readonly PriorTerm[] {
  const at = layout(shape);
  const one = (parameter: number, mean: number, sd: number): PriorTerm => ({ terms: [[parameter, 1]], mean, sd });
  const list = [one(at.c, -1, 10), one(at.alpha, 0.1, 0.1), one(at.eps, -5, 2)];
  if (at.b >= 0) list.push(one(at.b, -1, 10), one(at.beta, 0.5, 0.5));
  return list;
}

function ownShares(shape: TargetShape, design: Design): Float64Array {
  const m = shape.domains.length;
  return Float64Array.from({ length: design.shares.length / m }, (_, run) => design.shares[run * m + shape.own]);
}

function bind(shape: TargetShape, design: Design): Model {
  const at = layout(shape);
  const { length: p } = at;
  const rows = design.rowRun.length;
  const share = ownShares(shape, design);
  const logShare = new Float64Array(share.length);
  const ofVolume = volumeSum(design.volume, at.b);

  const predict = (theta: Float64Array, logLosses: Float64Array): void => {
    const eps = Math.exp(theta[at.eps]);
    ofVolume.evaluate(theta, Math.exp(theta[at.c]));
    for (let run = 0; run < share.length; run++) logShare[run] = Math.log(share[run] + eps);
    for (let n = 0; n < rows; n++) {
      logLosses[n] = ofVolume.logs[ofVolume.rowIndex[n]] - theta[at.alpha] * logShare[design.rowRun[n]];
    }
  };
  return {
    rowParameters: p,
    predict,
    linearize: (theta, { logLosses, perRow }) => {
      predict(theta, logLosses);
      const eps = Math.exp(theta[at.eps]);
      for (let n = 0; n < rows; n++) {
        const volume = ofVolume.rowIndex[n];
        const run = design.rowRun[n];
        perRow[n * p + at.c] = 1 - ofVolume.byLogB[volume];
        perRow[n * p + at.alpha] = -logShare[run];
        perRow[n * p + at.eps] = (-theta[at.alpha] * eps) / (share[run] + eps);
        if (at.b >= 0) {
          perRow[n * p + at.b] = ofVolume.byLogB[volume];
          perRow[n * p + at.beta] = ofVolume.byBeta[volume];
        }
      }
    },
  };
}

/** alpha, eps and beta on a small grid; C and B by non-negative least squares of relative residuals. */
function starts(shape: TargetShape, design: Design, logLosses: Float64Array): readonly Float64Array[] {
  const at = layout(shape);
  const share = ownShares(shape, design);
  const ones = new Float64Array(logLosses.length).fill(1);
  const typical = Math.exp(logLosses.reduce((sum, loss) => sum + loss, 0) / logLosses.length);
  const betas = shape.volumeVaries ? [0.4, 0.9] : [0];
  const grid = [0.1, 0.4].flatMap(alpha => [0.003, 0.03].flatMap(eps => betas.map(beta => ({ alpha, eps, beta }))));
  return grid.map(({ alpha, eps, beta }) => {
    const theta = new Float64Array(at.length);
    const flat = logLosses.map((loss, n) => Math.exp(-loss) * (share[design.rowRun[n]] + eps) ** -alpha);
    const columns = at.b < 0 ? [flat] : [flat, flat.map((value, n) => value * design.volume[n] ** -beta)];
    const scales = nonnegativeCombination(columns, ones).map(value => Math.log(Math.max(value, 0.02 * typical)));
    theta[at.alpha] = alpha;
    theta[at.eps] = Math.log(eps);
    theta[at.c] = scales[0];
    if (at.b >= 0) {
      theta[at.b] = scales[1];
      theta[at.beta] = beta;
    }
    return theta;
  });
}
