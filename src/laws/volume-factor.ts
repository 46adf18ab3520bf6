/** Laws in which more data lowers every loss by one factor: L(r, x) = M(r) (1 + B x^-beta), x = s / s_max. */

import type { Design, Law, Model, PriorTerm, TargetShape } from './law.ts';
import { type MixtureTerm, shiftedPriors, volumeGuesses } from './mixture-term.ts';
import { volumePower, volumePowerParameters, volumeSum } from './volume-power.ts';

const VOLUME_PARAMETERS = volumePowerParameters(
  'what more data can still take off at x = 1, as a part of the loss after endless data',
);

const VOLUME_PRIORS: readonly PriorTerm[] = [
  { terms: [[0, 1]], mean: -2, sd: 5 },
  { terms: [[1, 1]], mean: 0.5, sd: 0.5 },
];

type Parts = Pick<Law, 'parameters' | 'priors' | 'bind' | 'starts' | 'atVolume'>;

/** The working parts of the law with this mixture term. Where all rows have one volume, it is M alone. */
export function timesVolume(term: MixtureTerm): Parts {
  const first = (shape: TargetShape): number => (shape.volumeVaries ? 2 : 0);
  return {
    parameters: shape => [...VOLUME_PARAMETERS.slice(0, first(shape)), ...term.parameters(shape)],
    priors: shape => [...VOLUME_PRIORS.slice(0, first(shape)), ...shiftedPriors(term.priors(shape), first(shape))],
    bind: (shape, design) => bind(term, shape, design),
    starts: (shape, design, logLosses) =>
      volumeGuesses(shape, design, logLosses).flatMap(({ level, reducible, beta }) =>
        term
          .starts(shape, level)
          .map(start => Float64Array.from(shape.volumeVaries ? [Math.log(reducible / level), beta, ...start] : start)),
      ),
    atVolume: (shape, theta, volume) => {
      const scale = 1 + volumePower(theta, shape.volumeVaries ? 0 : -1, volume);
      return term.loss(shape, theta.subarray(first(shape)), 0, scale);
    },
  };
}

function bind(term: MixtureTerm, shape: TargetShape, design: Design): Model {
  const bound = term.bind(shape, design.shares);
  const head = shape.volumeVaries ? 2 : 0;
  const ofVolume = volumeSum(design.volume, shape.volumeVaries ? 0 : -1);
  const values = new Float64Array(design.size.length);

  /** Given M in `values`, which become its logarithms. */
  const combine = (theta: Float64Array, logLosses: Float64Array): void => {
    ofVolume.evaluate(theta, 1);
    for (let run = 0; run < values.length; run++) values[run] = Math.log(values[run]);
    for (let n = 0; n < logLosses.length; n++) {
      logLosses[n] = values[design.rowRun[n]] + ofVolume.logs[ofVolume.rowIndex[n]];
    }
  };
  return {
    rowParameters: head,
    predict: (theta, logLosses) => {
      bound.evaluate(theta.subarray(head), values);
      combine(theta, logLosses);
    },
    linearize: (theta, { logLosses, perRow, factor, perRun }) => {
      const q = theta.length - head;
      bound.evaluate(theta.subarray(head), values, perRun);
      for (let k = 0; k < perRun.length; k++) perRun[k] /= values[Math.floor(k / q)];
      combine(theta, logLosses);
      factor.fill(1);
      for (let n = 0; head > 0 && n < logLosses.length; n++) {
        const volume = ofVolume.rowIndex[n];
        perRow[n * head] = ofVolume.byLogB[volume];
        perRow[n * head + 1] = ofVolume.byBeta[volume];
      }
    },
  };
}
