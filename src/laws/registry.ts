/** The laws there are. A new law is one file and one line here. */

import { BimixError, didYouMean } from '../errors/index.ts';
import { bimix } from './bimix.ts';
import { bimixEps } from './bimix-eps.ts';
import { bimixTransfer } from './bimix-transfer.ts';
import { exponential } from './exponential.ts';
import type { Law, Stack } from './law.ts';
import { linear } from './linear.ts';
import { logLinear } from './log-linear.ts';
import { shukor } from './shukor.ts';
import { shukorJoint } from './shukor-joint.ts';
import { stack } from './stack.ts';
import { sumOfPowers } from './sum-of-powers.ts';

/** Every law with coefficients of its own, by the name used on the command line and in `law.json`. */
export const LAWS: readonly Law[] = [
  bimix,
  bimixEps,
  bimixTransfer,
  linear,
  logLinear,
  exponential,
  sumOfPowers,
  shukor,
  shukorJoint,
];

export const STACKS: readonly Stack[] = [stack];

/** @throws BimixError `unknown-law` */
export function findLaw(name: string): Law | Stack {
  const known = [...LAWS, ...STACKS];
  const law = known.find(candidate => candidate.name === name);
  if (law === undefined) {
    const names = known.map(candidate => candidate.name);
    throw new BimixError('unknown-law', `unknown law "${name}"`, { hint: didYouMean(name, names) });
  }
  return law;
}
