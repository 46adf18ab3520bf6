/** Numbers by domain on the command line: a file of them, or a few written out. */

import { existsSync } from 'node:fs';
import { BimixError } from '../errors/index.ts';
import { readDomainNumbers } from '../files/index.ts';
import { checkDomainName, parseQuantity } from '../mixture/index.ts';

/** A name up to the last colon, and a number. */
const ENTRY = /^\s*(.+?)\s*:\s*([0-9][^\s:,]*)\s*$/;

/**
 * @param text `code:12B` or `code:12B,web:1T` when there is no file of that name, else a YAML or JSON file
 * @param what what the numbers are, for errors: `tokens available`
 * @throws BimixError `invalid-quantity`, and as `readDomainNumbers`
 */
export async function domainNumbers(text: string, what: string): Promise<Record<string, number>> {
  const entries = text.split(',').map(entry => ENTRY.exec(entry));
  if (existsSync(text) || entries[0] === null) return readDomainNumbers(text, what);
  const numbers: Record<string, number> = {};
  for (const [i, entry] of entries.entries()) {
    if (entry === null) {
      const written = text.split(',')[i].trim();
      throw new BimixError('invalid-quantity', `invalid ${what} "${written}": expected a domain, : and a number`, {
        hint: 'Write code:12B,web:1T, or give a file with lines such as "code: 12B".',
      });
    }
    const [, domain, number] = entry;
    checkDomainName(domain);
    const value = Number(number);
    numbers[domain] = Number.isFinite(value) ? value : parseQuantity(number, `${what} of "${domain}"`);
  }
  return numbers;
}

/**
 * Several of those, as a repeatable option gives them; a later one wins.
 *
 * @throws BimixError as `domainNumbers`
 */
export async function mergedDomainNumbers(texts: readonly string[], what: string): Promise<Record<string, number>> {
  const parts = await Promise.all(texts.map(text => domainNumbers(text, what)));
  return Object.assign({}, ...parts);
}
