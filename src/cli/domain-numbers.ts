/** Numbers by domain on the command line: a file of them, or a few written out. */

import { existsSync } from 'node:fs';
import { BimixError } from '../errors/index.ts';
import { readDomainNumbers } from '../files/index.ts';
import { checkDomainName, parseQuantity } from '../mixture/index.ts';

/** A name up to the last colon or `=`, and a number; a path has slashes there. */
const ENTRY = /^\s*(.+?)\s*[:=]\s*([^\s:=/\\]*)\s*$/;
const HINT = 'Write code:12B,web:1T, or give a file with lines such as "code: 12B".';

/**
 * @param text `code:12B` or `code:12B,web:1T` when there is no file of that name, else a YAML or JSON file
 * @param what what the numbers are, for errors: `tokens available`
 * @throws BimixError `invalid-quantity`, `ambiguous-domain`, and as `readDomainNumbers`
 */
export async function domainNumbers(text: string, what: string): Promise<Record<string, number>> {
  const entries = text.split(',').map(entry => ENTRY.exec(entry));
  if (entries[0] === null || existsSync(text)) return readDomainNumbers(text, what);
  const numbers: Record<string, number> = {};
  for (const [i, entry] of entries.entries()) {
    if (entry === null) {
      const written = text.split(',')[i].trim();
      const message = `invalid ${what} "${written}": expected a domain, : and a number`;
      throw new BimixError('invalid-quantity', message, { hint: HINT });
    }
    const [, domain, number] = entry;
    checkDomainName(domain);
    if (Object.hasOwn(numbers, domain)) {
      throw new BimixError('ambiguous-domain', `ambiguous ${what} of "${domain}": it is listed twice in "${text}"`);
    }
    numbers[domain] = numberOf(domain, number, what);
  }
  return numbers;
}

function numberOf(domain: string, text: string, what: string): number {
  const value = Number(text);
  if (text !== '' && value >= 0 && Number.isFinite(value)) return value;
  try {
    return parseQuantity(text, what);
  } catch (cause) {
    const message = `invalid ${what} of "${domain}": "${text}", expected a number of at least 0`;
    throw new BimixError('invalid-quantity', message, { hint: HINT, cause });
  }
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
