/**
 * What more data still takes off a loss: B x^-beta, with x = s / s_max. log B and beta stand side by side in theta; a law
 * whose rows have one volume leaves both out.
 */

import { distinctVolumes } from './distinct-volumes.ts';
import type { Parameter } from './law.ts';

/** B and beta, in the order of theta. */
export function volumePowerParameters(meaningOfB: string): readonly Parameter[] {
  return [
    { name: 'B', symbol: 'B', scale: 'log', lower: -18, upper: 6, meaning: meaningOfB },
    {
      name: 'beta',
      symbol: 'β',
      scale: 'linear',
      lower: 0,
      upper: 6,
      meaning: 'how fast the loss falls as the data volume grows',
    },
  ];
}

/** @param at position of log B in theta; -1 where it is left out, and the power is 0 */
export function volumePower(theta: Float64Array, at: number, x: number): number {
  return at < 0 ? 0 : Math.exp(theta[at]) * x ** -theta[at + 1];
}

/** log(C + B x^-beta) and its slopes, by distinct volume, as of the last `evaluate`. */
export interface VolumeSum {
  /** n: index of each row's volume. */
  readonly rowIndex: Int32Array;
  readonly logs: Float64Array;
  /** Slope in log B: the part of B x^-beta in the sum. That in log C is the rest. */
  readonly byLogB: Float64Array;
  readonly byBeta: Float64Array;
  evaluate(theta: Float64Array, c: number): void;
}

/**
 * @param volume n: x of each row
 * @param at as of `volumePower`
 */
export function volumeSum(volume: Float64Array, at: number): VolumeSum {
  const { logs: logVolumes, rowIndex } = distinctVolumes(volume);
  const logs = new Float64Array(logVolumes.length);
  const byLogB = new Float64Array(logVolumes.length);
  const byBeta = new Float64Array(logVolumes.length);
  return {
    rowIndex,
    logs,
    byLogB,
    byBeta,
    evaluate(theta, c) {
      for (let v = 0; v < logs.length; v++) {
        const power = at < 0 ? 0 : Math.exp(theta[at] - theta[at + 1] * logVolumes[v]);
        // The sum of a law that only multiplies by the volume: its digits are kept where the power is small.
        logs[v] = c === 1 ? Math.log1p(power) : Math.log(c + power);
        byLogB[v] = power / (c + power);
        byBeta[v] = -byLogB[v] * logVolumes[v];
      }
    },
  };
}
