/** Choosing rows of a table: `size=122M`, `step>=6000`, `run~RP_*`, `complete`, joined by `and`. */

import { BimixError, didYouMean } from '../errors/index.ts';
import { formatQuantity, parseQuantity } from '../mixture/index.ts';
import { defaultTargets, lossAt, type RunTable, rowCount, selectRows } from './run-table.ts';
import { sameSize } from './sizes.ts';

const OPERATORS = ['=', '!=', '<', '<=', '>', '>=', '~'] as const;
type Operator = (typeof OPERATORS)[number];

/** Fields and the names they go by. */
const FIELDS = {
  size: 'size',
  step: 'steps',
  steps: 'steps',
  token: 'tokens',
  tokens: 'tokens',
  volume: 'volume',
  run: 'run',
  seed: 'seed',
  replicate: 'replicate',
} as const;
type Field = (typeof FIELDS)[keyof typeof FIELDS];

/** Fields that hold text: they have no order. */
const TEXT_FIELDS: readonly Field[] = ['run', 'replicate'];

/** One condition; made by `parseWhere`. */
export type WhereClause =
  | { readonly text: string; readonly kind: 'complete' }
  | {
      readonly text: string;
      readonly kind: 'compare';
      readonly field: Field;
      readonly operator: Operator;
      readonly value: string;
    };

/**
 * Reads conditions joined by `and`.
 *
 * Fields: `size`, `step(s)`, `tokens`, `volume` (in the table's unit), `seed` with = != < <= > >=; `run`, `replicate` with
 * =, != and ~ (a pattern in which * stands for anything). The bare word `complete` keeps rows without a missing loss
 * among the targets.
 *
 * @throws BimixError `invalid-where`, `unknown-field`, `invalid-quantity`
 */
export function parseWhere(text: string): WhereClause[] {
  return text.split(/\s+and\s+/i).map(part => parseClause(part.trim()));
}

function parseClause(text: string): WhereClause {
  if (text.toLowerCase() === 'complete') return { text, kind: 'complete' };
  const match = /^([\p{L}_]+)\s*(!=|<=|>=|==|=|<|>|~)\s*(.+)$/u.exec(text);
  if (match === null) {
    throw new BimixError('invalid-where', `invalid condition "${text}": expected a field, an operator and a value`, {
      hint: "For example --where 'size=122M', 'step>=6000', 'run~RP_*' or 'complete'.",
    });
  }
  const [, name, written, value] = match;
  const operator = (written === '==' ? '=' : written) as Operator;
  if (!Object.hasOwn(FIELDS, name.toLowerCase())) {
    throw new BimixError('unknown-field', `unknown field "${name}" in the condition "${text}"`, {
      hint: didYouMean(name, [...Object.keys(FIELDS), 'complete']),
    });
  }
  const field = FIELDS[name.toLowerCase() as keyof typeof FIELDS];
  const isText = TEXT_FIELDS.includes(field);
  if (isText ? !['=', '!=', '~'].includes(operator) : operator === '~') {
    const allowed = isText ? '=, != or ~' : OPERATORS.slice(0, -1).join(' ');
    throw new BimixError('invalid-where', `invalid operator ${operator} in "${text}": ${name} takes ${allowed}`);
  }
  if (!isText) numberOf(field, value);
  return { text, kind: 'compare', field, operator, value: unquoted(value) };
}

/**
 * The rows for which every condition holds.
 *
 * @throws BimixError `invalid-where` when the table does not know the field (steps of a table in tokens),
 * `missing-rows` when nothing is left, saying which values there are
 */
export function selectWhere(table: RunTable, clauses: readonly WhereClause[]): RunTable {
  return clauses.reduce((left, clause) => {
    const keep = clause.kind === 'complete' ? isComplete(left) : comparison(left, clause);
    const rows = Array.from({ length: rowCount(left) }, (_, row) => row).filter(keep);
    if (rows.length === 0) {
      throw new BimixError('missing-rows', `missing rows: none of ${rowCount(left)} has ${clause.text}`, {
        hint: clause.kind === 'complete' ? 'Every row lacks a loss of some target.' : valuesOf(left, clause.field),
      });
    }
    return rows.length === rowCount(left) ? left : selectRows(left, rows);
  }, table);
}

function isComplete(table: RunTable): (row: number) => boolean {
  const targets = defaultTargets(table);
  return row => targets.every(target => !Number.isNaN(lossAt(table, row, target)));
}

function comparison(table: RunTable, clause: WhereClause & { kind: 'compare' }): (row: number) => boolean {
  const { field, operator, value } = clause;
  if (field === 'run' || field === 'replicate') {
    const matches = operator === '~' ? globOf(value) : (text: string) => text === value;
    return row => {
      const run = table.runs[table.rowRun[row]];
      const text = field === 'run' ? run.name : run.replicate;
      return text === undefined ? operator === '!=' : matches(text) === (operator !== '!=');
    };
  }
  const wanted = numberOf(field, value);
  const read = numberReader(table, field, clause.text);
  const equal =
    field === 'size'
      ? sameSize
      : (a: number, b: number) => Math.abs(a - b) <= 1e-9 * Math.max(Math.abs(a), Math.abs(b));
  return row => {
    const actual = read(row);
    if (actual === undefined) return operator === '!=';
    if (equal(actual, wanted)) return ['=', '<=', '>='].includes(operator);
    return operator === '!=' || (actual < wanted ? operator.startsWith('<') : operator.startsWith('>'));
  };
}

function numberReader(table: RunTable, field: Field, text: string): (row: number) => number | undefined {
  if (field === 'size' || field === 'seed') return row => table.runs[table.rowRun[row]][field];
  const { volumeUnit, tokensPerStep } = table;
  if (volumeUnit === 'none') {
    throw new BimixError('invalid-where', `invalid condition "${text}": the table has no volume, one checkpoint a run`);
  }
  if (field === 'volume' || field === volumeUnit) return row => table.rowVolume[row];
  if (tokensPerStep === undefined) {
    throw new BimixError('invalid-where', `invalid condition "${text}": the table counts ${volumeUnit}`, {
      hint: `Use ${volumeUnit}, or import with --tokens-per-step.`,
    });
  }
  const scale = volumeUnit === 'steps' ? tokensPerStep : 1 / tokensPerStep;
  return row => table.rowVolume[row] * scale;
}

function numberOf(field: Field, value: string): number {
  if (field !== 'seed') return /^0+(\.0*)?$/.test(value) ? 0 : parseQuantity(value, field);
  const seed = Number(value);
  if (!Number.isNaN(seed)) return seed;
  throw new BimixError('invalid-where', `invalid seed "${value}": expected a number`);
}

function unquoted(value: string): string {
  return /^(["']).*\1$/.test(value) ? value.slice(1, -1) : value;
}

function globOf(pattern: string): (text: string) => boolean {
  const source = pattern.split('*').map(part => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  const expression = new RegExp(`^${source.join('.*')}$`, 's');
  return text => expression.test(text);
}

/** Which values of a field the rows have, for the hint. */
function valuesOf(table: RunTable, field: Field): string {
  if (field === 'steps' || field === 'tokens' || field === 'volume') {
    const volumes = table.rowVolume.toSorted();
    const range = [volumes[0], volumes[volumes.length - 1]].map(formatQuantity);
    return `Rows have ${range[0]} to ${range[1]} ${table.volumeUnit}.`;
  }
  const name = field === 'run' ? 'name' : field;
  const values = new Set(table.runs.map(run => run[name]));
  const shown = [...values].map(value => {
    if (value === undefined) return 'none';
    return field === 'size' ? formatQuantity(value as number) : String(value);
  });
  return `Rows have ${field} ${shown.slice(0, 12).join(', ')}${shown.length > 12 ? `, and ${shown.length - 12} more` : ''}.`;
}
