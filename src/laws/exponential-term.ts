/** M(r) = c + exp(sum_j t_j r_j), with or without c: convex, and log-convex, in r whatever the signs of t. */

import type { LossOfShares, TargetShape } from './law.ts';
import { type BoundMixtureTerm, type MixtureTerm, nearTheirMean } from './mixture-term.ts';

/**
 * @param withFloor whether there is a floor c, in front of t_1 to t_m
 * @param meaning what t_j says
 */
export function exponentialTerm(withFloor: boolean, symbol: string, meaning: (domain: string) => string): MixtureTerm {
  const first = withFloor ? 1 : 0;
  return {
    parameters: ({ domains }) => [
      ...(withFloor
        ? [
            {
              name: 'c',
              symbol: 'c',
              scale: 'log',
              lower: -18,
              upper: 6,
              meaning: 'floor that no mixture goes below after endless data, nats per token',
            } as const,
          ]
        : []),
      ...domains.map(
        domain =>
          ({
            name: `${symbol}.${domain}`,
            symbol: `${symbol}[${domain}]`,
            scale: 'linear',
            lower: -100,
            upper: 30,
            meaning: meaning(domain),
          }) as const,
      ),
    ],
    priors: ({ domains, own }) => {
      const all = domains.map((_, j) => first + j);
      if (!withFloor) return nearTheirMean(all, 0.7);
      return [
        { terms: [[0, 1]], mean: 0, sd: 2 },
        // Above a floor, the own domain may leave next to nothing, far from what the others leave.
        ...(own < 0 ? [] : [{ terms: [[first + own, 1]], mean: -5, sd: 30 } as const]),
        ...nearTheirMean(
          all.filter(parameter => parameter !== first + own),
          1.5,
        ),
      ];
    },
    starts: ({ domains }, level) =>
      (withFloor ? [0.4, 0.8] : [0]).map(part => {
        const theta = new Float64Array(first + domains.length).fill(Math.log((1 - part) * level));
        if (withFloor) theta[0] = Math.log(part * level);
        return theta;
      }),
    bind: (shape, shares) => bind(shape, shares, first),
    loss: (_, theta, offset, scale) =>
      loss(theta.subarray(first), offset + (withFloor ? scale * Math.exp(theta[0]) : 0), scale),
  };
}

function bind({ domains }: TargetShape, shares: Float64Array, first: number): BoundMixtureTerm {
  const m = domains.length;
  const q = first + m;
  return {
    evaluate: (theta, values, slopes) => {
      const floor = first === 1 ? Math.exp(theta[0]) : 0;
      for (let run = 0; run < values.length; run++) {
        let exponent = 0;
        for (let j = 0; j < m; j++) exponent += theta[first + j] * shares[run * m + j];
        const above = Math.exp(exponent);
        values[run] = floor + above;
        if (slopes === undefined) continue;
        if (first === 1) slopes[run * q] = floor;
        for (let j = 0; j < m; j++) slopes[run * q + first + j] = above * shares[run * m + j];
      }
    },
  };
}

/** floor + scale exp(t . r). */
function loss(t: Float64Array, floor: number, scale: number): LossOfShares {
  const m = t.length;
  const above = (r: Float64Array): number => scale * Math.exp(t.reduce((sum, slope, j) => sum + slope * r[j], 0));
  return {
    value: r => floor + above(r),
    addGradient: (r, weight, gradient) => {
      const part = above(r);
      for (let j = 0; j < m; j++) gradient[j] += weight * part * t[j];
      return floor + part;
    },
    addHessian: (r, weight, hessian) => {
      const part = weight * above(r);
      for (let i = 0; i < m; i++) for (let j = 0; j < m; j++) hessian[i * m + j] += part * t[i] * t[j];
    },
  };
}
