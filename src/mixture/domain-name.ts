/** What a domain may be called. */

import { BimixError, type Place } from '../errors/index.ts';

/** In characters; YAML takes no key of more than 1,024, and no table or chart has room for one. */
const MAX_LENGTH = 500;

/** @throws BimixError `invalid-domain` for `__proto__`, which plain objects lose without a word, and names too long for a file */
export function checkDomainName(name: string, where: Place = {}): void {
  if (name.length > MAX_LENGTH) {
    const message = `invalid domain "${name.slice(0, 40)}...": its name has ${name.length} characters, expected at most ${MAX_LENGTH}`;
    throw new BimixError('invalid-domain', message, { hint: 'Give the domain a shorter name.', where });
  }
  if (name !== '__proto__') return;
  throw new BimixError('invalid-domain', 'invalid domain "__proto__": JavaScript reserves the name', {
    hint: 'Give the domain another name.',
    where,
  });
}
