/** What a domain may be called. */

import { BimixError, type Place } from '../errors/index.ts';

/** @throws BimixError `invalid-domain` for `__proto__`, which plain objects lose without a word */
export function checkDomainName(name: string, where: Place = {}): void {
  if (name !== '__proto__') return;
  throw new BimixError('invalid-domain', 'invalid domain "__proto__": JavaScript reserves the name', {
    hint: 'Give the domain another name.',
    where,
  });
}
