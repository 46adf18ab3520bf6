/** The laws there are. A new law is one file and one line here. */

import { BimixError, didYouMean } from '../errors/index.ts';
import { bimix } from './bimix.ts';
import { bimixTransfer } from './bimix-transfer.ts';
import type { Law } from './law.ts';

/** Every law, by the name used on the command line and in `law.json`. */
export const LAWS: readonly Law[] = [bimix, bimixTransfer];

/** @throws BimixError `unknown-law` */
export function findLaw(name: string): Law {
  const law = LAWS.find(candidate => candidate.name === name);
  if (law === undefined) {
    const names = LAWS.map(candidate => candidate.name);
    throw new BimixError('unknown-law', `unknown law "${name}"`, { hint: didYouMean(name, names) });
  }
  return law;
}
