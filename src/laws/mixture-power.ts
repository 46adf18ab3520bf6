/** H(r) = (sum_j h_j r_j)^p: how a mixture scales a term of the volume or the model size. Convex in r for p >= 1. */

import type { LossOfShares, Parameter, PriorTerm, TargetShape } from './law.ts';

/** Coefficients p, then h_1 to h_m. */
export function mixturePowerParameters({ domains }: TargetShape, key: 'B' | 'A', of: string): Parameter[] {
  return [
    {
      name: `p${key}`,
      symbol: `p[${key}]`,
      scale: 'linear',
      lower: 1,
      upper: 4,
      meaning: `how sharply ${of} depends on the mixture`,
    },
    ...domains.map(
      domain =>
        ({
          name: `${key}.${domain}`,
          symbol: `${key}[${domain}]`,
          scale: 'log',
          lower: -12,
          upper: 6,
          meaning: `${of} of a model trained on ${domain} alone, to the power 1 / p[${key}], nats per token`,
        }) as const,
    ),
  ];
}

/** Of coefficients that begin at `first`. */
export function mixturePowerPriors({ domains }: TargetShape, first: number): PriorTerm[] {
  return [
    { terms: [[first, 1]], mean: 1, sd: 0.5 },
    ...domains.map((_, j): PriorTerm => ({ terms: [[first + 1 + j, 1]], mean: -1, sd: 2 })),
  ];
}

/** Writes H of each run to `values` (R) and, where asked for, dH / d theta (R x (1 + m)). */
export function evaluateMixturePower(
  shares: Float64Array,
  theta: Float64Array,
  values: Float64Array,
  slopes?: Float64Array,
): void {
  const m = theta.length - 1;
  const [p] = theta;
  const weights = theta.slice(1).map(Math.exp);
  for (let run = 0; run < values.length; run++) {
    let sum = 0;
    for (let j = 0; j < m; j++) sum += weights[j] * shares[run * m + j];
    const value = sum ** p;
    values[run] = value;
    if (slopes === undefined) continue;
    const base = run * (m + 1);
    slopes[base] = value * Math.log(sum);
    for (let j = 0; j < m; j++) slopes[base + 1 + j] = (value * p * weights[j] * shares[run * m + j]) / sum;
  }
}

/** scale H(r). */
export function mixturePowerLoss(theta: Float64Array, scale: number): LossOfShares {
  const [p] = theta;
  const weights = theta.slice(1).map(Math.exp);
  const m = weights.length;
  const sum = (r: Float64Array): number => weights.reduce((total, weight, j) => total + weight * r[j], 0);
  return {
    value: r => scale * sum(r) ** p,
    addGradient: (r, weight, gradient) => {
      const total = sum(r);
      const slope = weight * scale * p * total ** (p - 1);
      for (let j = 0; j < m; j++) gradient[j] += slope * weights[j];
      return scale * total ** p;
    },
    addHessian: (r, weight, hessian) => {
      const curvature = weight * scale * p * (p - 1) * sum(r) ** (p - 2);
      for (let i = 0; i < m; i++) for (let j = 0; j < m; j++) hessian[i * m + j] += curvature * weights[i] * weights[j];
    },
  };
}
