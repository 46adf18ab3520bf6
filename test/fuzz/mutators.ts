/** What is done to valid inputs: to their bytes, and to the lines, cells and values they are made of. */

import { below, oneOf, type Random } from './random.ts';
import { resealed } from './sealed.ts';

export interface Mutated {
  readonly content: Buffer;
  /** What was done, for the report. */
  readonly done: string;
  /** How many bytes are left of an input that was cut and is otherwise whole. */
  readonly cutAt?: number;
}

type Mutator = (random: Random, content: Buffer) => Buffer;

const ODD_BYTES = [0, 1, 9, 10, 13, 0x22, 0x27, 0x2c, 0x5b, 0x7b, 0x7f, 0x80, 0xc0, 0xff];
const ODD_NUMBERS =
  '0 -0 -1 1e308 -1e308 1e999 5e-324 NaN -inf Infinity 1,5 1.2.3 0x10 007 9007199254740993 1e-400 ٣ 50%'.split(' ');
const ODD_WORDS = [
  ...[
    '',
    ' ',
    'null',
    'None',
    'constructor',
    'toString',
    '__proto__',
    'hasOwnProperty',
    'true',
    '=1+1',
    '*',
    '&a',
    '!!js',
  ],
  ...[
    '\u0000',
    '\u001b[31m',
    '\u202e',
    '\ufeff',
    'é'.repeat(300),
    '../../x',
    '{out}',
    '"',
    "'",
    '\\',
    '\r',
    '[',
    '{',
    '#',
  ],
];
const ODD_VALUES: readonly unknown[] = [
  null,
  true,
  [],
  {},
  '',
  -1,
  0,
  1e308,
  'x',
  [[]],
  { a: { a: {} } },
  '1e5',
  2 ** 53 + 2,
];

/** Bytes of any file. */
const BYTES: Readonly<Record<string, Mutator>> = {
  'bit flipped': (random, content) => changed(random, content, byte => byte ^ (1 << below(random, 8))),
  'byte set': (random, content) => changed(random, content, () => oneOf(random, ODD_BYTES)),
  'byte added to': (random, content) => changed(random, content, byte => byte + oneOf(random, [1, 255, 16, 128])),
  'bytes removed': (random, content) => {
    const [from, to] = stretch(random, content.length, 16);
    return Buffer.concat([content.subarray(0, from), content.subarray(to)]);
  },
  'bytes inserted': (random, content) => {
    const at = below(random, content.length + 1);
    const bytes = Buffer.from(Array.from({ length: 1 + below(random, 8) }, () => oneOf(random, ODD_BYTES)));
    return Buffer.concat([content.subarray(0, at), bytes, content.subarray(at)]);
  },
  'bytes repeated': (random, content) => {
    const [from, to] = stretch(random, content.length, 200);
    return Buffer.concat([content.subarray(0, to), content.subarray(from)]);
  },
  'bytes zeroed': (random, content) => {
    const [from, to] = stretch(random, content.length, 32);
    return Buffer.from(content).fill(0, from, to);
  },
};

/** Lines, numbers and words of a text. */
const TEXT: Readonly<Record<string, Mutator>> = {
  'line removed': (random, content) => ofLines(content, lines => lines.toSpliced(below(random, lines.length), 1)),
  'line repeated': (random, content) =>
    ofLines(content, lines => lines.toSpliced(below(random, lines.length), 0, oneOf(random, lines))),
  'lines swapped': (random, content) =>
    ofLines(content, lines => {
      const [a, b] = [below(random, lines.length), below(random, lines.length)];
      return lines.with(a, lines[b]).with(b, lines[a]);
    }),
  'number replaced': (random, content) => replaced(random, content, /-?\d+(?:\.\d+)?(?:e[+-]?\d+)?/gi, ODD_NUMBERS),
  'word replaced': (random, content) => replaced(random, content, /[a-z]\w*/gi, ODD_WORDS),
  'sign replaced': (random, content) =>
    replaced(random, content, /[,:;[\]{}"|=\t-]/g, ['', ',', ':', ';', '"', '|', '{', ']']),
  'ends of lines': (_random, content) => Buffer.from(content.toString().replaceAll('\n', '\r\n')),
  'byte order mark': (_random, content) => Buffer.concat([Buffer.from('\ufeff'), content]),
};

/** Values of JSON, whole or by the line. */
const JSON_VALUES: Readonly<Record<string, Mutator>> = {
  'value replaced': (random, content) =>
    ofJson(random, content, (holder, key) => put(holder, key, oneOf(random, ODD_VALUES))),
  'key removed': (random, content) =>
    ofJson(random, content, (holder, key) => {
      if (Array.isArray(holder)) holder.splice(Number(key), 1);
      else delete holder[key];
    }),
  'key renamed': (random, content) =>
    ofJson(random, content, (holder, key) => {
      if (!Array.isArray(holder)) put(holder, oneOf(random, ODD_WORDS), holder[key]);
    }),
  'value wrapped': (random, content) =>
    ofJson(random, content, (holder, key) =>
      put(holder, key, oneOf(random, [[holder[key]], { a: holder[key] }, JSON.stringify(holder[key])])),
    ),
};

/** One to three changes, or a cut, which never comes with another. */
export function mutate(random: Random, content: Buffer): Mutated {
  if (random() < 0.2 && content.length > 0) {
    const cutAt = below(random, content.length);
    return { content: content.subarray(0, cutAt), done: `cut at ${cutAt}`, cutAt };
  }
  if (random() < 0.5) {
    let done = '';
    const sealed = resealed(random, content, guarded => {
      const changed = mutateSome(random, guarded);
      done = changed.done;
      return changed.content;
    });
    if (sealed !== undefined) return { content: sealed, done: `under a seal: ${done}` };
  }
  return mutateSome(random, content);
}

function mutateSome(random: Random, content: Buffer): Mutated {
  const isText = !content.subarray(0, 1000).includes(0);
  const isJson = isText && /^\s*[[{]/.test(content.subarray(0, 100).toString());
  const kinds = [BYTES, ...(isText ? [TEXT] : []), ...(isJson ? [JSON_VALUES] : [])];
  const done: string[] = [];
  let result = content;
  for (let n = 1 + below(random, 3); n > 0; n--) {
    const [name, mutator] = oneOf(random, Object.entries(oneOf(random, kinds)));
    result = mutator(random, result);
    done.push(name);
  }
  return { content: result, done: done.join(', ') };
}

function changed(random: Random, content: Buffer, to: (byte: number) => number): Buffer {
  const copy = Buffer.from(content);
  const at = below(random, copy.length);
  if (copy.length > 0) copy[at] = to(copy[at]);
  return copy;
}

function stretch(random: Random, length: number, longest: number): [from: number, to: number] {
  const from = below(random, length);
  return [from, Math.min(length, from + 1 + below(random, longest))];
}

function ofLines(content: Buffer, change: (lines: readonly string[]) => readonly string[]): Buffer {
  return Buffer.from(change(content.toString().split('\n')).join('\n'));
}

function replaced(random: Random, content: Buffer, pattern: RegExp, by: readonly string[]): Buffer {
  const text = content.toString();
  const found = [...text.matchAll(pattern)];
  if (found.length === 0) return content;
  const { index, 0: old } = oneOf(random, found);
  return Buffer.from(text.slice(0, index) + oneOf(random, by) + text.slice(index + old.length));
}

type Holder = Record<string, unknown> | unknown[];

/** Changes one value in one line of JSON, or in the document; text that is none stays. */
function ofJson(
  random: Random,
  content: Buffer,
  change: (holder: Record<string, unknown>, key: string) => void,
): Buffer {
  const text = content.toString();
  const asLines = text.split('\n');
  const [parts, at] = isJsonText(text) ? [[text], 0] : [asLines, below(random, asLines.length)];
  if (!isJsonText(parts[at])) return content;
  const value: unknown = JSON.parse(parts[at]);
  const places = placesIn(value);
  if (places.length === 0) return content;
  const [holder, key] = oneOf(random, places);
  change(holder as Record<string, unknown>, key);
  return Buffer.from(parts.with(at, JSON.stringify(value)).join('\n'));
}

function isJsonText(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function placesIn(value: unknown): [Holder, string][] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.keys(value).flatMap((key): [Holder, string][] => [
    [value as Holder, key],
    ...placesIn((value as Record<string, unknown>)[key]),
  ]);
}

/** Sets a key as JSON does: `__proto__` too is one. */
function put(holder: Record<string, unknown>, key: string, value: unknown): void {
  Object.defineProperty(holder, key, { value, enumerable: true, configurable: true, writable: true });
}
