/** Files about domains that people hand to bimix: numbers by domain, bounds of shares. */

import { BimixError, type Place } from '../errors/index.ts';
import { checkDomainName, parseQuantity } from '../mixture/index.ts';
import { readConfigFile } from './config-file.ts';
import { textAt } from './data-table.ts';
import { isDelimited, readDelimited } from './delimited.ts';
import { type InputFile, readInputFile } from './input-file.ts';

/** Lower and upper bound of a share of tokens. */
export interface Bounds {
  readonly lower: number;
  readonly upper: number;
}

/**
 * Reads one number for each domain, `domain: number` in YAML or JSON, or a CSV or TSV whose first two columns are the domain and
 * its number, under a header (`#` starts a comment line); numbers may be written as `12B`.
 *
 * @param what what the numbers are, for errors: `tokens available`
 * @throws BimixError `invalid-quantity` with line and column for anything but a number of at least 0, `ambiguous-domain` for a
 * domain with two rows, and as `readConfigFile`
 */
export async function readDomainNumbers(path: string, what: string): Promise<Record<string, number>> {
  const file = await readInputFile(path);
  if (isDelimited(file)) return numbersOfTable(file, what);
  const config = await readConfigFile(path);
  return mapValues(config.value, (domain, value) => toNumber(domain, value, what, config.place(domain)));
}

function numbersOfTable(file: InputFile, what: string): Record<string, number> {
  const table = readDelimited(file, { comments: true });
  if (table.columns.length < 2) {
    throw new BimixError('missing-column', `missing column with the ${what} beside the domain`, {
      where: { file: file.path, line: 1 },
    });
  }
  const numbers: Record<string, number> = {};
  for (let row = 0; row < table.rowCount; row++) {
    const domain = textAt(table, row, 0);
    checkDomainName(domain, table.place(row, 0));
    if (Object.hasOwn(numbers, domain)) {
      throw new BimixError('ambiguous-domain', `ambiguous ${what} of "${domain}": it is listed twice`, {
        where: table.place(row, 0),
      });
    }
    const text = textAt(table, row, 1);
    const value = text.trim() === '' ? Number.NaN : Number(text);
    numbers[domain] = toNumber(domain, Number.isNaN(value) ? text : value, what, table.place(row, 1));
  }
  return numbers;
}

function toNumber(domain: string, value: unknown, what: string, where: Place): number {
  if (typeof value === 'number' && value >= 0 && Number.isFinite(value)) return value;
  try {
    if (typeof value === 'string') return parseQuantity(value, what);
  } catch (cause) {
    if (!(cause instanceof BimixError)) throw cause;
  }
  const message = `invalid ${what} of "${domain}": ${JSON.stringify(value)}, expected a number of at least 0`;
  throw new BimixError('invalid-quantity', message, { hint: 'Write it as 12B, 1.5e11 or 300M.', where });
}

/**
 * Reads bounds of shares, `domain: [lower, upper]` or `domain: {min: lower, max: upper}` (either may be left out) in YAML or
 * JSON. A single number is refused: it could be either.
 *
 * @throws BimixError `invalid-bounds` with line and column unless 0 <= lower <= upper <= 1, and as `readConfigFile`
 */
export async function readBounds(path: string): Promise<Record<string, Bounds>> {
  const config = await readConfigFile(path);
  return mapValues(config.value, (domain, value) => {
    const bounds = toBounds(value);
    if (bounds !== undefined && 0 <= bounds.lower && bounds.lower <= bounds.upper && bounds.upper <= 1) return bounds;
    const message = `invalid bounds of "${domain}": ${JSON.stringify(value)}, expected 0 <= lower <= upper <= 1`;
    throw new BimixError('invalid-bounds', message, {
      hint: 'Write "web: [0.1, 0.5]", "web: {max: 0.5}" or, to fix a share, "web: [0.3, 0.3]".',
      where: config.place(domain),
    });
  });
}

/**
 * Reads the path of each domain's data, `domain: path` in YAML or JSON.
 *
 * @throws BimixError `invalid-path` with line and column for anything but text, and as `readConfigFile`
 */
export async function readDomainPaths(path: string): Promise<Record<string, string>> {
  const config = await readConfigFile(path);
  return mapValues(config.value, (domain, value) => {
    if (typeof value === 'string' && value !== '') return value;
    const message = `invalid path of "${domain}": ${JSON.stringify(value)}, expected text`;
    throw new BimixError('invalid-path', message, { where: config.place(domain) });
  });
}

function toBounds(value: unknown): Bounds | undefined {
  if (Array.isArray(value)) {
    const [lower, upper] = value;
    return value.length === 2 && typeof lower === 'number' && typeof upper === 'number' ? { lower, upper } : undefined;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  const { min: lower = 0, max: upper = 1, ...others } = value as Record<string, unknown>;
  const known = Object.keys(others).length === 0 && typeof lower === 'number' && typeof upper === 'number';
  return known ? { lower, upper } : undefined;
}

function mapValues<T>(
  record: Readonly<Record<string, unknown>>,
  read: (name: string, value: unknown) => T,
): Record<string, T> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, read(name, value)]));
}
