/** The refusal of a table whose columns are not understood: what it has, what is missing, and the nearest reading to try. */

import { BimixError } from '../errors/index.ts';
import type { DataTable } from '../files/index.ts';
import { isNumeric, rowsAreWhole } from './bare-shares.ts';
import { blendedMetrics } from './blended-loss.ts';
import type { ColumnMap } from './column-map.ts';
import { type ColumnRoles, columnRoles, type DomainColumn, isBlended } from './column-roles.ts';

/** Columns named in a message; a table may have hundreds. */
const SHOWN = 40;

/**
 * @param tables all of the import
 * @param map what the user said of them
 */
export function unknownTables(tables: readonly DataTable[], map: ColumnMap = {}): BimixError {
  const read = tables.map(table => ({ table, roles: columnRoles(table.columns, map, { isTable: true }) }));
  const hasShares = read.some(({ roles }) => roles.weights.length > 0);
  const hasLosses = read.some(({ roles }) => roles.losses.length > 0 || roles.long !== undefined);
  const missing = [...(hasShares ? [] : ['shares of tokens']), ...(hasLosses ? [] : ['losses by domain'])];
  const files = tables.map(({ file }) => file);
  const blended = hasLosses ? [] : read.flatMap(({ table }) => table.columns.filter(isBlended));
  const reason =
    blended.length === 0 ? '' : ` There is ${blendedMetrics(blended)}: a law needs the loss of each domain.`;
  const what = missing.length === 0 ? 'nothing that fits together' : missing.join(' and no ');
  return new BimixError('unknown-format', `unknown format of ${files.join(', ')}: no ${what} recognized`, {
    hint: [...read.map(describe), `${reasonLine(missing)}${reason}`, commandLine(read, hasShares, hasLosses)].join(
      '\n',
    ),
    where: { file: files[0], line: 1 },
  });
}

interface ReadTable {
  readonly table: DataTable;
  readonly roles: ColumnRoles;
}

function describe({ table, roles }: ReadTable): string {
  const more = table.columns.length > SHOWN ? `, and ${table.columns.length - SHOWN} more` : '';
  const has = `${table.file} has: ${table.columns.slice(0, SHOWN).join(', ')}${more}.`;
  const names = (columns: readonly number[]) => columns.map(column => table.columns[column]).join(', ');
  const { run, step, tokens, size, seed, weights, losses, long } = roles;
  const known: [string, readonly (number | undefined)[]][] = [
    ['run', run],
    ['step', [step]],
    ['tokens', [tokens]],
    ['size', [size]],
    ['seed', [seed]],
    ['shares', weights.map(({ column }) => column)],
    ['losses', losses.map(({ column }) => column)],
    ['domain and loss', [long?.domain, long?.loss]],
  ];
  const told = known.flatMap(([role, columns]) => {
    const found = columns.filter(column => column !== undefined);
    return found.length === 0 ? [] : [`${role}: ${names(found)}`];
  });
  return `${has} ${told.length === 0 ? 'No column was recognized.' : `Recognized: ${told.join('; ')}.`}`;
}

function reasonLine(missing: readonly string[]): string {
  return missing.length === 0 ? '' : `Missing: ${missing.join(', ')}.`;
}

/** With the patterns that the columns suggest, or with words to replace. */
function commandLine(read: readonly ReadTable[], hasShares: boolean, hasLosses: boolean): string {
  const groups = read.flatMap(({ table, roles }) => columnGroups(table, roles));
  const shares = hasShares ? undefined : groups.find(({ isWhole }) => isWhole);
  const losses = hasLosses ? undefined : groups.find(group => !group.isWhole);
  const options = [
    ...(hasShares ? [] : [`--column 'weights=${shares?.pattern ?? 'w_*'}'`]),
    ...(hasLosses ? [] : [`--column 'losses=${losses?.pattern ?? '*_ce'}'`]),
  ];
  const isPerplexity = /ppl|perplexity/i.test(losses?.pattern ?? '');
  if (isPerplexity) options.push('--unit perplexity');
  const isGuess = (hasShares || shares !== undefined) && (hasLosses || losses !== undefined);
  const lead = isGuess ? 'Nearest reading' : 'Say which they are, the star standing for the domain';
  const files = read.map(({ table }) => quoted(table.file)).join(' ');
  return `${lead}: bimix import ${files} ${options.join(' ')} -o runs.jsonl`;
}

/** Words of a command line. */
export function quoted(word: string): string {
  return /^[\w./:@%+,=-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

interface ColumnGroup {
  readonly pattern: string;
  readonly isWhole: boolean;
}

/** Columns without a role that hold numbers, as families with one pattern; shares and the largest first. */
function columnGroups(table: DataTable, roles: ColumnRoles): ColumnGroup[] {
  const { run, step, tokens, size, seed, replicate, weights, losses } = roles;
  const taken = new Set([...run, step, tokens, size, seed, replicate]);
  for (const { column } of [...weights, ...losses]) taken.add(column);
  const free = table.columns.flatMap((domain, column): DomainColumn[] => {
    return taken.has(column) || isBlended(domain) || domain === '' || !isNumeric(table, column)
      ? []
      : [{ domain, column }];
  });
  const families = new Map<string, DomainColumn[]>();
  for (const { domain, column } of free) {
    const [, first, last] = [
      null,
      /^[^\s_./:-]+[\s_./:-]+/.exec(domain)?.[0],
      /[\s_./:-]+[^\s_./:-]+$/.exec(domain)?.[0],
    ];
    for (const pattern of [last && `*${last}`, first && `${first}*`]) {
      if (pattern) families.set(pattern, [...(families.get(pattern) ?? []), { domain, column }]);
    }
  }
  const found = [...families].flatMap(([pattern, columns]): (ColumnGroup & { size: number })[] => {
    if (columns.length < 2) return [];
    return [{ pattern, isWhole: rowsAreWhole(table, columns), size: columns.length }];
  });
  const bare = longestWhole(table, free);
  return [
    ...found.sort((a, b) => Number(b.isWhole) - Number(a.isWhole) || b.size - a.size),
    ...(bare.length > 0 ? [{ pattern: bare.map(({ domain }) => domain).join(','), isWhole: true }] : []),
  ];
}

/** Columns tried as shares; a table may have hundreds. */
const TRIED = 64;

/** The most columns beside each other whose rows sum to 1 or to 100. */
function longestWhole(table: DataTable, columns: readonly DomainColumn[]): readonly DomainColumn[] {
  for (let length = Math.min(TRIED, columns.length); length >= 2; length--) {
    for (let first = 0; first + length <= Math.min(TRIED, columns.length); first++) {
      const found = columns.slice(first, first + length);
      if (rowsAreWhole(table, found)) return found;
    }
  }
  return [];
}
