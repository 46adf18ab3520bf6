/** All laws. A new law is one file and one line here. */

import { BimixError, didYouMean, nearestName } from '../errors/index.ts';
import { bimix } from './bimix.ts';
import { bimixEps } from './bimix-eps.ts';
import { bimixSkills } from './bimix-skills.ts';
import { bimixTransfer } from './bimix-transfer.ts';
import { bimixTransferSize } from './bimix-transfer-size.ts';
import { boostedTrees } from './boosted-trees.ts';
import { checkLaw } from './check-law.ts';
import { exponential } from './exponential.ts';
import { gaussianProcess } from './gaussian-process.ts';
import { hybrid } from './hybrid.ts';
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
  bimixSkills,
  bimixTransferSize,
  linear,
  logLinear,
  exponential,
  sumOfPowers,
  shukor,
  shukorJoint,
  boostedTrees,
  gaussianProcess,
  hybrid,
];

/**
 * The law that is fitted unless another is named: it predicts held-out runs best of the convex ones on most public tables
 * (docs/benchmark.md). `bimix`, as published, goes by its name.
 */
export const DEFAULT_LAW: Law = bimixTransfer;

export const STACKS: readonly Stack[] = [stack];

const registered: Law[] = [];

/** Every law that can be named: those of bimix, stacks, and the user's own. */
export function knownLaws(): readonly (Law | Stack)[] {
  return [...LAWS, ...STACKS, ...registered];
}

/**
 * Makes a law of the user's own known by its name, for as long as the process lives. The same object again is no error.
 *
 * @param law a `Law`, or what `defineLaw` takes
 * @throws BimixError `invalid-law` that names what is missing, `ambiguous-law` when another law has the name
 */
export function registerLaw(law: unknown): Law {
  const known = registered.find(candidate => candidate === law || definitions.get(candidate) === law);
  if (known !== undefined) return known;
  const checked = checkLaw(law);
  if (knownLaws().some(({ name }) => name === checked.name)) {
    throw new BimixError('ambiguous-law', `ambiguous law name "${checked.name}": another law has it`, {
      hint: 'Give yours another name.',
    });
  }
  definitions.set(checked, law);
  registered.push(checked);
  return checked;
}

/** What each registered law was made from. */
const definitions = new WeakMap<Law, unknown>();

/** @throws BimixError `unknown-law` */
export function findLaw(name: string): Law | Stack {
  const known = knownLaws();
  const law = known.find(candidate => candidate.name === name);
  if (law === undefined) {
    const names = known.map(candidate => candidate.name);
    const near = nearestName(name, names) !== undefined;
    const hint = `${didYouMean(name, names)}${near ? '' : ' A law of your own is read with --law-module FILE.'}`;
    throw new BimixError('unknown-law', `unknown law "${name}"`, { hint });
  }
  return law;
}
