/**
 * Laws in which the mixture, the data volume and the model size add up: L(r, x, n) = M(r) + B x^-beta + A n^-a, with
 * x = s / s_max and n = N / N_max.
 */

import { distinctVolumes } from './distinct-volumes.ts';
import type { Design, Law, Model, Parameter, PriorTerm, TargetShape } from './law.ts';
import { type MixtureTerm, shiftedPriors, volumeGuesses } from './mixture-term.ts';
import { volumePowerParameters } from './volume-power.ts';

const VOLUME_PARAMETERS = volumePowerParameters('what more data can still take off at x = 1, nats per token');

const SIZE_PARAMETERS: readonly Parameter[] = [
  {
    name: 'A',
    symbol: 'A',
    scale: 'log',
    lower: -18,
    upper: 6,
    meaning: 'what a larger model can still take off at the largest size, nats per token',
  },
  {
    name: 'a',
    symbol: 'a',
    scale: 'linear',
    lower: 0,
    upper: 6,
    meaning: 'how fast the loss falls as the model grows',
  },
];

const POWER_PRIORS: readonly PriorTerm[] = [
  { terms: [[0, 1]], mean: -1, sd: 5 },
  { terms: [[1, 1]], mean: 0.5, sd: 0.5 },
];

type Parts = Pick<Law, 'parameters' | 'priors' | 'bind' | 'starts' | 'atVolume'>;

/** Positions in theta of B, A and the mixture's first coefficient; -1 where the shape leaves a power out. */
function layout({ volumeVaries, sizeVaries }: TargetShape): { b: number; a: number; first: number } {
  const a = sizeVaries ? (volumeVaries ? 2 : 0) : -1;
  return { b: volumeVaries ? 0 : -1, a, first: (volumeVaries ? 2 : 0) + (sizeVaries ? 2 : 0) };
}

/** The working parts of the law with this mixture term. What does not vary is left out. */
export function plusVolume(term: MixtureTerm): Parts {
  return {
    parameters: shape => [
      ...(shape.volumeVaries ? VOLUME_PARAMETERS : []),
      ...(shape.sizeVaries ? SIZE_PARAMETERS : []),
      ...term.parameters(shape),
    ],
    priors: shape => {
      const { b, a, first } = layout(shape);
      return [
        ...(b < 0 ? [] : shiftedPriors(POWER_PRIORS, b)),
        ...(a < 0 ? [] : shiftedPriors(POWER_PRIORS, a)),
        ...shiftedPriors(term.priors(shape), first),
      ];
    },
    bind: (shape, design) => bind(term, shape, design),
    starts: (shape, design, logLosses) =>
      volumeGuesses(shape, design, logLosses).flatMap(({ level, reducible, beta }) => {
        const sized = shape.sizeVaries ? 0.9 * level : level;
        return term
          .starts(shape, sized)
          .map(start =>
            Float64Array.from([
              ...(shape.volumeVaries ? [Math.log(reducible), beta] : []),
              ...(shape.sizeVaries ? [Math.log(0.1 * level), 0.3] : []),
              ...start,
            ]),
          );
      }),
    atVolume: (shape, theta, volume, size) => {
      const { b, a, first } = layout(shape);
      const power = (at: number, of: number): number => (at < 0 ? 0 : Math.exp(theta[at]) * of ** -theta[at + 1]);
      return term.loss(shape, theta.subarray(first), power(b, volume) + power(a, size), 1);
    },
  };
}

function bind(term: MixtureTerm, shape: TargetShape, design: Design): Model {
  const { b, a, first } = layout(shape);
  const head = b < 0 ? 0 : 2;
  const bound = term.bind(shape, design.shares);
  const volumes = distinctVolumes(design.volume);
  const logSizes = design.size.map(Math.log);
  const runs = logSizes.length;
  const values = new Float64Array(runs);
  const volumePower = new Float64Array(volumes.logs.length);

  /** Given M in `values`, adds the term of the size to it and the term of the volume on top; losses, not their logarithms. */
  const combine = (theta: Float64Array, losses: Float64Array): void => {
    for (let run = 0; run < runs && a >= 0; run++) values[run] += Math.exp(theta[a] - theta[a + 1] * logSizes[run]);
    for (let v = 0; v < volumePower.length; v++) {
      volumePower[v] = b < 0 ? 0 : Math.exp(theta[b] - theta[b + 1] * volumes.logs[v]);
    }
    for (let n = 0; n < losses.length; n++) losses[n] = values[design.rowRun[n]] + volumePower[volumes.rowIndex[n]];
  };
  return {
    rowParameters: head,
    predict: (theta, logLosses) => {
      bound.evaluate(theta.subarray(first), values);
      combine(theta, logLosses);
      for (let n = 0; n < logLosses.length; n++) logLosses[n] = Math.log(logLosses[n]);
    },
    linearize: (theta, { logLosses, perRow, factor, perRun }) => {
      const tail = theta.length - head;
      const q = theta.length - first;
      const slopes = a < 0 ? perRun : new Float64Array(runs * q);
      bound.evaluate(theta.subarray(first), values, slopes);
      for (let run = 0; run < runs && a >= 0; run++) {
        const power = Math.exp(theta[a] - theta[a + 1] * logSizes[run]);
        perRun[run * tail] = power;
        perRun[run * tail + 1] = -power * logSizes[run];
        perRun.set(slopes.subarray(run * q, (run + 1) * q), run * tail + 2);
      }
      combine(theta, logLosses);
      for (let n = 0; n < logLosses.length; n++) {
        const loss = logLosses[n];
        const volume = volumes.rowIndex[n];
        logLosses[n] = Math.log(loss);
        factor[n] = 1 / loss;
        if (head === 0) continue;
        perRow[n * head] = volumePower[volume] / loss;
        perRow[n * head + 1] = (-volumePower[volume] * volumes.logs[volume]) / loss;
      }
    },
  };
}
