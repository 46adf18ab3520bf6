/**
 * The joint law of optimal data mixtures: the mixture also decides how much more data and a larger model help.
 *
 *   L(r, x, n) = E + 1 / S(r) + B(r) x^-beta + A(r) n^-a
 *   S(r) = sum_j C_j r_j^g_j,   B(r) = (sum_j B_j r_j)^p_B,   A(r) = (sum_j A_j r_j)^p_A
 *
 * Shukor et al. 2025 (arXiv 2507.09404), the joint law. x = s / s_max, n = N / N_max; L in nats per token. With g <= 1 and
 * p >= 1 every term is convex in r; the paper leaves g and p free. Unlike in the additive law, the best mixture depends on
 * the volume and the size. A light ridge holds the coefficients.
 */

import { distinctVolumes } from './distinct-volumes.ts';
import type { Design, Law, LossOfShares, Model, Parameter, PriorTerm, TargetShape } from './law.ts';
import { evaluateMixturePower, mixturePowerLoss, mixturePowerParameters, mixturePowerPriors } from './mixture-power.ts';
import { shiftedPriors, volumeGuesses } from './mixture-term.ts';
import { inverseShareTerm } from './shukor.ts';
import { sumOfLosses } from './sum-of-losses.ts';

/**
 * The joint law of Shukor et al. 2025.
 *
 * @example
 * ```js
 * import { fitLaw, shukorJoint } from 'bimix';
 *
 * const law = fitLaw(table, shukorJoint, { check: false });
 * ```
 */
export const shukorJoint: Law = {
  name: 'shukor-joint',
  title: 'Joint law of optimal data mixtures',
  formula: 'L = E + 1 / Σ C_j · r_j^g_j + (Σ B_j · r_j)^p[B] · x^-β + (Σ A_j · r_j)^p[A] · n^-a',
  source: 'Shukor et al. 2025, arXiv 2507.09404, the joint law with g ≤ 1 and p ≥ 1',
  zeroShares: 'exact: a domain with no tokens adds nothing; the optimizer may go to 0',
  convexity:
    'Σ C_j r_j^g_j is concave in r (C ≥ 0, 0 < g ≤ 1), so its inverse is convex, and so are powers of 1 or more of positive sums (A, B ≥ 0): each loss is convex, and any weighted mean of losses; its optimum is global',
  convex: true,
  needsOwnDomain: false,
  knowsSize: true,
  robust: true,
  smallestShare: 0,
  runsWanted: domains => 4 * domains,
  parameters,
  priors,
  bind,
  starts,
  atVolume,
};

/** Positions in theta: beta, p_B and B_j first, then a, p_A and A_j, then the mixture's own; -1 where left out. */
interface Layout {
  readonly beta: number;
  readonly a: number;
  readonly first: number;
  /** Coefficients of one power of the mixture. */
  readonly power: number;
}

function layout({ domains, volumeVaries, sizeVaries }: TargetShape): Layout {
  const power = 1 + domains.length;
  const a = volumeVaries ? 1 + power : 0;
  return { beta: volumeVaries ? 0 : -1, a: sizeVaries ? a : -1, first: a + (sizeVaries ? 1 + power : 0), power };
}

function parameters(shape: TargetShape): readonly Parameter[] {
  const exponent = (name: string, symbol: string, what: string): Parameter => ({
    name,
    symbol,
    scale: 'linear',
    lower: 0,
    upper: 6,
    meaning: `how fast the loss falls as the ${what} grows`,
  });
  const { beta, a } = layout(shape);
  return [
    ...(beta < 0
      ? []
      : [
          exponent('beta', 'β', 'data volume'),
          ...mixturePowerParameters(shape, 'B', 'what more data can still take off at x = 1'),
        ]),
    ...(a < 0
      ? []
      : [
          exponent('a', 'a', 'model'),
          ...mixturePowerParameters(shape, 'A', 'what a larger model can still take off at the largest size'),
        ]),
    ...inverseShareTerm.parameters(shape),
  ];
}

function priors(shape: TargetShape): readonly PriorTerm[] {
  const { beta, a, first } = layout(shape);
  const exponent = (at: number): PriorTerm => ({ terms: [[at, 1]], mean: 0.5, sd: 0.5 });
  return [
    ...(beta < 0 ? [] : [exponent(beta), ...mixturePowerPriors(shape, beta + 1)]),
    ...(a < 0 ? [] : [exponent(a), ...mixturePowerPriors(shape, a + 1)]),
    ...shiftedPriors(inverseShareTerm.priors(shape), first),
  ];
}

function bind(shape: TargetShape, design: Design): Model {
  const { beta, a, first, power } = layout(shape);
  const { shares, rowRun, size } = design;
  const head = beta < 0 ? 0 : 1 + power;
  const bound = inverseShareTerm.bind(shape, shares);
  const volumes = distinctVolumes(design.volume);
  const runs = size.length;
  const logSizes = size.map(Math.log);
  const mixtureTerm = new Float64Array(runs);
  const ofVolume = new Float64Array(runs);
  const ofSize = new Float64Array(runs);
  const volumeSlopes = new Float64Array(runs * power);
  const sizeSlopes = new Float64Array(runs * power);
  const decay = new Float64Array(volumes.logs.length);

  /** Losses, not their logarithms, from the terms of each run. */
  const combine = (theta: Float64Array, losses: Float64Array): void => {
    for (let v = 0; v < decay.length; v++) decay[v] = beta < 0 ? 0 : Math.exp(-theta[beta] * volumes.logs[v]);
    for (let run = 0; run < runs && a >= 0; run++) ofSize[run] *= Math.exp(-theta[a] * logSizes[run]);
    for (let n = 0; n < losses.length; n++) {
      const run = rowRun[n];
      losses[n] = mixtureTerm[run] + ofSize[run] + ofVolume[run] * decay[volumes.rowIndex[n]];
    }
  };
  const powerAt = (theta: Float64Array, at: number, values: Float64Array, slopes?: Float64Array): void => {
    if (at >= 0) evaluateMixturePower(shares, theta.subarray(at + 1, at + 1 + power), values, slopes);
  };
  return {
    rowParameters: head,
    predict: (theta, logLosses) => {
      bound.evaluate(theta.subarray(first), mixtureTerm);
      powerAt(theta, beta, ofVolume);
      powerAt(theta, a, ofSize);
      combine(theta, logLosses);
      for (let n = 0; n < logLosses.length; n++) logLosses[n] = Math.log(logLosses[n]);
    },
    linearize: (theta, { logLosses, perRow, factor, perRun }) => {
      const tail = theta.length - head;
      const q = theta.length - first;
      const own = new Float64Array(runs * q);
      bound.evaluate(theta.subarray(first), mixtureTerm, own);
      powerAt(theta, beta, ofVolume, volumeSlopes);
      powerAt(theta, a, ofSize, sizeSlopes);
      combine(theta, logLosses);
      for (let run = 0; run < runs; run++) {
        perRun.set(own.subarray(run * q, (run + 1) * q), (run + 1) * tail - q);
        if (a < 0) continue;
        perRun[run * tail] = -ofSize[run] * logSizes[run];
        const fall = Math.exp(-theta[a] * logSizes[run]);
        for (let k = 0; k < power; k++) perRun[run * tail + 1 + k] = fall * sizeSlopes[run * power + k];
      }
      for (let n = 0; n < logLosses.length; n++) {
        const loss = logLosses[n];
        const run = rowRun[n];
        logLosses[n] = Math.log(loss);
        factor[n] = 1 / loss;
        if (head === 0) continue;
        const fall = decay[volumes.rowIndex[n]] / loss;
        perRow[n * head] = -ofVolume[run] * fall * volumes.logs[volumes.rowIndex[n]];
        for (let k = 0; k < power; k++) perRow[n * head + 1 + k] = fall * volumeSlopes[run * power + k];
      }
    },
  };
}

function starts(shape: TargetShape, design: Design, logLosses: Float64Array): readonly Float64Array[] {
  const { domains } = shape;
  const { beta, a } = layout(shape);
  const power = (scale: number): number[] => [1, ...domains.map(() => Math.log(scale))];
  return volumeGuesses(shape, design, logLosses).flatMap(guess =>
    inverseShareTerm
      .starts(shape, a < 0 ? guess.level : 0.9 * guess.level)
      .map(start =>
        Float64Array.from([
          ...(beta < 0 ? [] : [guess.beta, ...power(guess.reducible)]),
          ...(a < 0 ? [] : [0.3, ...power(0.1 * guess.level)]),
          ...start,
        ]),
      ),
  );
}

function atVolume(shape: TargetShape, theta: Float64Array, volume: number, size: number): LossOfShares {
  const { beta, a, first, power } = layout(shape);
  const scaled = (at: number, of: number): LossOfShares[] =>
    at < 0 ? [] : [mixturePowerLoss(theta.subarray(at + 1, at + 1 + power), of ** -theta[at])];
  return sumOfLosses([
    inverseShareTerm.loss(shape, theta.subarray(first), 0, 1),
    ...scaled(beta, volume),
    ...scaled(a, size),
  ]);
}
