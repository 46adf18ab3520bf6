/** A data volume asked for, in the unit a law was fitted in. */

import { BimixError } from '../errors/index.ts';
import { formatQuantity } from '../mixture/index.ts';
import type { FittedLaw } from './fitted-law.ts';

/** A positive count of tokens or steps. */
export interface Volume {
  readonly unit: 'tokens' | 'steps';
  readonly value: number;
}

/**
 * The volume in the law's unit; steps and tokens convert where the runs say how many tokens a step has. A law fitted at
 * one unknown volume has none, and 1 stands for it.
 *
 * @throws BimixError `missing-volume` when the law needs one, `invalid-volume` when it cannot take the unit given
 */
export function volumeForLaw(fitted: FittedLaw, asked: Volume | undefined): number {
  const { unit, tokensPerStep } = fitted.volume;
  if (unit === 'none') {
    if (asked === undefined) return 1;
    const message = 'invalid volume: the runs of this law have no known volume, so it predicts at that volume only';
    throw new BimixError('invalid-volume', message, { hint: `Leave --${asked.unit} out.` });
  }
  if (asked === undefined) {
    throw new BimixError('missing-volume', `missing data volume: the law was fitted in ${unit}`, {
      hint: `Say how long the model will be trained, for example --${unit} ${formatQuantity(fitted.volume.largest)}.`,
    });
  }
  if (asked.unit === unit) return asked.value;
  if (tokensPerStep === undefined) {
    throw new BimixError('invalid-volume', `invalid volume in ${asked.unit}: the law was fitted in ${unit}`, {
      hint: `Pass --${unit}, or say at import how many tokens a step has: --tokens-per-step.`,
    });
  }
  return unit === 'tokens' ? asked.value * tokensPerStep : asked.value / tokensPerStep;
}
