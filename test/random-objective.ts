/** Losses with given coefficients, and random convex objectives within random bounds, for tests and benchmarks of the optimizer. */

import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { bimixTransfer, type LossOfShares } from '../src/laws/index.ts';
import type { ShareBounds } from '../src/mixture/index.ts';
import { makeObjective, type Objective, type ObjectiveOptions } from '../src/optimize/objective.ts';

/** constant + scale x r_domain^-exponent. */
export function powerLoss(domain: number, scale: number, exponent: number): LossOfShares {
  return {
    value: r => scale * r[domain] ** -exponent,
    addGradient: (r, weight, gradient) => {
      gradient[domain] -= weight * exponent * scale * r[domain] ** (-exponent - 1);
      return scale * r[domain] ** -exponent;
    },
    addHessian: (r, weight, hessian) => {
      hessian[domain * r.length + domain] += weight * exponent * (exponent + 1) * scale * r[domain] ** (-exponent - 2);
    },
    power: { domain, constant: 0, scale, exponent },
  };
}

export interface TransferCoefficients {
  /** -1 for a target without a training domain. */
  readonly own: number;
  /** m; that of the own domain is 1. */
  readonly t: readonly number[];
  readonly rho: number;
  readonly sigma: number;
  readonly floor: number;
  readonly scale: number;
  readonly alpha: number;
}

/** floor + scale x e(r)^-alpha of the transfer law. */
export function transferLoss({ own, t, rho, sigma, floor, scale, alpha }: TransferCoefficients): LossOfShares {
  const domains = t.map((_, j) => `d${j}`);
  const shape = { domains, own, volumeVaries: false, shareVaries: true, sizeVaries: false };
  const values: Record<string, number> = { E: floor, C: scale, alpha, rho, sigma, tauMean: 0 };
  t.forEach((weight, j) => {
    values[`t.d${j}`] = weight;
  });
  const theta = Float64Array.from(bimixTransfer.parameters(shape), parameter =>
    parameter.scale === 'log' ? Math.log(values[parameter.name]) : values[parameter.name],
  );
  return bimixTransfer.atVolume(shape, theta, 1, 1);
}

/** Uniform numbers in [0, 1) from a seed. */
export function randomNumbers(seed: number): () => number {
  const generator = xoroshiro128plus(seed);
  return () => uniformFloat64(generator);
}

/** A random point of the simplex. */
export function randomMixture(m: number, random: () => number): Float64Array {
  const weights = Float64Array.from({ length: m }, () => -Math.log(1 - random()) + 1e-12);
  const sum = weights.reduce((a, b) => a + b, 0);
  return weights.map(weight => weight / sum);
}

/** m targets of the transfer law with coefficients in the range that fits of real runs have, from mild to harsh. */
export function randomTransferObjective(m: number, random: () => number, options: ObjectiveOptions = {}): Objective {
  const losses = Array.from({ length: m }, (_, own) =>
    transferLoss({
      own,
      t: Array.from({ length: m }, (_, j) => (j === own ? 1 : Math.exp(-12 + 12 * random() ** 0.5))),
      rho: 0.05 + 0.95 * random(),
      sigma: 0.05 + 0.95 * random(),
      floor: 0.5 * random(),
      scale: 0.5 + 2 * random(),
      alpha: 0.02 + random() ** 2,
    }),
  );
  return makeObjective(
    losses,
    Float64Array.from({ length: m }, () => random() + 0.01),
    m,
    options,
  );
}

/** One power loss a domain. */
export function randomPowerObjective(m: number, random: () => number, options: ObjectiveOptions = {}): Objective {
  const losses = Array.from({ length: m }, (_, j) => powerLoss(j, 0.5 + 3 * random(), 0.02 + random() ** 2));
  return makeObjective(
    losses,
    Float64Array.from({ length: m }, () => random() + 0.01),
    m,
    options,
  );
}

/** Bounds around a random mixture, so that they are feasible; now and then a fixed share. */
export function randomBounds(m: number, random: () => number, least = 0): ShareBounds {
  const middle = randomMixture(m, random).map(share => least + (1 - m * least) * share);
  const fixed = middle.map(() => (random() < 0.1 ? 1 : 0));
  return {
    lower: middle.map((share, j) =>
      fixed[j] === 1 ? share : Math.max(least, share * random() * (random() < 0.5 ? 1 : 0)),
    ),
    upper: middle.map((share, j) =>
      fixed[j] === 1 ? share : random() < 0.5 ? 1 : share + (1 - share) * random() ** 3,
    ),
  };
}
