/** Files and values checked against a schema: the one place where what zod finds becomes our words, with a place. */

import type { core, ZodType } from 'zod';
import { BimixError, type ErrorCode, type Place } from './bimix-error.ts';
import { firstJsonError } from './json-line.ts';
import { jsonPlace, lineAndColumn } from './json-place.ts';

export interface CheckedAs {
  readonly code: ErrorCode;
  /** Opens messages, after "invalid": `law file`, `metrics in run/metrics.jsonl`. */
  readonly what: string;
  readonly hint?: string;
}

export interface JsonCheck extends CheckedAs {
  readonly file?: string;
  /** Line of the file that the text is, where it is one of several. */
  readonly line?: number;
}

export interface ValueCheck extends CheckedAs {
  /** Where the value under these keys stands. */
  readonly place: (keys: readonly PropertyKey[]) => Place;
}

/**
 * Parses JSON and checks what it holds.
 *
 * @throws BimixError of `code`: not JSON, or the first value that the schema refuses, with its key, line and column
 */
export function parseCheckedJson<T>(text: string, schema: ZodType<T>, check: JsonCheck): T {
  return checkValue(parseJson(text, check), schema, {
    ...check,
    place: keys => placeIn(jsonPlace(text, keys), check),
  });
}

/** The same without a schema. */
export function parseJson(text: string, check: JsonCheck): unknown {
  const { code, what, hint } = check;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    const infinite = /^(?:[^"]|"(?:[^"\\]|\\.)*")*?(?=-?\b(?:NaN|Infinity)\b)/.exec(text)?.[0].length;
    const error = firstJsonError(text);
    const at = infinite !== undefined && infinite < error ? infinite : error;
    const rest = text.slice(at).trimEnd();
    const trouble = rest === '' ? 'it ends too early' : `unexpected ${JSON.stringify(rest.slice(0, 12))}`;
    throw new BimixError(code, `invalid ${what}: it is not JSON, ${trouble}`, {
      ...(hint === undefined ? {} : { hint }),
      where: placeIn(lineAndColumn(text, at), check),
      cause,
    });
  }
  if (text.includes('__proto__')) {
    const keys = reservedKey(value, []);
    if (keys !== undefined) {
      throw new BimixError(code, `invalid ${what}: a key is called "__proto__", which JavaScript reserves`, {
        hint: 'Give it another name.',
        where: placeIn(jsonPlace(text, keys), check),
      });
    }
  }
  return value;
}

function placeIn({ line = 1, column }: Pick<Place, 'line' | 'column'>, check: JsonCheck): Place {
  const place = { line: line + (check.line ?? 1) - 1, ...(column === undefined ? {} : { column }) };
  return check.file === undefined ? place : { file: check.file, ...place };
}

/** Keys that lead to one called `__proto__`, which zod and plain objects drop without a word. */
function reservedKey(value: unknown, above: readonly PropertyKey[]): readonly PropertyKey[] | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  for (const [key, inner] of Object.entries(value)) {
    const keys = [...above, key];
    const found = key === '__proto__' ? keys : reservedKey(inner, keys);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** @throws BimixError of `code` with the first value that the schema refuses, its key and place */
export function checkValue<T>(value: unknown, schema: ZodType<T>, { code, what, hint, place }: ValueCheck): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const { keys, trouble } = describeIssue(parsed.error.issues[0], value, []);
  const subject = keys.map(String).join('.');
  const message = `invalid ${what}: ${subject === '' ? 'it' : subject} ${trouble}`;
  throw new BimixError(code, message, { ...(hint === undefined ? {} : { hint }), where: place(keys) });
}

interface Trouble {
  readonly keys: readonly PropertyKey[];
  /** Goes on from the name of the value. */
  readonly trouble: string;
}

/** What zod calls the types that JSON has. */
const TYPES: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  tuple: 'a list',
  object: 'names with values',
  record: 'names with values',
  null: 'null',
};

function describeIssue(issue: core.$ZodIssue, value: unknown, above: readonly PropertyKey[]): Trouble {
  const keys = [...above, ...issue.path];
  const found = valueAt(value, issue.path);
  const expected = (what: string): Trouble =>
    found === undefined
      ? { keys, trouble: `is missing, expected ${what}` }
      : { keys, trouble: `is ${shown(found)}, expected ${what}` };
  switch (issue.code) {
    case 'invalid_type':
      return expected(TYPES[issue.expected] ?? 'another kind of value');
    case 'invalid_value':
      return expected(issue.values.map(choice => JSON.stringify(choice) ?? String(choice)).join(' or '));
    case 'too_small':
    case 'too_big': {
      const isLeast = issue.code === 'too_small';
      const bound = isLeast ? issue.minimum : issue.maximum;
      const words = isLeast
        ? issue.inclusive === false
          ? 'more than'
          : 'at least'
        : issue.inclusive === false
          ? 'less than'
          : 'at most';
      const units: Readonly<Record<string, string>> = { array: ' item', string: ' character' };
      const unit = units[issue.origin] ?? '';
      return expected(`${words} ${bound}${unit}${unit === '' || Number(bound) === 1 ? '' : 's'}`);
    }
    case 'unrecognized_keys':
      return { keys: [...keys, issue.keys[0]], trouble: 'is an unknown key' };
    case 'invalid_union': {
      // The reading that came furthest: its trouble lies deepest.
      const [best] = issue.errors
        .filter(errors => errors.length > 0)
        .map(errors => errors[0])
        .sort((a, b) => b.path.length - a.path.length);
      return best === undefined ? expected('another value') : describeIssue(best, found, keys);
    }
    case 'invalid_key':
    case 'invalid_element':
      return issue.issues.length > 0 ? describeIssue(issue.issues[0], found, keys) : expected('another name');
    case 'not_multiple_of':
      return expected(`a multiple of ${issue.divisor}`);
    case 'invalid_format':
      return expected(issue.format === 'regex' ? 'text of another form' : `a ${issue.format}`);
    default:
      return { keys, trouble: found === undefined ? 'is missing' : `is wrong: ${issue.message}` };
  }
}

function valueAt(value: unknown, keys: readonly PropertyKey[]): unknown {
  let found = value;
  for (const key of keys) {
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, key)) return undefined;
    found = (found as Record<PropertyKey, unknown>)[key];
  }
  return found;
}

const LONGEST_SHOWN = 40;

function shown(value: unknown): string {
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list';
  if (typeof value === 'object' && value !== null) return 'an object';
  const text = typeof value === 'number' ? String(value) : (JSON.stringify(value) ?? String(value));
  return text.length <= LONGEST_SHOWN ? text : `${text.slice(0, LONGEST_SHOWN)}...`;
}
