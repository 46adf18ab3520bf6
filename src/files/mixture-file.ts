/** Files that hold a mixture, in every form in which people and trainers write one. */

import { BimixError, type Place } from '../errors/index.ts';
import {
  dataPathOfScript,
  findWrittenMixture,
  type Key,
  type Mixture,
  resolveMixture,
  type WrittenMixture,
} from '../mixture/index.ts';
import { parseStructuredFile } from './config-file.ts';
import { type DataTable, isMissing, numberAt, textAt } from './data-table.ts';
import { isDelimited, readDelimited } from './delimited.ts';
import { type InputFile, readInputFile } from './input-file.ts';

/** Columns of a table with one row a domain, likeliest first. */
const DOMAIN_COLUMNS = ['domain', 'name', 'source', 'dataset', 'training_domain'];
const SHARE_COLUMNS = ['proportion', 'share', 'weight', 'mixture', 'ratio', 'probability', 'share of tokens'];

export interface MixtureFileOptions {
  /** Training domains that the mixture is wanted in, in this order; its own names unless given. */
  readonly domains?: readonly string[];
  /** How far shares may be from summing to 1; default 0.01. */
  readonly sumTolerance?: number;
}

/**
 * Reads a mixture, shares of *tokens*: `domain: share` in YAML or JSON, at the top or under `mixture`; a CSV with the columns
 * `domain` and `proportion` (`#` starts a comment line); weights and paths in turn as Megatron-LM takes them; and the
 * configurations of olmix, DoReMi, RegMix, nanotron, OLMo-core, MosaicML, Levanter and others.
 *
 * @throws BimixError `unknown-mixture`, `ambiguous-mixture`, `invalid-share` with line and column, `invalid-mixture`,
 *   `unknown-domain`, `ambiguous-domain`, and as `readInputFile`
 *
 * @example
 * ```js
 * import { readMixtureFile } from 'bimix/node';
 *
 * const { domains, proportions } = await readMixtureFile('mixture.yaml');
 * ```
 */
export async function readMixtureFile(path: string, options: MixtureFileOptions = {}): Promise<Mixture> {
  return mixtureOfFile(await readInputFile(path), options);
}

/** The same from a file already in memory. */
export function mixtureOfFile(file: InputFile, options: MixtureFileOptions = {}): Mixture {
  const { written, place } = isDelimited(file) ? ofTable(file) : ofStructure(file);
  return resolveMixture(written, { ...options, name: file.path, place });
}

interface PlacedMixture {
  readonly written: WrittenMixture;
  readonly place: (keys: readonly Key[]) => Place;
}

function ofStructure(file: InputFile): PlacedMixture {
  const script = dataPathOfScript(file.text());
  if (script !== undefined) {
    const where = { file: file.path };
    return { written: findWrittenMixture(script, where), place: () => where };
  }
  const { value, place } = parseStructuredFile(file);
  return { written: findWrittenMixture(value, { file: file.path }), place: keys => place(...keys) };
}

function ofTable(file: InputFile): PlacedMixture {
  const table = readDelimited(file, { comments: true });
  const domain = columnOf(table, DOMAIN_COLUMNS);
  const share = columnOf(table, SHARE_COLUMNS);
  const shares = Array.from({ length: table.rowCount }, (_, row) => ({
    names: [textAt(table, row, domain)],
    weight: isMissing(table.cell(row, share)) ? textAt(table, row, share) : numberAt(table, row, share),
    keys: [row],
  }));
  if (shares.length === 0) {
    throw new BimixError('invalid-mixture', `invalid mixture in ${file.path}: the table has no rows`, {
      where: { file: file.path, line: 1 },
    });
  }
  const place = ([row]: readonly Key[]): Place =>
    typeof row === 'number' ? table.place(row, share) : { file: file.path };
  return { written: { shares, kind: 'shares', arePaths: false }, place };
}

function columnOf(table: DataTable, names: readonly string[]): number {
  const columns = table.columns.map(column =>
    column
      .toLowerCase()
      .replace(/\s*\(?%\)?\s*$/, '')
      .trim(),
  );
  const found = names.map(name => columns.indexOf(name)).find(index => index >= 0);
  if (found !== undefined) return found;
  throw new BimixError('missing-column', `missing column "${names[0]}" in ${table.file}`, {
    hint: `A mixture is a table with one row for each domain and the columns domain and proportion; there are: ${table.columns.join(', ')}.`,
    where: { file: table.file, line: 1 },
  });
}
